//! Names are looked up by us, and only what may be reached is handed on to whoever connects: a name that
//! leads elsewhere a moment later (DNS rebinding) leads nowhere.

use std::net::SocketAddr;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::networks::Networks;
use crate::https::NoPublicAddress;

pub(super) struct Resolver(pub(super) Arc<Networks>);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let networks = Arc::clone(&self.0);
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let admitted: Vec<SocketAddr> =
                found.filter(|address| networks.admit(address.ip())).collect();
            if admitted.is_empty() {
                return Err(NoPublicAddress.into());
            }
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}
