//! Folds statements in log order into what holds, and says who may sign what. Pure.

pub mod bought;
