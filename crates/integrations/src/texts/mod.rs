//! Ways out for text messages.

mod folder;

pub use folder::FolderTexter;
