//! What no document says: in which order the requests of a surface make sense.

/// Routes are written as `METHOD /path`. A route that is named nowhere comes after `first`, signed
/// when it can be answered with 401.
pub(super) struct Plan {
    pub(super) surface: &'static str,
    pub(super) register: &'static str,
    pub(super) login: &'static str,
    /// Can be answered with 401, and take no token in the header.
    pub(super) open: &'static [&'static str],
    pub(super) first: &'static [&'static str],
    /// Leave no session behind.
    pub(super) last: &'static [&'static str],
    /// Below this path everything is forbidden to whoever is no administrator.
    pub(super) administration: Option<&'static str>,
    /// Another answer than success, and when it is right.
    pub(super) unaided: &'static [(&'static str, u16, &'static str)],
}

impl Plan {
    pub(super) fn unaided(&self, route: &str) -> Option<(u16, &'static str)> {
        let known = self.unaided.iter().find(|(known, ..)| *known == route);
        let known = known.map(|(_, status, when)| (*status, *when));
        let (_, path) = route.split_once(' ').unwrap_or_default();
        let is_administration = self.administration.is_some_and(|below| path.starts_with(below));
        known.or_else(|| is_administration.then_some((403, NO_ADMINISTRATOR)))
    }

    pub(super) fn rank(&self, route: &str) -> (u8, usize) {
        let position = |routes: &[&str]| routes.iter().position(|known| *known == route);
        match (position(self.first), position(self.last)) {
            (Some(place), _) => (0, place),
            (None, None) => (1, 0),
            (None, Some(place)) => (2, place),
        }
    }
}

const NO_ADMINISTRATOR: &str = "to whoever is no administrator";

const NO_LINK: &str = "until its fields hold what the link of a mail says";

const NO_SERVICE: &str = "until HTTP Basic carries the credentials of a service";

const NOTHING_WAITS: &str = "when nothing waits to be verified";

pub(super) const PLANS: &[Plan] = &[
    Plan {
        surface: "native",
        register: "POST /api/v1/auth/register",
        login: "POST /api/v1/auth/login",
        open: &[],
        first: &[
            "POST /api/v1/auth/register",
            "POST /api/v1/auth/verify/email",
            "POST /api/v1/auth/verify/phone",
            "POST /api/v1/auth/recover",
            "POST /api/v1/auth/recover/verify",
            "POST /api/v1/auth/recover/password",
            "POST /api/v1/auth/login",
            "GET /api/v1/users/current",
            "PATCH /api/v1/users/current",
            "POST /api/v1/auth/refresh",
        ],
        last: &[
            "POST /api/v1/auth/logout",
            "POST /api/v1/auth/logout/all",
            "DELETE /api/v1/users/current",
            "POST /api/v1/users/restore",
        ],
        administration: Some("/api/v1/admin/"),
        unaided: &[
            (
                "POST /api/v1/users/restore",
                400,
                "until `restoration_token` holds what the mail after a deletion said",
            ),
            (
                "POST /api/v1/setup",
                403,
                "unless `setup_token` holds what the first start of a deployment printed",
            ),
            ("POST /api/v1/tokens/introspect", 401, NO_SERVICE),
            ("POST /api/v1/tokens/revoke", 401, NO_SERVICE),
            ("GET /api/v1/events", 401, NO_SERVICE),
            ("GET /api/v1/revocations", 401, NO_SERVICE),
            ("POST /api/v1/users/take-back", 400, NO_LINK),
            ("POST /api/v1/auth/verify/email/send", 409, NOTHING_WAITS),
            ("POST /api/v1/auth/verify/phone/send", 409, NOTHING_WAITS),
            (
                "DELETE /api/v1/users/current/sessions/{session_id}",
                404,
                "until the path names a session that the list shows",
            ),
        ],
    },
    Plan {
        surface: "user_management",
        register: "POST /users/register",
        login: "POST /users/login",
        open: &["POST /users/login"],
        first: &["POST /users/register", "POST /users/login", "PUT /users"],
        last: &["POST /users/logout"],
        administration: None,
        unaided: &[],
    },
    Plan {
        surface: "jwt_accounts",
        register: "POST /users",
        login: "POST /auth/login",
        open: &["POST /auth/login", "POST /auth/token", "POST /auth/refresh"],
        first: &[
            "POST /users",
            "POST /auth/login",
            "POST /auth/token",
            "PATCH /users",
            "POST /auth/refresh",
        ],
        last: &[],
        administration: Some("/users/admin"),
        unaided: &[],
    },
    Plan {
        surface: "djoser",
        register: "POST /api/auth/users/",
        login: "POST /api/auth/jwt/create/",
        open: &[
            "POST /api/auth/jwt/create/",
            "POST /api/auth/jwt/refresh/",
            "POST /api/auth/jwt/verify/",
            "POST /api/auth/logout/",
            "POST /api/auth/users/",
            "POST /api/auth/users/activation/",
            "POST /api/auth/users/resend_activation/",
            "POST /api/auth/users/reset_password/",
            "POST /api/auth/users/reset_password_confirm/",
            "POST /api/auth/users/reset_username/",
            "POST /api/auth/users/reset_username_confirm/",
        ],
        first: &[
            "POST /api/auth/users/",
            "POST /api/auth/jwt/create/",
            "GET /api/auth/users/me/",
            "PATCH /api/auth/users/me/",
            "PUT /api/auth/users/me/",
            "POST /api/auth/users/set_username/",
            "POST /api/auth/users/set_password/",
            "POST /api/auth/jwt/refresh/",
            "POST /api/auth/jwt/verify/",
        ],
        last: &[
            "POST /api/auth/logout/",
            "DELETE /api/auth/users/{id}/",
            "DELETE /api/auth/users/me/",
        ],
        administration: None,
        unaided: &[
            ("POST /api/auth/users/activation/", 400, NO_LINK),
            (
                "POST /api/auth/users/resend_activation/",
                400,
                "unless dialects.djoser.send_activation_email is set",
            ),
            ("POST /api/auth/users/reset_password_confirm/", 400, NO_LINK),
            ("POST /api/auth/users/reset_username_confirm/", 400, NO_LINK),
        ],
    },
    Plan {
        surface: "mailed_codes",
        register: "POST /registration/",
        login: "POST /authorization/",
        open: &[],
        first: &[
            "POST /registration/",
            "POST /registration/confirm",
            "POST /authorization/",
            "POST /authorization/verification",
            "POST /logout/",
            "POST /authorization/recover",
            "POST /authorization/recover/reset_code",
        ],
        last: &["POST /authorization/recover/reset_code/change_password"],
        administration: None,
        unaided: &[],
    },
    Plan {
        surface: "shared_users",
        register: "POST /users",
        login: "POST /auth/login",
        open: &[],
        first: &["GET /users"],
        last: &["DELETE /users"],
        administration: None,
        unaided: &[],
    },
];
