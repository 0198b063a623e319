//! The verbs, one a file. Each has `Args`, whose comments are its help, and `run`.

pub mod actor;
pub mod completions;
pub mod init;
pub mod key;
pub mod log;
pub mod man;
pub mod record;
pub mod sign;
pub mod submit;
pub mod template;
pub mod withdraw;
