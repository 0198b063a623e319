//! HTTP: the only room that reaches the network. It carries requests and answers; no rule lives here, and what a witness's answer means is for
//! [`log`](pcf_ledger::log) to say.

mod client;

pub use client::{ANSWER_TIME, Client};
