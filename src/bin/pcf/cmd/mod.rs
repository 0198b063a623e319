//! The verbs, one a file. Each has `Args`, whose comments are its help, and `run`.

pub mod actor;
pub mod init;
pub mod key;
pub mod log;
