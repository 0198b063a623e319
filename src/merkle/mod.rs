//! The RFC 6962 / RFC 9162 Merkle tree: roots, inclusion and consistency proofs. Never sees a store.
