//! How the assembly behaves.

mod listener;
