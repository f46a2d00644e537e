//! `POST /api/v1/auth/{login, refresh, logout, logout/all}`

use axum::Json;
use axum::extract::State;
use axum::response::AppendHeaders;
use domain::refusal::TokenDefect;
use domain::token::SecretToken;
use domain::{Identifier, IdentifierKind, Password, Refusal};
use http::{HeaderName, HeaderValue, StatusCode};
use operations::Context;
use operations::sessions::{self, SignIn, SignOut, Tokens};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::problem::{Native, PROBLEM, Problem};
use crate::kit::{
    Bearer, Body, Caller, Credentials, Failure, Fields, FromFields, Front, OptionalBody, Shape,
    TokenCookies,
};

/// `identifier`, or exactly one of the others.
#[derive(Deserialize, ToSchema)]
#[schema(title = "Login")]
pub(super) struct LoginBody {
    /// A username, e-mail address or phone number.
    #[schema(nullable = false, example = "ann@example.org")]
    identifier: Option<String>,
    #[schema(nullable = false)]
    email: Option<String>,
    #[schema(nullable = false)]
    username: Option<String>,
    #[schema(nullable = false)]
    phone: Option<String>,
    #[schema(format = Password)]
    password: String,
}

#[derive(Deserialize, ToSchema)]
#[schema(title = "RefreshToken")]
pub(super) struct RefreshBody {
    /// May come as a cookie instead.
    refresh_token: Option<String>,
}

/// Either names the session; both may come as header or cookie instead.
#[derive(Deserialize, ToSchema)]
#[schema(title = "Logout")]
pub(super) struct LogoutBody {
    access_token: Option<String>,
    refresh_token: Option<String>,
}

/// Also set as `HttpOnly` cookies of the same names.
#[derive(Serialize, ToSchema)]
#[schema(title = "TokenPair")]
pub(super) struct TokenPair {
    access_token: String,
    refresh_token: Option<String>,
    #[schema(example = "bearer")]
    token_type: &'static str,
    /// Seconds until the access token is refused.
    #[schema(example = 600)]
    expires_in: u64,
}

type CookieHeaders = AppendHeaders<Vec<(HeaderName, HeaderValue)>>;
type SignedInAnswer = (CookieHeaders, Json<TokenPair>);

impl FromFields for LoginBody {
    fn from_fields(fields: &mut Fields) -> Self {
        let body = Self {
            identifier: fields.optional_text("identifier"),
            email: fields.optional_text("email"),
            username: fields.optional_text("username"),
            phone: fields.optional_text("phone"),
            password: fields.required_text("password"),
        };
        let given = [&body.identifier, &body.email, &body.username, &body.phone];
        match given.into_iter().flatten().count() {
            0 => fields.note("identifier", Shape::Missing),
            1 => {}
            _ => fields.note("identifier", Shape::Superfluous),
        }
        body
    }
}

impl LoginBody {
    fn identifier(&self) -> Identifier {
        let named = [
            (IdentifierKind::Email, &self.email),
            (IdentifierKind::Username, &self.username),
            (IdentifierKind::Phone, &self.phone),
        ];
        let of_kind = named.into_iter().find_map(|(kind, text)| Some((kind, text.as_deref()?)));
        match of_kind {
            Some((kind, text)) => Identifier::of_kind(kind, text),
            None => Identifier::recognise(self.identifier.as_deref().unwrap_or_default()),
        }
    }
}

impl FromFields for LogoutBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self {
            access_token: fields.nullable_text("access_token"),
            refresh_token: fields.nullable_text("refresh_token"),
        }
    }
}

impl FromFields for RefreshBody {
    fn from_fields(fields: &mut Fields) -> Self {
        Self { refresh_token: fields.nullable_text("refresh_token") }
    }
}

/// Sign in
#[utoipa::path(
    post, path = "/api/v1/auth/login", tag = "sign-in", request_body = LoginBody,
    responses(
        (status = 200, description = "Signed in", body = TokenPair),
        (status = 401, description = "Unknown account or wrong password: the same answer", body = Problem, content_type = PROBLEM),
        (status = 403, description = "Right password, but the account is blocked", body = Problem, content_type = PROBLEM),
        (status = 422, description = "Fields are missing or of the wrong type", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
        (status = 503, description = "Too many sign-ins at once; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn login(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<Native>,
    body: Body<Native, LoginBody>,
) -> Result<SignedInAnswer, Failure<Native>> {
    let request = SignIn {
        identifier: body.value.identifier(),
        password: Password::new(&body.value.password),
    };
    let signed_in = sessions::sign_in(&front.services, &ctx, &request).await?;
    let (mut cookies, pair) = answer(&front, &ctx, &signed_in.tokens);
    let device = signed_in.device.as_ref();
    cookies.0.extend(device.and_then(|token| TokenCookies::set_device(token, &front.settings)));
    Ok((cookies, pair))
}

/// New tokens for a refresh token
#[utoipa::path(
    post, path = "/api/v1/auth/refresh", tag = "sign-in", request_body = Option<RefreshBody>,
    responses(
        (status = 200, description = "New tokens; the old refresh token is spent", body = TokenPair),
        (status = 401, description = "The refresh token is not good any more", body = Problem, content_type = PROBLEM),
        (status = 403, description = "The account is blocked, or the cookie came from another site", body = Problem, content_type = PROBLEM),
        (status = 429, description = "Tried too often; see Retry-After", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn refresh(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<Native>,
    credentials: Credentials<Native>,
    body: OptionalBody<Native, RefreshBody>,
) -> Result<SignedInAnswer, Failure<Native>> {
    let given = body.value.refresh_token.map(SecretToken::new);
    let token = given.or(credentials.refresh_cookie);
    let token = token.ok_or(Refusal::InvalidToken(TokenDefect::Missing))?;
    let tokens = sessions::refresh(&front.services, &ctx, &token).await?;
    Ok(answer(&front, &ctx, &tokens))
}

/// Sign out
///
/// Ends the session that any of the tokens names; works without one too.
#[utoipa::path(
    post, path = "/api/v1/auth/logout", tag = "sign-in", request_body = Option<LogoutBody>,
    security((), ("bearer" = []), ("cookie" = [])),
    responses((status = 204, description = "Signed out; cookies removed")),
)]
pub(super) async fn logout(
    State(front): State<Front>,
    Caller { ctx, .. }: Caller<Native>,
    credentials: Credentials<Native>,
    body: OptionalBody<Native, LogoutBody>,
) -> Result<(StatusCode, CookieHeaders), Failure<Native>> {
    let LogoutBody { access_token, refresh_token } = body.value;
    // What is no token of ours names no session, which is no reason to stay signed in.
    let access = credentials.access.unwrap_or(None);
    let request = SignOut {
        access: access.or(access_token.map(SecretToken::new)),
        refresh: refresh_token.map(SecretToken::new).or(credentials.refresh_cookie),
    };
    sessions::sign_out(&front.services, &ctx, &request).await?;
    Ok(signed_out(&front))
}

/// Sign out everywhere
#[utoipa::path(
    post, path = "/api/v1/auth/logout/all", tag = "sign-in",
    security(("bearer" = []), ("cookie" = [])),
    responses(
        (status = 204, description = "Every session of the account is over"),
        (status = 401, description = "No good token", body = Problem, content_type = PROBLEM),
    ),
)]
pub(super) async fn logout_all(
    State(front): State<Front>,
    bearer: Bearer<Native>,
) -> Result<(StatusCode, CookieHeaders), Failure<Native>> {
    sessions::sign_out_everywhere(&front.services, &bearer.ctx, &bearer.user).await?;
    Ok(signed_out(&front))
}

fn answer(front: &Front, ctx: &Context, tokens: &Tokens) -> SignedInAnswer {
    let cookies = TokenCookies::set(tokens, ctx.now, &front.settings);
    let refresh = tokens.refresh.as_ref();
    let pair = TokenPair {
        access_token: tokens.access.token.reveal().to_owned(),
        refresh_token: refresh.map(|refresh| refresh.token.reveal().to_owned()),
        token_type: "bearer",
        expires_in: tokens.expires_in,
    };
    (AppendHeaders(cookies), Json(pair))
}

fn signed_out(front: &Front) -> (StatusCode, CookieHeaders) {
    (StatusCode::NO_CONTENT, AppendHeaders(TokenCookies::remove(&front.settings)))
}
