//! Bytes and a durability contract; knows no statement.
