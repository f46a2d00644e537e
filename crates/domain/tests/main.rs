//! The rules of the domain, by example and by chance.

mod attempts;
mod devices;
mod emails;
mod failure_ratio;
mod limits;
mod moments;
mod phones;
mod recognition;
mod searches;
mod services;
mod sessions;
mod texts;
mod usernames;
