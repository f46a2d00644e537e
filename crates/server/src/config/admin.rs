//! `[admin]`: the first administrator, made when there is none.

use domain::user::guesses;
use domain::{AccountPolicy, Email, Password, Profile, Username};
use operations::passwords::check_new;
use secrecy::{ExposeSecret, SecretString};

use super::Passwords;
use super::reader::Reader;
use super::written::quoted;

#[derive(Clone, Debug)]
pub struct Admin {
    pub username: Option<Username>,
    pub email: Option<Email>,
    pub password: Option<SecretString>,
}

impl Admin {
    pub(super) fn read(reader: &mut Reader, passwords: &Passwords) -> Self {
        let admin = Self {
            username: reader.optional_parsed("admin.username", "username", username),
            email: reader.optional_parsed("admin.email", "e-mail address", email),
            password: reader.secret("admin.password"),
        };
        admin.validate(reader, passwords);
        admin
    }

    /// Half an administrator would silently be none.
    fn validate(&self, reader: &mut Reader, passwords: &Passwords) {
        const PARTS: [&str; 3] = ["admin.username", "admin.email", "admin.password"];
        if PARTS.iter().any(|key| reader.has_problem(key)) {
            return;
        }
        let is_named = self.username.is_some() || self.email.is_some();
        match &self.password {
            None if is_named => {
                reader.refuse("admin.password", "must be set with admin.username or admin.email");
            }
            Some(_) if !is_named => reader
                .refuse("admin.password", "is set, but neither admin.username nor admin.email"),
            Some(password) if !self.is_good(password, passwords) => reader.refuse(
                "admin.password",
                "is too short, too long, well known, or made of the administrator's name",
            ),
            Some(_) | None => {}
        }
    }

    fn is_good(&self, password: &SecretString, passwords: &Passwords) -> bool {
        let username = self.username.as_ref().map(Username::as_str);
        let email = self.email.as_ref().map(Email::as_str);
        let profile = Profile::default();
        let words = guesses(username, email, None, &profile);
        let password = Password::new(password.expose_secret());
        check_new(&passwords.account_policy(), &password, &words).is_empty()
    }
}

fn username(text: &str) -> Result<Username, String> {
    Username::parse(text, &AccountPolicy::native().username).map_err(|_| {
        let about = "3 to 50 letters, digits, '.', '_' and '-', nothing like a phone number";
        format!("{} is not a username: {about}", quoted(text))
    })
}

fn email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(|_| format!("{} is not an e-mail address", quoted(text)))
}
