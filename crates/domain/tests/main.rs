//! The rules of the domain, by example and by chance.

mod devices;
mod emails;
mod phones;
mod recognition;
mod sessions;
mod texts;
mod usernames;
