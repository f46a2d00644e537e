//! `sms.gateway_…`: a request of the operator's own form for each text message.

use integrations::texts::{Escape, GatewayProblem, GatewaySettings, Template};
use secrecy::{ExposeSecret, SecretString};

use super::Security;
use super::reader::Reader;

const URL: &str = "sms.gateway_url";
const BODY: &str = "sms.gateway_body";
const AUTHORIZATION: &str = "sms.gateway_authorization";

#[derive(Clone, Debug)]
pub struct Gateway {
    pub url: Option<SecretString>,
    /// None for a `GET`.
    pub body: Option<(SecretString, Escape)>,
    pub authorization: Option<SecretString>,
    pub success: Option<String>,
}

impl Gateway {
    pub(super) fn read(reader: &mut Reader, security: &Security) -> Self {
        let url = reader.secret(URL);
        let is_post = reader.choice("sms.gateway_method", &[("POST", true), ("GET", false)]);
        let escapes = [("json", Escape::Json), ("form", Escape::Percent)];
        let escape = reader.choice("sms.gateway_content_type", &escapes);
        let body = reader.secret(BODY).unwrap_or_default();
        let gateway = Self {
            url,
            body: is_post.then_some((body, escape)),
            authorization: reader.secret(AUTHORIZATION),
            success: reader
                .optional_parsed("sms.gateway_success", "text", |text| Ok(text.to_owned())),
        };
        gateway.validate(reader, security);
        gateway
    }

    fn validate(&self, reader: &mut Reader, security: &Security) {
        let Some(settings) = self.settings(None) else { return };
        if let Some(url) = settings.sample_url() {
            let url = SecretString::from(url.to_string());
            let how = "begin it with https://";
            security.check_connection(reader, URL, &url, &["http", "https"], how);
        }
        match settings.problem() {
            None => {}
            Some(GatewayProblem::Url) => reader.refuse(URL, "is not a URL"),
            Some(GatewayProblem::PlaceInHost) => {
                reader.refuse(URL, "must have its places after the host and a /");
            }
            Some(GatewayProblem::NoText) => {
                reader.refuse(BODY, format!("must hold {{text}}, or {URL} must"));
            }
            Some(GatewayProblem::Json) => reader.refuse(
                BODY,
                "is not JSON: its places stand within quotes, as in {\"to\": \"{to}\"}",
            ),
            Some(GatewayProblem::Authorization) => {
                reader.refuse(AUTHORIZATION, "cannot be the value of a header");
            }
        }
    }

    pub(super) fn require(&self, reader: &mut Reader) {
        if self.url.is_none() {
            reader.refuse(URL, "must be set with sms.transport = \"gateway\"");
        }
    }

    pub(crate) fn settings(&self, from: Option<&str>) -> Option<GatewaySettings> {
        let authorization = self.authorization.as_ref();
        Some(GatewaySettings {
            url: Template::new(self.url.as_ref()?.expose_secret()),
            body: self
                .body
                .as_ref()
                .map(|(body, escape)| (Template::new(body.expose_secret()), *escape)),
            authorization: authorization.map(|value| value.expose_secret().to_owned()),
            success: self.success.clone(),
            from: from.unwrap_or_default().to_owned(),
        })
    }
}
