//! The candidate, and which rules of it an account would break.

use domain::{AccountPolicy, Field, FieldError, Password, User, Username};

use crate::passwords::check_new;
use crate::vault::Vault;

/// Stands for all rules where none is broken, so that who passes is counted too.
pub(super) const PASSES: &str = "passes";

pub(crate) struct Candidate {
    pub(super) policy: AccountPolicy,
    /// What was found under other rules is not counted with what is found under these.
    pub(super) fingerprint: Vec<u8>,
}

impl Candidate {
    pub(crate) fn new(policy: AccountPolicy, vault: &Vault) -> Self {
        let rules = format!("{:?} {:?}", policy.password, policy.username);
        let words = policy.service_words.iter().map(|word| Some(word.as_str()));
        let parts: Vec<Option<&str>> = std::iter::once(Some(rules.as_str())).chain(words).collect();
        let fingerprint = vault.fingerprint("candidate policy", &parts);
        Self { policy, fingerprint }
    }

    /// The ids of the rules that would refuse this password, and the username; never empty.
    pub(super) fn broken_rules(&self, user: &User, password: &Password) -> Vec<String> {
        let username = user.username.as_deref();
        let username = username.map(|name| Username::parse(name, &self.policy.username));
        let username = username.and_then(Result::err);
        let username = username.map(|rule| FieldError { field: Field::Username, rule });
        let password = check_new(&self.policy, password, &user.guesses());
        let mut ids: Vec<String> = username.iter().chain(&password).map(id_of).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.is_empty() { vec![PASSES.to_owned()] } else { ids }
    }
}

/// Says which rule, and no more of the value than that it breaks it.
fn id_of(error: &FieldError) -> String {
    let field = if error.field == Field::Username { "username" } else { "password" };
    format!("{field}.{}", error.rule.code())
}
