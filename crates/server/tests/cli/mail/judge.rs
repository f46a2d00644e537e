//! Another implementation's opinion of mails (`judge.py`), and whether it has one.

use std::path::Path;
use std::process::Command;

/// What is wrong with the mails of a folder, a line each, and how many there are.
pub(super) fn judge(folder: &Path) -> String {
    let program = std::env::var_os("VESTIBULE_TEST_PYTHON").unwrap_or_else(|| "python3".into());
    let judged = Command::new(&program).args(["-c", include_str!("judge.py")]).arg(folder).output();
    let judged = judged.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    String::from_utf8(judged.stdout).unwrap()
}

const MAIL: &str = "\
From: Vestibule <no-reply@example.org>\r
To: ann@example.org\r
Subject: Hello\r
Date: Sat, 14 Mar 2026 09:26:00 +0000\r
Message-ID: <1@example.org>\r
Auto-Submitted: auto-generated\r
MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary=x\r
\r
--x\r
Content-Type: text/plain; charset=utf-8\r
\r
Hello\r
--x\r
Content-Type: text/html; charset=utf-8\r
\r
<!doctype html><html lang=\"en\" dir=\"ltr\"><head><title>Hello</title></head><body><p>Hello</p></body></html>\r
--x--\r
";

#[test]
fn the_judge_complains_of_what_is_wrong() {
    let said_of = |mail: &str| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("mail.eml"), mail).unwrap();
        judge(folder.path())
    };
    assert_eq!(said_of(MAIL), "judged 1\n");
    for (of, broken, complaint) in [
        ("Subject: Hello\r\n", "Subject: Hello\n", "a bare CR or LF"),
        ("<p>Hello</p>", "<p><img src=\"https://example.org/x.png\"></p>", "HTML with <img>"),
        ("<p>Hello</p>", "<p><b>Hello</p>", "HTML: "),
        ("Subject: Hello\r\n", "Subject: Hello\r\nSubject: Twice\r\n", "2 times Subject"),
        (" lang=\"en\"", "", "HTML without lang or dir"),
        ("html; charset=utf-8", "html; charset=nonsense", "nonsense"),
        ("Auto-Submitted: auto-generated\r\n", "", "0 times Auto-Submitted"),
        ("<p>Hello</p>", "<p>Grüße</p>", "bytes that are not ASCII"),
    ] {
        assert_eq!(MAIL.matches(of).count(), 1, "{of}");
        let said = said_of(&MAIL.replacen(of, broken, 1));
        assert!(said.contains("mail.eml: ") && said.contains(complaint), "{broken}: {said}");
    }
}
