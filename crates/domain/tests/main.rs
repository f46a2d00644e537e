//! The rules of the domain, by example and by chance.

mod emails;
mod phones;
mod recognition;
mod services;
mod sessions;
mod texts;
mod usernames;
