//! The `users` table.

mod columns;
mod finding;
mod lifecycle;
mod locking;
mod numbers;
mod spellings;
mod versions;
