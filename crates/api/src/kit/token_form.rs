//! A form that carries one token: what RFC 7009 and RFC 7662 send.

use std::marker::PhantomData;

use axum::extract::{FromRequest, Request};
use domain::token::SecretToken;
use url::form_urlencoded;

use super::body::SentBody;
use super::dialect::Dialect;
use super::failure::Failure;
use super::fields::{FieldProblem, Shape};
use super::rejection::Rejection;
use super::state::Front;

const TOKEN: &str = "token";
/// A hint where to look first. We see what a token is, so that none is needed or believed.
const HINT: &str = "token_type_hint";

pub(crate) struct TokenForm<D> {
    pub(crate) token: SecretToken,
    dialect: PhantomData<D>,
}

impl<D: Dialect> FromRequest<Front> for TokenForm<D> {
    type Rejection = Failure<D>;

    async fn from_request(request: Request, front: &Front) -> Result<Self, Failure<D>> {
        let (query, body) = SentBody::receive(request, &front.settings, 0).await?;
        // An address is no place for secrets (LGN-13).
        if form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == TOKEN) {
            let twice = FieldProblem::new(TOKEN, Shape::Duplicate);
            return Err(Rejection::FieldInQuery(twice).into());
        }
        Ok(Self { token: read(&body)?, dialect: PhantomData })
    }
}

fn read(body: &SentBody) -> Result<SecretToken, Rejection> {
    if body.media_type() != "application/x-www-form-urlencoded" {
        return Err(Rejection::UndecodableForm("send application/x-www-form-urlencoded"));
    }
    let (mut token, mut hints) = (None, 0);
    for (name, value) in form_urlencoded::parse(&body.bytes) {
        if name == HINT {
            hints += 1;
        }
        if name == TOKEN && token.replace(SecretToken::new(value)).is_some() || hints > 1 {
            return Err(Rejection::UndecodableForm("a parameter stands twice"));
        }
    }
    let token = token.filter(|token| !token.reveal().is_empty());
    token.ok_or(Rejection::UndecodableForm("the parameter token is needed"))
}
