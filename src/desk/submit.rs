//! Submission files: signed with no ledger at hand, and appended by whoever has the ledger.

use std::path::{Path, PathBuf};

use pcf_ledger::codec::{decode_header, statement_id};
use pcf_ledger::ledger::{Completion, Ledger, Submission};
use pcf_ledger::model::{Header, Product, ProductId, Statement, StatementId, StatementKind};
use pcf_ledger::store::Store;
use serde::Serialize;

use crate::import::Signer;
use crate::session::Session;
use crate::{DeskError, keys, write};

/// Submissions that were appended.
#[derive(Debug, Serialize)]
pub struct Submitted {
    /// One a file, in their order.
    pub submissions: Vec<Landed>,
}

/// One file's submission.
#[derive(Debug, Serialize)]
pub struct Landed {
    /// The file.
    pub file: PathBuf,
    /// Its index in the log.
    pub index: u64,
    /// True where it was in the log before.
    pub already: bool,
    /// The ids of its statements.
    pub statements: Vec<String>,
}

/// A submission file that was written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Signed {
    /// The file.
    pub file: PathBuf,
    /// The ledger that it is for.
    pub ledger_id: String,
    /// The signer.
    pub by: String,
    /// The signer's key.
    pub public_key: String,
    /// The ids of its statements.
    pub statements: Vec<String>,
}

/// Appends a submission that was read from `file`. The caller flushes the ledger after the last
/// one.
///
/// # Errors
/// [`DeskError::Ledger`], also where the rules refuse it.
pub fn submit<S: Store>(
    ledger: &mut Ledger<S>,
    file: &Path,
    submission: &Submission,
) -> Result<Landed, DeskError> {
    let receipt = ledger.submit(submission)?;
    let statements = receipt.ids.iter().map(ToString::to_string).collect();
    Ok(Landed { file: file.to_path_buf(), index: receipt.index, already: receipt.already, statements })
}

/// Why what is signed where there is no ledger cannot be completed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CompletingError {
    /// A file of product statements that holds something else.
    #[error("line {line} of the products: {problem}")]
    ProductFile {
        /// From 1.
        line: usize,
        /// What was expected and what was found.
        problem: String,
    },
    /// An activity is about a product whose statement is not at hand: its tag cannot be made.
    #[error(
        "the statement of {product} is not at hand, so that nothing can be signed about it; whoever runs the ledger finds it with `pcf list statements --type product` and prints it with `pcf log statement ID`"
    )]
    ProductUnseen {
        /// The product.
        product: ProductId,
    },
}

/// Reads product statements, one header a line, as `pcf log statement` prints them.
///
/// # Errors
/// [`CompletingError::ProductFile`] naming the line.
pub fn products(bytes: &[u8]) -> Result<Vec<Product>, DeskError> {
    let mut found = Vec::new();
    for (line, text) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let text = text.strip_suffix(b"\r").unwrap_or(text);
        if text.is_empty() {
            continue;
        }
        let refuse = |problem: String| DeskError::from(CompletingError::ProductFile { line, problem });
        match decode_header(text).map_err(|error| refuse(error.to_string()))? {
            Header::Whole(Statement::Product(product)) => found.push(product),
            other => {
                return Err(refuse(format!("expected a product, got a statement of type {}", other.kind())));
            }
        }
    }
    Ok(found)
}

/// Salts and signs statements for a ledger and writes them into a new file. `products` are the statements of the
/// ledger's products that the activities name: their tags are made from them.
///
/// # Errors
/// [`CompletingError::ProductUnseen`] for a product of an activity that is not among them;
/// [`DeskError::Ledger`] where they cannot be signed; [`DeskError::File`] where the file is there already or cannot be written.
pub fn sign(
    session: &dyn Session,
    signer: Signer<'_>,
    ledger_id: &StatementId,
    (mut statements, products): (Vec<Statement>, Vec<Product>),
    file: PathBuf,
) -> Result<Signed, DeskError> {
    let mut completion = Completion::default();
    for product in products {
        completion.complete(&(), product.into())?;
    }
    // Activities may be about the products beside them.
    statements.sort_by_key(|statement| statement.kind() == StatementKind::Activity);
    let mut completed = Vec::with_capacity(statements.len());
    for statement in statements {
        if let Statement::Activity(said) = &statement
            && let Some(product) = said.products().find(|id| !completion.declares(id))
        {
            return Err(CompletingError::ProductUnseen { product: product.clone() }.into());
        }
        completed.push(completion.complete(&(), statement.with_salt(session.salt()?))?);
    }
    let submission = Submission::sign(signer.key, *ledger_id.as_bytes(), session.now_s()?, &completed)?;
    write::new(&file, submission.to_file()?.as_bytes())?;
    Ok(Signed {
        file,
        ledger_id: ledger_id.to_string(),
        by: signer.by.to_string(),
        public_key: keys::public(signer.key).to_string(),
        statements: submission.statements.iter().map(|bytes| statement_id(bytes).to_string()).collect(),
    })
}
