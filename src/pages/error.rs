//! Why a page could not be written.

use pcf_core::model::ValueError;

/// Why a page, a list of pages or a drawing could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// Parts of the page that are each right speak of different things.
    #[error("page: expected {expected}, got {got}")]
    Mismatch {
        /// What would have fitted.
        expected: String,
        /// What was found.
        got: String,
    },
    /// An address that could lead out of the site.
    #[error("link: expected a relative file name of letters, digits, `.`, `_`, `-` and `/`, got `{got}`")]
    Link {
        /// The address found.
        got: String,
    },
    /// The template could not be written out.
    #[error("page: the template could not be written: {source}")]
    Template {
        /// What the template engine says.
        #[from]
        source: askama::Error,
    },
    /// A value that the page derives, such as the last day of a period, is out of range.
    #[error(transparent)]
    Value(#[from] ValueError),
}
