//! How mails leave, to a real server that misbehaves.

mod smtp;
