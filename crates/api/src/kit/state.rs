//! What handlers are given.

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use operations::Services;
use url::Url;

use super::draining::Draining;
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

impl ApiSettings {
    /// For how long a request may wait for something: it is answered before its time is over.
    pub(crate) fn longest_wait(&self) -> Duration {
        self.request_timeout.saturating_sub(Duration::from_secs(1))
    }
}

/// The state of every route.
#[derive(Clone)]
pub struct Front {
    pub(crate) services: Arc<Services>,
    pub(crate) settings: Arc<ApiSettings>,
    pub(crate) draining: Draining,
}

impl Front {
    pub(crate) fn new(services: Arc<Services>, settings: ApiSettings, draining: Draining) -> Self {
        Self { services, settings: Arc::new(settings), draining }
    }
}
