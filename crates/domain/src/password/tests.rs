//! Rules of new passwords by example (security.md §1.2).
