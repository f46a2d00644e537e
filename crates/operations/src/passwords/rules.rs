//! The rules of the surface, and the words that this deployment and account add to them.

use domain::{AccountPolicy, Field, FieldError, Password};

/// What is wrong with a new password.
pub fn check_new(policy: &AccountPolicy, password: &Password, words: &[&str]) -> Vec<FieldError> {
    let service = policy.service_words.iter().map(String::as_str);
    let context: Vec<&str> = words.iter().copied().chain(service).collect();
    let broken = policy.password.broken_rules(password, &context);
    broken.into_iter().map(|rule| FieldError { field: Field::Password, rule }).collect()
}
