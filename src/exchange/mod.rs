//! What comes in and goes out as files; one file a format.
