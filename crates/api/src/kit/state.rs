//! What handlers are given.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use operations::Services;
use url::Url;

use crate::dialects::Dialects;

/// How the HTTP surfaces behave. Built from the configuration once.
#[derive(Clone, Debug)]
pub struct ApiSettings {
    /// Where people reach us; decides `Secure` cookies and which origin is our own.
    pub public_url: Url,
    /// Origins whose pages may call us with cookies.
    pub cors_origins: Vec<String>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpNet>,
    pub secure_cookies: bool,
    /// Cookie names start with `__Host-`.
    pub cookie_host_prefix: bool,
    pub max_body_bytes: usize,
    pub body_timeout: Duration,
    pub request_timeout: Duration,
    pub dialects: Dialects,
}

/// The state of every route.
#[derive(Clone)]
pub struct Front {
    pub(crate) services: Arc<Services>,
    pub(crate) settings: Arc<ApiSettings>,
}

impl Front {
    pub fn new(services: Arc<Services>, settings: ApiSettings) -> Self {
        Self { services, settings: Arc::new(settings) }
    }
}
