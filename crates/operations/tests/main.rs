//! The tests of operations: one binary, one module a subject.

mod hashing;
