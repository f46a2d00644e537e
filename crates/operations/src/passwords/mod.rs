//! Passwords on the server's side: how they are hashed and compared. Their rules are
//! `domain::password`.

pub mod hashing;
