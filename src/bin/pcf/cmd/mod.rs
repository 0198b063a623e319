//! The verbs, one a file. Each has `Args`, whose comments are its help, and `run`.

pub mod actor;
pub mod completions;
pub mod factor;
pub mod init;
pub mod key;
pub mod log;
pub mod man;
pub mod product;
pub mod question;
pub mod record;
pub mod sign;
pub mod submit;
pub mod supplier;
pub mod template;
pub mod withdraw;
