//! Files of any kind in one import: actors by the operator, everything else by the signer.

use pcf_files::csv::TableKind;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::StatementKind;
use pcf_ledger::store::Store;
use serde::Serialize;

use super::{AnyFile, Imported, Input, Options, Recognised, Signer, Wanted, recognise, run};
use crate::DeskError;
use crate::session::Session;

/// Who signs an import of any files.
#[derive(Debug, Clone, Copy)]
pub struct Signers<'a> {
    /// Who says what the files say.
    pub signer: Signer<'a>,
    /// The operator, who enrols the actors that they name.
    pub operator: Option<Signer<'a>>,
}

/// What came of an import of any files, or would come of it.
#[derive(Debug, Serialize)]
pub struct Whole {
    /// What each file is.
    pub files: Vec<Recognised>,
    /// What came of the rows about actors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actors: Option<Imported>,
    /// What came of everything else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Imported>,
}

impl Whole {
    /// Returns both parts.
    pub fn parts(&self) -> impl Iterator<Item = &Imported> {
        self.actors.iter().chain(&self.statements)
    }

    /// Returns both parts, to be completed.
    pub fn parts_mut(&mut self) -> impl Iterator<Item = &mut Imported> {
        self.actors.iter_mut().chain(&mut self.statements)
    }

    /// Returns how many statements were appended, or would be.
    pub fn recorded(&self) -> usize {
        self.parts().map(|part| part.recorded).sum()
    }

    /// Returns true where a finding about these files should be looked at first.
    pub fn weighs(&self) -> bool {
        self.parts().filter_map(|part| part.foreseen.as_ref()).any(super::Foreseen::weighs)
    }
}

/// Tells what files are, reads them, and appends what they say, or foresees what would come of it.
///
/// # Errors
/// Those of [`recognise`] and [`run`]; [`DeskError::ActorsTable`] where a file names actors and there
/// is no operator.
pub fn import<S: Store>(
    session: &dyn Session,
    mut ledger: Ledger<S>,
    signers: Signers<'_>,
    files: &[Input],
    (options, any): (&Options, AnyFile),
) -> Result<(Whole, Ledger<S>), DeskError> {
    let recognised = recognise(files, options)?;
    let chosen = |of: fn(&Recognised) -> bool| -> Vec<Input> {
        files.iter().zip(&recognised).filter(|(_, is)| of(is)).map(|(file, _)| file.clone()).collect()
    };
    let (with_actors, others) = (chosen(|is| is.actors), chosen(|is| is.others));
    let (mut actors, mut statements) = (None, None);
    if let Some(first) = with_actors.first() {
        let place = first.name();
        let operator = signers.operator.ok_or(DeskError::ActorsTable { place })?;
        let wanted = Wanted::Only(TableKind::Actors, StatementKind::Actor);
        let (imported, after) = run(session, ledger, operator, &with_actors, wanted, options)?;
        (actors, ledger) = (Some(imported), after);
    }
    if !others.is_empty() {
        let (imported, after) = run(session, ledger, signers.signer, &others, Wanted::AnyFile(any), options)?;
        (statements, ledger) = (Some(imported), after);
    }
    Ok((Whole { files: recognised, actors, statements }, ledger))
}
