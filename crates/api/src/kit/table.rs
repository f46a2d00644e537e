//! The mount table: which surface answers which method on which path. Looked over before any router
//! is built, because a router can only panic over two claims to one place.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::routing::{MethodFilter, MethodRouter};
use domain::Surface;
use http::Method;
use utoipa::openapi::OpenApi;

use super::layers::Limits;
use super::speaker::Speaker;
use super::state::Front;

/// One surface, ready to be put into the table.
pub(crate) struct Mount {
    pub(crate) surface: Surface,
    pub(crate) claims: Vec<Claim>,
    /// Below these paths, unknown ones are answered by this surface.
    pub(crate) territory: Vec<String>,
    pub(crate) speaker: Speaker,
    pub(crate) document: OpenApi,
}

impl Mount {
    /// Two parts of one surface.
    pub(crate) fn and(mut self, mut other: Self) -> Self {
        self.claims.append(&mut other.claims);
        self.territory.append(&mut other.territory);
        self.document.merge(other.document);
        self
    }
}

/// The surfaces that answer.
pub(crate) struct Mounts {
    /// Also answers for all paths that nobody's territory holds.
    pub(crate) native: Mount,
    pub(crate) others: Vec<Mount>,
}

impl Mounts {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Mount> {
        std::iter::once(&self.native).chain(&self.others)
    }
}

/// A path on which a surface answers some methods.
pub(crate) struct Claim {
    pub(crate) surface: Surface,
    /// Without a trailing slash.
    pub(crate) path: String,
    pub(crate) methods: Vec<Method>,
    pub(crate) router: MethodRouter<Front>,
    pub(crate) limits: Limits,
    pub(crate) speaker: Speaker,
}

/// Two surfaces claim one method on one path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the surfaces {one} and {other} both answer {method} {path}: give one of them another prefix"
)]
pub struct MountClash {
    pub one: &'static str,
    pub other: &'static str,
    pub method: Method,
    pub path: String,
}

/// The most common order of methods in documents.
const ORDER: [Method; 5] = [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

pub(crate) struct Table {
    paths: BTreeMap<String, Vec<Claim>>,
    territories: Vec<(String, Speaker)>,
    elsewhere: Speaker,
}

impl Table {
    pub(crate) fn new(mounts: Mounts) -> Result<Self, MountClash> {
        let mut paths = BTreeMap::<String, Vec<Claim>>::new();
        let mut territories = Vec::new();
        let elsewhere = mounts.native.speaker;
        for mount in std::iter::once(mounts.native).chain(mounts.others) {
            territories.extend(mount.territory.into_iter().map(|path| (path, mount.speaker)));
            for claim in mount.claims {
                paths.entry(shape(&claim.path)).or_default().push(claim);
            }
        }
        paths.values().try_for_each(|claims| find_clash(claims).map_or(Ok(()), Err))?;
        territories.sort_by_key(|(path, _)| std::cmp::Reverse(path.len()));
        Ok(Self { paths, territories, elsewhere })
    }

    pub(crate) fn into_router(self, front: &Front) -> Router {
        let mut router = Router::new();
        for claims in self.paths.into_values() {
            router = route(router, front, claims);
        }
        let (territories, elsewhere) = (Arc::new(self.territories), self.elsewhere);
        let fallback = move |request: Request| {
            let (parts, _) = request.into_parts();
            let below = territories.iter().find(|(path, _)| is_below(parts.uri.path(), path));
            let speaker = below.map_or(elsewhere, |(_, speaker)| *speaker);
            std::future::ready((speaker.not_found)(&parts))
        };
        router.fallback(fallback).with_state(front.clone())
    }
}

/// One path in both spellings, with the claims of all surfaces that have one.
fn route(router: Router<Front>, front: &Front, claims: Vec<Claim>) -> Router<Front> {
    let Some(Claim { path, speaker, .. }) = claims.first() else { return router };
    let (path, speaker) = (path.clone(), *speaker);
    let is_routed = |method: &&Method| claims.iter().any(|claim| claim.methods.contains(*method));
    let methods: Vec<Method> = ORDER.iter().filter(is_routed).cloned().collect();
    let allow: Arc<str> = (speaker.allow)(&methods).into();
    let refuse = || speaker.refuse_methods(Arc::clone(&allow));
    let mut routed =
        (speaker.wrap)(MethodRouter::new().fallback(refuse()), front, &path, Arc::clone(&allow));
    for claim in claims {
        let hides_head = claim.methods.contains(&Method::GET) && !claim.speaker.answers_head;
        let claimed =
            if hides_head { claim.router.on(MethodFilter::HEAD, refuse()) } else { claim.router };
        let claimed = (claim.speaker.limit)(claimed, front, claim.limits);
        routed = routed.merge((claim.speaker.wrap)(claimed, front, &path, Arc::clone(&allow)));
    }
    if path == "/" {
        return router.route(&path, routed);
    }
    router.route(&path, routed.clone()).route(&format!("{path}/"), routed)
}

fn find_clash(claims: &[Claim]) -> Option<MountClash> {
    claims.iter().enumerate().find_map(|(place, other)| {
        claims[..place].iter().find_map(|one| {
            let method = other.methods.iter().find(|method| one.methods.contains(method))?;
            Some(MountClash {
                one: one.surface.as_str(),
                other: other.surface.as_str(),
                method: method.clone(),
                path: other.path.clone(),
            })
        })
    })
}

/// What a path matches, whatever its parameters are called.
fn shape(path: &str) -> String {
    let part = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

fn is_below(path: &str, territory: &str) -> bool {
    let territory = territory.trim_end_matches('/');
    path.strip_prefix(territory).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
