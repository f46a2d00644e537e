//! The mails that the application wrote into its folder.

use std::path::PathBuf;

use mailparse::{MailHeaderMap, parse_mail};
use serde_json::Value;

pub struct Mailbox {
    folder: PathBuf,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
    /// As sent, headers included.
    pub source: String,
}

impl Mailbox {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Every mail so far, oldest first.
    pub fn mails(&self) -> Vec<Mail> {
        self.read("eml").iter().map(|bytes| Mail::parse(bytes)).collect()
    }

    /// Every text message so far, oldest first.
    pub fn texts(&self) -> Vec<Text> {
        self.read("sms").iter().map(|bytes| Text::parse(bytes)).collect()
    }

    fn read(&self, kind: &str) -> Vec<Vec<u8>> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut paths: Vec<PathBuf> = entries
            .map(|entry| entry.expect("the folder can be listed").path())
            .filter(|path| path.extension().is_some_and(|extension| extension == kind))
            .collect();
        paths.sort();
        paths.into_iter().map(|path| std::fs::read(path).expect("a message")).collect()
    }

    /// The newest text message to this number.
    pub fn newest_text_to(&self, number: &str) -> Text {
        let texts = self.texts();
        let found = texts.iter().rev().find(|text| text.to == number).cloned();
        found.unwrap_or_else(|| panic!("no text message to {number} among {texts:#?}"))
    }

    /// The newest mail to this address.
    pub fn newest_to(&self, address: &str) -> Mail {
        let mails = self.mails();
        let found = mails.iter().rev().find(|mail| mail.to == address).cloned();
        found.unwrap_or_else(|| panic!("no mail to {address} among {mails:#?}"))
    }
}

/// A text message to a phone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    pub to: String,
    pub text: String,
}

impl Text {
    fn parse(bytes: &[u8]) -> Self {
        let message: Value = serde_json::from_slice(bytes).expect("JSON");
        let field = |name: &str| message[name].as_str().expect(name).to_owned();
        Self { to: field("to"), text: field("text") }
    }

    /// The code, which stands alone on its line.
    pub fn code(&self) -> String {
        code_in(&self.text).unwrap_or_else(|| panic!("no code in {}", self.text))
    }

    /// The token of the link.
    pub fn link_token(&self) -> String {
        link_token_in(&self.text)
    }
}

fn code_in(text: &str) -> Option<String> {
    let is_code = |line: &&str| {
        (4..=10).contains(&line.len()) && line.bytes().all(|byte| byte.is_ascii_digit())
    };
    text.lines().map(str::trim).find(is_code).map(ToOwned::to_owned)
}

fn link_token_in(text: &str) -> String {
    let link = text.lines().find_map(|line| line.trim().split_once("?token="));
    link.unwrap_or_else(|| panic!("no link in {text}")).1.to_owned()
}

impl Mail {
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let mail = parse_mail(bytes).expect("what we send is a mail");
        let header = |name| mail.headers.get_first_value(name).unwrap_or_default();
        let part = |kind: &str| {
            let part = mail.subparts.iter().find(|part| part.ctype.mimetype == kind);
            part.map(|part| part.get_body().expect("a readable part")).unwrap_or_default()
        };
        Self {
            to: header("To"),
            subject: header("Subject"),
            text: part("text/plain"),
            html: part("text/html"),
            source: String::from_utf8_lossy(bytes).into_owned(),
        }
    }

    /// The token of a mail that has one.
    pub fn token(&self) -> String {
        self.find_token().unwrap_or_else(|| panic!("no token in {}", self.text))
    }

    /// The code, which is the first number and stands alone on its line.
    pub fn code(&self) -> String {
        self.find_code().unwrap_or_else(|| panic!("no code in {}", self.text))
    }

    /// Mails to whom codes are off have none.
    pub fn find_code(&self) -> Option<String> {
        code_in(&self.text)
    }

    /// The token of the link.
    pub fn link_token(&self) -> String {
        link_token_in(&self.text)
    }

    /// The token that stands alone on its line; many mails have none.
    pub fn find_token(&self) -> Option<String> {
        const LENGTH: usize = 43;
        let is_token = |line: &&str| {
            line.len() == LENGTH
                && line.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
        };
        self.text.lines().map(str::trim).find(is_token).map(ToOwned::to_owned)
    }
}
