//! What a question lacks.

/// What a question lacks.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// A package of inventories without a period.
    #[error("{file}: expected a period for the activities of this package")]
    NoPeriod {
        /// The package.
        file: String,
    },
    /// Two periods to be compared, and no product.
    #[error("expected --product PRODUCT with two periods")]
    NoProduct,
    /// No flow behind the figure has this name.
    #[error(
        "no flow behind this figure is called `{flow}`{}",
        near.as_ref().map(|near| format!("; did you mean `{near}`?")).unwrap_or_default()
    )]
    NoFlow {
        /// The name.
        flow: String,
        /// The name that differs least.
        near: Option<String>,
    },
}
