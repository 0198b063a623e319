//! The verbs, one a file. Each has `Args`, whose comments are its help, and `run`.

pub mod actor;
pub mod assure;
pub mod audit;
pub mod authority;
pub mod check;
pub mod completions;
pub mod demo;
pub mod factor;
pub mod footprint;
pub mod init;
pub mod key;
pub mod log;
pub mod man;
pub mod product;
pub mod prove;
pub mod publish;
pub mod record;
pub mod redact;
pub mod sign;
pub mod submit;
pub mod supplier;
pub mod target;
pub mod template;
pub mod trace;
pub mod verify;
pub mod withdraw;
