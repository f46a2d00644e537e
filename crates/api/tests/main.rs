//! How we are talked to, seen from outside.

mod browser;
mod dialects;
mod docs;
mod matrix;
mod native;
mod pages;
mod postman;
