//! Which limits there are, and how they are set.

use std::time::Duration;

use domain::limit::Quotas;

/// What is limited. One limit counts on every surface that has the operation (LGN-06).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    Register,
    /// On surfaces whose rules are strict.
    RegisterHardened,
    /// By nobody in particular: all together.
    RegisterAll,
    RegisterAllHardened,
    /// Uses of the setup token, right or wrong.
    Setup,
    Login,
    /// Failed proofs of a password, whatever they were for.
    LoginFailures,
    /// Wrong credentials of services.
    ServiceFailures,
    /// Codes and links asked for, but for ways back into accounts.
    SendCode,
    /// Ways back into accounts asked for.
    Recover,
    /// Wrong codes, whatever they are for.
    CodeFailures,
    Update,
    Delete,
    /// Whatever else is done by a link or ticket that was sent, too.
    Restore,
    Refresh,
    /// By session, not by address.
    RefreshSession,
    /// By principal; strangers who try the paths of administrators by address.
    Admin,
    Read,
}

impl Limit {
    pub const ALL: [Self; 18] = [
        Self::Register,
        Self::RegisterHardened,
        Self::RegisterAll,
        Self::RegisterAllHardened,
        Self::Setup,
        Self::Login,
        Self::LoginFailures,
        Self::ServiceFailures,
        Self::SendCode,
        Self::Recover,
        Self::CodeFailures,
        Self::Update,
        Self::Delete,
        Self::Restore,
        Self::Refresh,
        Self::RefreshSession,
        Self::Admin,
        Self::Read,
    ];

    /// Those that strict surfaces have another for, which is counted apart.
    pub const STRICT: [(Self, Self); 2] =
        [(Self::Register, Self::RegisterHardened), (Self::RegisterAll, Self::RegisterAllHardened)];

    /// The stable name, as headers, metrics and settings have it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Register => "register",
            Self::RegisterHardened => "register_hardened",
            Self::RegisterAll => "register_all",
            Self::RegisterAllHardened => "register_all_hardened",
            Self::Setup => "setup",
            Self::Login => "login",
            Self::LoginFailures => "login_failures",
            Self::ServiceFailures => "service_failures",
            Self::SendCode => "send_code",
            Self::Recover => "recover",
            Self::CodeFailures => "code_failures",
            Self::Update => "update",
            Self::Delete => "delete",
            Self::Restore => "restore",
            Self::Refresh => "refresh",
            Self::RefreshSession => "refresh_session",
            Self::Admin => "admin",
            Self::Read => "read",
        }
    }
}

/// Whether limits hold. What protects an account's password holds in every mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitsMode {
    Enforce,
    /// Counted and logged, never refused.
    Observe,
    /// Not even counted.
    Off,
}

#[derive(Clone, Debug)]
pub struct LimitSettings {
    pub mode: LimitsMode,
    pub rules: LimitRules,
    /// How long somebody stands in all the lines before a comparison, together.
    pub max_wait: Duration,
}

/// The quotas of each limit; none where there is no limit.
#[derive(Clone, Debug)]
pub struct LimitRules(Vec<(Limit, Quotas)>);

impl LimitRules {
    pub fn get(&self, limit: Limit) -> Option<&Quotas> {
        self.0.iter().find(|(of, _)| *of == limit).map(|(_, quotas)| quotas)
    }
}

impl FromIterator<(Limit, Quotas)> for LimitRules {
    fn from_iter<T: IntoIterator<Item = (Limit, Quotas)>>(rules: T) -> Self {
        Self(rules.into_iter().collect())
    }
}
