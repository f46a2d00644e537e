//! The rules of the surface, and the words that this deployment and account add to them.

use domain::password::{Guess, PasswordPolicy};
use domain::{AccountPolicy, Field, FieldError, Password};

/// What is wrong with a new password.
pub fn check_new(
    policy: &AccountPolicy,
    password: &Password,
    guesses: &[Guess<'_>],
) -> Vec<FieldError> {
    check(policy, &policy.password, password, guesses)
}

/// What is wrong with a password that a recovery sets.
pub(crate) fn check_recovered(
    policy: &AccountPolicy,
    password: &Password,
    guesses: &[Guess<'_>],
) -> Vec<FieldError> {
    let rules = policy.recovered_password.as_ref().unwrap_or(&policy.password);
    check(policy, rules, password, guesses)
}

fn check(
    policy: &AccountPolicy,
    rules: &PasswordPolicy,
    password: &Password,
    guesses: &[Guess<'_>],
) -> Vec<FieldError> {
    let service = policy.service_words.iter().map(|word| Guess::from(word.as_str()));
    let context: Vec<Guess<'_>> = guesses.iter().copied().chain(service).collect();
    let broken = rules.broken_rules(password, &context);
    broken.into_iter().map(|rule| FieldError { field: Field::Password, rule }).collect()
}
