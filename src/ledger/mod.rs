//! The one writer: opens, admits, appends, queries.
