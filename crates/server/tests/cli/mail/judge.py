"""Judges mails as others read them: Python's email package and html5lib, both strict.

    judge.py FOLDER

Prints one line for each fault, and last how many mails it has judged.
"""

import pathlib
import sys
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime

import html5lib

ONCE = ["From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"]
REMOTE = ["src", "srcset", "background", "data", "poster"]
STRICT = policy.default.clone(raise_on_defect=True)


def faults(source):
    if source.replace(b"\r\n", b"").translate(None, b"\r\n") != source.replace(b"\r\n", b""):
        yield "a bare CR or LF"
    if any(len(line) > 998 for line in source.split(b"\r\n")):
        yield "a line longer than 998 bytes"
    if any(byte > 126 for byte in source):
        yield "bytes that are not ASCII"
    mail = message_from_bytes(source, policy=STRICT)
    for name in ONCE:
        found = mail.get_all(name, [])
        if len(found) != 1:
            yield f"{len(found)} times {name}"
        elif found[0].defects:
            yield f"{name}: {found[0].defects}"
    if parsedate_to_datetime(str(mail["Date"])).tzinfo is None:
        yield "a date without its zone"
    if mail["Auto-Submitted"] != "auto-generated":
        yield "Auto-Submitted"
    if mail.get_content_type() != "multipart/alternative":
        yield f"the mail is {mail.get_content_type()}"
    parts = list(mail.iter_parts())
    kinds = [part.get_content_type() for part in parts]
    if kinds != ["text/plain", "text/html"]:
        yield f"parts {kinds}"
    for part in parts:
        if part.defects or part.get_content_charset() != "utf-8":
            yield f"{part.get_content_type()}: {part.defects} {part.get_content_charset()}"
    yield from faults_of_html(parts[-1].get_content())


def faults_of_html(html):
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    try:
        document = parser.parse(html)
    except html5lib.html5parser.ParseError as error:
        yield f"HTML: {error} at {parser.errors}"
        return
    if not document.get("lang") or document.get("dir") not in ("ltr", "rtl"):
        yield "HTML without lang or dir"
    if document.find("head/title") is None or not "".join(document.find("head/title").itertext()):
        yield "HTML without a title"
    for element in document.iter():
        if element.tag in ("script", "img", "link", "iframe", "object", "form", "base"):
            yield f"HTML with <{element.tag}>"
        if any(name in REMOTE or name.startswith("on") for name in element.keys()):
            yield f"HTML with {sorted(element.keys())} at <{element.tag}>"
        if element.tag == "table" and element.get("role") != "presentation":
            yield "a table that screen readers read as one"
    if "url(" in html or "@import" in html:
        yield "HTML whose style loads something"


def main():
    judged = 0
    for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.eml")):
        judged += 1
        try:
            found = list(faults(path.read_bytes()))
        except Exception as error:  # a defect that the strict policy raises is a fault, too
            found = [repr(error)]
        for fault in found:
            print(f"{path.name}: {fault}")
    print(f"judged {judged}")


main()
