//! Why a project cannot be read or begun.

use std::path::PathBuf;

/// Why a project cannot be read or begun.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ProjectError {
    /// The file is there and cannot be used.
    #[error("{}: {problem}", file.display())]
    Unread {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// There is a project already.
    #[error("{} is there already; nothing was changed", file.display())]
    There {
        /// Its file.
        file: PathBuf,
    },
    /// A text that is no domain.
    #[error("expected a domain of yours such as acme.example, got `{text}`")]
    Domain {
        /// The text.
        text: String,
    },
    /// A domain that gives no id of an actor.
    #[error("`{text}` gives no actor id; name one with --actor")]
    Actor {
        /// The domain.
        text: String,
    },
}
