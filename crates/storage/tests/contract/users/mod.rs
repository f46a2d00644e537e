//! The `users` table.

mod candidates;
mod columns;
mod finding;
mod lifecycle;
mod locking;
mod numbers;
mod plans;
mod spellings;
mod versions;
