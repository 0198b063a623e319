//! Keys, seals and signed notes; the only user of `ed25519_dalek`.
