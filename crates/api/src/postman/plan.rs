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
    /// Another answer than success, and when it is right.
    pub(super) unaided: &'static [(&'static str, u16, &'static str)],
}

impl Plan {
    pub(super) fn unaided(&self, route: &str) -> Option<&(&'static str, u16, &'static str)> {
        self.unaided.iter().find(|(known, ..)| *known == route)
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

const NO_LINK: &str = "until `uid` and `token` hold what the link in a mail said";

const NO_SERVICE: &str = "until HTTP Basic carries the credentials of a service";

pub(super) const PLANS: [Plan; 5] = [
    Plan {
        surface: "native",
        register: "POST /api/v1/auth/register",
        login: "POST /api/v1/auth/login",
        open: &[],
        first: &[
            "POST /api/v1/auth/register",
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
            ("GET /api/v1/admin/services", 403, NO_ADMINISTRATOR),
            ("POST /api/v1/admin/services", 403, NO_ADMINISTRATOR),
            ("GET /api/v1/admin/services/{id}", 403, NO_ADMINISTRATOR),
            ("DELETE /api/v1/admin/services/{id}", 403, NO_ADMINISTRATOR),
            ("POST /api/v1/admin/services/{id}/rotate", 403, NO_ADMINISTRATOR),
            ("POST /api/v1/admin/users", 403, NO_ADMINISTRATOR),
            ("PATCH /api/v1/admin/users/{id}", 403, NO_ADMINISTRATOR),
            ("DELETE /api/v1/admin/users/{id}", 403, NO_ADMINISTRATOR),
            ("POST /api/v1/admin/users/{id}/block", 403, NO_ADMINISTRATOR),
            ("POST /api/v1/admin/users/{id}/unblock", 403, NO_ADMINISTRATOR),
            ("POST /api/v1/admin/users/{id}/restore", 403, NO_ADMINISTRATOR),
            ("PUT /api/v1/admin/users/{id}/roles", 403, NO_ADMINISTRATOR),
            ("GET /api/v1/admin/roles", 403, NO_ADMINISTRATOR),
            ("POST /api/v1/admin/roles", 403, NO_ADMINISTRATOR),
            ("GET /api/v1/admin/roles/{role}", 403, NO_ADMINISTRATOR),
            ("PATCH /api/v1/admin/roles/{role}", 403, NO_ADMINISTRATOR),
            ("DELETE /api/v1/admin/roles/{role}", 403, NO_ADMINISTRATOR),
            (
                "DELETE /api/v1/users/current/sessions/{session_id}",
                404,
                "until the path names a session that the list shows",
            ),
            ("GET /api/v1/admin/users", 403, NO_ADMINISTRATOR),
            ("POST /api/v1/admin/users/bulk", 403, NO_ADMINISTRATOR),
            ("GET /api/v1/admin/users/{id}", 403, NO_ADMINISTRATOR),
            ("GET /api/v1/admin/policy/report", 403, NO_ADMINISTRATOR),
            ("GET /api/v1/admin/users/{id}/sessions", 403, "to whoever is no administrator"),
            ("DELETE /api/v1/admin/users/{id}/sessions", 403, "to whoever is no administrator"),
            (
                "DELETE /api/v1/admin/users/{id}/sessions/{session_id}",
                403,
                "to whoever is no administrator",
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
        unaided: &[("GET /users/admin", 403, NO_ADMINISTRATOR)],
    },
    Plan {
        surface: "djoser",
        register: "POST /api/auth/users/",
        login: "POST /api/auth/jwt/create/",
        open: &[
            "POST /api/auth/jwt/create/",
            "POST /api/auth/jwt/refresh/",
            "POST /api/auth/jwt/verify/",
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
        surface: "shared_users",
        register: "POST /users",
        login: "POST /auth/login",
        open: &[],
        first: &["GET /users"],
        last: &["DELETE /users"],
        unaided: &[],
    },
];
