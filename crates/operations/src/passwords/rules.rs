//! The rules of the surface, and the words that this deployment and account add to them.

use domain::password::Guess;
use domain::{AccountPolicy, Field, FieldError, Password};

/// What is wrong with a new password.
pub fn check_new(
    policy: &AccountPolicy,
    password: &Password,
    guesses: &[Guess<'_>],
) -> Vec<FieldError> {
    let service = policy.service_words.iter().map(|word| Guess::from(word.as_str()));
    let context: Vec<Guess<'_>> = guesses.iter().copied().chain(service).collect();
    let broken = policy.password.broken_rules(password, &context);
    broken.into_iter().map(|rule| FieldError { field: Field::Password, rule }).collect()
}
