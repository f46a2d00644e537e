//! The administrator of the measured server, who gives accounts their standing.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use ureq::Agent;
use ureq::http::Request;

use super::server::{ADMINISTRATOR, Server};
use super::surfaces::PASSWORD;

/// Well before the token and what it may change without a new sign-in are over.
const SIGN_IN_AGAIN: Duration = Duration::from_mins(5);
/// As many as one page has.
const PAGE: usize = 100;
/// As many as are surely changed in one request.
const AT_ONCE: usize = 200;

pub(super) struct Administrator<'a> {
    server: &'a Server,
    agent: Agent,
    token: String,
    signed_in_at: Instant,
}

impl<'a> Administrator<'a> {
    pub(super) fn sign_in(server: &'a Server) -> Result<Self> {
        let agent = Agent::config_builder().http_status_as_error(false).build().into();
        let (token, signed_in_at) = (String::new(), Instant::now());
        let mut administrator = Self { server, agent, token, signed_in_at };
        administrator.renew()?;
        Ok(administrator)
    }

    /// Makes an account that has no password.
    pub(super) fn create(&mut self, email: &str) -> Result<()> {
        self.ask("POST", "/api/v1/admin/users", &json!({ "email": email })).map(drop)
    }

    /// The ids of everybody who is there, by address.
    pub(super) fn ids(&mut self) -> Result<HashMap<String, String>> {
        let mut ids = HashMap::new();
        let mut cursor = String::new();
        loop {
            let path = format!("/api/v1/admin/users?page_size={PAGE}{cursor}");
            let page = self.ask("GET", &path, &Value::Null)?;
            for user in page["users"].as_array().context("a list of accounts")? {
                if let (Some(email), Some(id)) = (user["email"].as_str(), user["id"].as_str()) {
                    ids.insert(email.to_owned(), id.to_owned());
                }
            }
            match page["next"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return Ok(ids),
            }
        }
    }

    pub(super) fn verify(&mut self, id: &str) -> Result<()> {
        let path = format!("/api/v1/admin/users/{id}");
        self.ask("PATCH", &path, &json!({ "email_verified": true })).map(drop)
    }

    /// Blocks or deletes.
    pub(super) fn change(&mut self, action: &str, ids: &[&str]) -> Result<()> {
        for some in ids.chunks(AT_ONCE) {
            let body = json!({
                "action": action, "ids": some, "dry_run": false, "expected": some.len(),
            });
            let mut left = true;
            while left {
                let done = self.ask("POST", "/api/v1/admin/users/bulk", &body)?;
                ensure!(done["failed"] == json!([]), "{action}: {}", done["failed"]);
                left = done["left"] != 0;
            }
        }
        Ok(())
    }

    fn renew(&mut self) -> Result<()> {
        self.token.clear();
        self.signed_in_at = Instant::now();
        let body = json!({ "identifier": ADMINISTRATOR, "password": PASSWORD });
        let tokens = self.ask("POST", "/api/v1/auth/login", &body)?;
        let token = tokens["access_token"].as_str().context("an access token")?;
        token.clone_into(&mut self.token);
        Ok(())
    }

    fn ask(&mut self, method: &str, path: &str, body: &Value) -> Result<Value> {
        if self.signed_in_at.elapsed() > SIGN_IN_AGAIN {
            self.renew()?;
        }
        let place = || format!("{method} {path}");
        let mut request = Request::builder().method(method).uri(self.server.url(path));
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let sent = if body.is_null() {
            self.agent.run(request.body(())?)
        } else {
            let request = request.header("content-type", "application/json");
            self.agent.run(request.body(body.to_string())?)
        };
        let mut response = sent.with_context(place)?;
        let text = response.body_mut().read_to_string().with_context(place)?;
        if !response.status().is_success() {
            bail!("{}: {} {text}", place(), response.status());
        }
        Ok(serde_json::from_str(&text).unwrap_or_default())
    }
}
