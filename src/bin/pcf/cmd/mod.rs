//! The verbs, one a file. Each has `Args`, whose comments are its help, and `run`.

pub mod init;
pub mod key;
