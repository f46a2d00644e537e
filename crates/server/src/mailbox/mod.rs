//! `/dev/mailbox`: the mails and text messages of the folder, for development only.
//!
//! What stands there opens accounts. So there is no route at all in production, no other host's page
//! reads it (`guard`), and what a mail contains is shown where it can do nothing (`page`).

mod asked;
mod entry;
mod guard;
mod page;
mod store;

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Json, Router, middleware};
use http::header::{ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};

use crate::config::{MailTransport, Profile, Settings};
use asked::Asked;
use entry::Entry;
use guard::Guard;
use store::Store;

/// No route at all in production, or when mail leaves the machine.
pub(crate) fn router(settings: &Settings) -> Router {
    let is_here = settings.profile == Profile::Development
        && settings.mail.transport == MailTransport::Folder;
    if !is_here {
        return Router::new();
    }
    let store = Arc::new(Store::new(settings.mail.folder.clone()));
    let guard = Arc::new(Guard::new(&settings.http.public_url));
    Router::new()
        .route("/dev/mailbox", get(inbox))
        .route("/dev/mailbox/", get(inbox))
        .route("/dev/mailbox/messages", get(list).delete(empty))
        .route("/dev/mailbox/messages/{id}", get(message))
        .route("/dev/mailbox/empty", post(empty_by_form))
        .layer(middleware::from_fn_with_state(guard, guard::admit))
        .with_state(store)
}

type Parameters = Query<HashMap<String, String>>;

async fn inbox(State(store): State<Arc<Store>>, Query(asked): Parameters) -> Response {
    let asked = match Asked::of(&asked) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    answer(move || Ok(page::inbox(&asked.of_store(&store)?))).await
}

async fn list(State(store): State<Arc<Store>>, Query(asked): Parameters) -> Response {
    let asked = match Asked::of(&asked) {
        Ok(asked) => asked,
        Err(refused) => return refused.into_response(),
    };
    answer(move || Ok(Json(asked.of_store(&store)?.iter().map(Entry::json).collect::<Vec<_>>())))
        .await
}

/// `<id>` is a page, or JSON for whoever asks for it; with an ending it is one part.
async fn message(
    State(store): State<Arc<Store>>,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Response {
    let asked = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    let is_json = asked.contains("application/json");
    answer(move || {
        let (id, part) = name.split_once('.').unwrap_or((&name, if is_json { "json" } else { "" }));
        let Some(entry) = store.find(id)? else {
            return Ok((StatusCode::NOT_FOUND, "there is no such message").into_response());
        };
        Ok(match part {
            "" => page::message(&entry).into_response(),
            "json" => Json(entry.json()).into_response(),
            "html" => page::html(&entry).into_response(),
            "txt" => ([(CONTENT_TYPE, "text/plain; charset=utf-8")], entry.text).into_response(),
            "eml" => {
                let attached = format!("attachment; filename=\"{id}.{}\"", entry.kind.ending());
                let headers = [
                    (CONTENT_TYPE, "application/octet-stream".to_owned()),
                    (CONTENT_DISPOSITION, attached),
                ];
                (headers, entry.source).into_response()
            }
            _ => (StatusCode::NOT_FOUND, "there is no such part").into_response(),
        })
    })
    .await
}

async fn empty(State(store): State<Arc<Store>>) -> Response {
    answer(move || store.empty().map(|()| StatusCode::NO_CONTENT)).await
}

async fn empty_by_form(State(store): State<Arc<Store>>) -> Response {
    answer(move || store.empty().map(|()| Redirect::to("../mailbox"))).await
}

/// Files are read where they hold up nobody.
async fn answer<T: IntoResponse + Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Response {
    match tokio::task::spawn_blocking(work).await {
        Ok(Ok(answer)) => answer.into_response(),
        Ok(Err(_)) | Err(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "the mail folder cannot be read").into_response()
        }
    }
}
