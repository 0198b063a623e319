//! An import in the making: statements come one by one, what holds already is skipped, what differs
//! is refused or replaced, and what is left is salted, sealed in submissions and judged. It appends
//! nothing.

use std::collections::HashMap;

use pcf_files::library::Library;
use pcf_ledger::admission::{Book, Said};
use pcf_ledger::codec::digest::Sha256Bytes;
use pcf_ledger::codec::{
    decode_statement, draft_subject_digest, statement_id, statement_leaf, subject_digest, write_statement,
};
use pcf_ledger::ledger::{Completion, Ledger, LedgerError, Plan};
use pcf_ledger::model::{Activity, ActorId, Period, Salt, Statement, StatementId, StatementKind, Withdrawal};
use pcf_ledger::sign::{Seal, SigningKey};
use pcf_ledger::store::Store;

use super::doubts::Doubts;
use super::foresee::LEDGER_MAX;
use super::gone::Again;
use super::parts::Parts;
use super::refusing::{differs, lacked, said};
use super::same::{bare, same, says_again};
use super::sentences::{SENTENCES_MAX, Sentences};
use super::{AheadError, Imported, Options, Place, Sourced, SplitError, SplitRow, foresee};
use crate::session::{Progress, Session, Task};
use crate::withdraw::withdrawal_of;
use crate::{DeskError, Note};

/// The bytes of statements after which a submission is closed. What is read of one takes several times its bytes.
const BATCH_BYTES: usize = 3 << 20;

/// How many statements of an import are looked at before they are appended: a bulk import is not
/// slowed down, and `pcf check` says what it causes.
const LOOKED_AHEAD_MAX: usize = 1_000;

/// How far an import has come.
pub struct Import<'a, S> {
    session: &'a dyn Session,
    plan: Plan<S>,
    key: &'a SigningKey,
    options: &'a Options,
    now_s: u64,
    /// What would hold, as long as it is looked ahead: with `--dry-run` always, else in a small
    /// ledger.
    ahead: Option<Book>,
    /// What this import says so far, by subject: its statement in its bare form, and its place.
    /// Kept where it comes from several tables: one table finds its own doubles.
    planned: Option<HashMap<(StatementKind, Sha256Bytes), (Statement, Place)>>,
    completion: Completion,
    /// The statements of the next submission, as bytes.
    batch: Vec<Vec<u8>>,
    places: Vec<Place>,
    /// Submissions that are looked at before they are planned, each with its places.
    deferred: Vec<(Vec<Vec<u8>>, Vec<Place>)>,
    bytes: usize,
    /// Salts for the next statements: the system is not asked for each.
    salts: Vec<Salt>,
    /// With `--dry-run`, what would be appended.
    coming: Vec<(StatementId, Sourced)>,
    doubts: Doubts,
    again: Again,
    imported: Imported,
    changed: Sentences,
    /// The first live production that states flows which its coming statement lacks.
    lacking: Option<StatementId>,
    doubled: Sentences,
    /// Activities that are recorded in parts.
    in_parts: Sentences,
    first_part: Option<StatementId>,
    parts: Parts,
    progress: Box<dyn Progress>,
}

impl<'a, S: Store> Import<'a, S> {
    /// An import of nothing yet; `several` where one table may say what another says.
    pub fn new(
        session: &'a dyn Session,
        ledger: Ledger<S>,
        key: &'a SigningKey,
        options: &'a Options,
        several: bool,
    ) -> Result<Self, DeskError> {
        Ok(Self {
            session,
            key,
            options,
            now_s: session.now_s()?,
            ahead: (options.dry_run || ledger.book().statements() <= LEDGER_MAX)
                .then(|| ledger.book().clone()),
            plan: ledger.plan(),
            planned: several.then(HashMap::new),
            completion: Completion::default(),
            batch: Vec::new(),
            places: Vec::new(),
            deferred: Vec::new(),
            bytes: 0,
            salts: Vec::new(),
            coming: Vec::new(),
            doubts: Doubts::default(),
            again: Again::default(),
            imported: Imported::tried(options.dry_run),
            changed: Sentences::default(),
            lacking: None,
            in_parts: Sentences::default(),
            first_part: None,
            parts: Parts::default(),
            doubled: Sentences::default(),
            progress: session.begin(Task::Checking),
        })
    }

    /// The statement of the ledger that holds about a subject, and that this import says nothing
    /// of.
    pub fn live(&self, kind: StatementKind, subject: Sha256Bytes) -> Result<Option<StatementId>, DeskError> {
        let live = self.plan.ledger().book().live_with(kind, subject)?;
        Ok(match live {
            Some(live) if !self.plan.holds(&live)? => Some(live),
            _ => None,
        })
    }

    /// Keeps what was split for the report.
    pub fn split(&mut self, rows: Vec<SplitRow>) {
        self.imported.split = rows;
    }

    /// As [`Self::take`].
    pub fn take_sourced(&mut self, Sourced { statement, place }: Sourced) -> Result<(), DeskError> {
        let subject = draft_subject_digest(&statement);
        self.take(statement, subject, place)
    }

    /// Takes a draft, without salt and replacing nothing, with SHA-256 of its subject as a draft.
    pub fn take(
        &mut self,
        statement: Statement,
        subject: Sha256Bytes,
        place: Place,
    ) -> Result<(), DeskError> {
        let kind = statement.kind();
        let key = (kind, subject);
        if let Some((earlier, at)) = self.planned.as_ref().and_then(|planned| planned.get(&key)) {
            if same(earlier, &statement) {
                self.imported.skipped += 1;
            } else {
                let sentence = || format!("{place}: says something else about the same {kind} as {at}");
                self.doubled.push(sentence);
            }
            return Ok(());
        }
        let (statement, subject) = self.complete(statement)?;
        let mut replaces = None;
        // Where this import says it itself already, the rules tell.
        let ledger = self.plan.ledger();
        if let Some(live) = self.live(kind, subject)? {
            self.again.see(ledger, live)?;
            let held = ledger.said(&live)?;
            if matches!(&held, Said::Whole(held) if says_again(held, &statement)) {
                self.imported.skipped += 1;
                return Ok(());
            }
            if held.by() != statement.by() {
                self.doubled.push(|| format!("{place}: `{}` has said this already, in {live}", held.by()));
                return Ok(());
            }
            let lacked = lacked(&held, &statement);
            if !self.options.correct {
                self.lacking = self.lacking.or((!lacked.is_empty()).then_some(live));
                self.changed.push(|| differs(&place, &statement, &live, (&held, &lacked)));
                return Ok(());
            }
            if !lacked.is_empty() {
                self.imported.taken_away.push(format!("{place} ({})", lacked.join(", ")));
            }
            self.imported.corrected += 1;
            replaces = Some(live);
        } else if let Statement::Activity(whole) = &statement {
            let parts = self.parts.of(&self.plan, whole, subject)?;
            if !parts.is_empty() {
                self.refuse_whole(&place, whole, &parts);
                return Ok(());
            }
        }
        if replaces.is_none() && self.options.correct {
            self.imported.stand_beside(&place);
        }
        self.doubts.see(self.plan.ledger().book(), &statement, || place.to_string())?;
        if let Some(planned) = &mut self.planned {
            planned.insert(key, (bare(statement.clone()), place.clone()));
        }
        self.imported.recorded += 1;
        self.add(statement.replacing(replaces), place)
    }

    /// A draft as it is sealed, but for what it replaces, with SHA-256 of its subject.
    pub fn complete(&mut self, draft: Statement) -> Result<(Statement, Sha256Bytes), DeskError> {
        let salted = draft.with_salt(self.salt()?);
        let statement = self.completion.complete(self.plan.ledger(), salted)?;
        let subject = subject_digest(&statement);
        Ok((statement, subject))
    }

    /// Withdraws a statement, whose words stand in the place of a row.
    pub fn withdraw(&mut self, withdrawal: Withdrawal, says: &str) -> Result<(), DeskError> {
        self.imported.withdrawn += 1;
        self.imported.recorded += 1;
        let salted = Statement::from(withdrawal).with_salt(self.salt()?);
        self.add(salted, Place::new(says.into(), None))
    }

    /// The same import, which takes back what was said together and misses nothing of it.
    pub fn taking_back(mut self) -> Self {
        self.again = Again::default();
        self.imported.replaced_nothing.clear();
        self
    }

    /// Takes the factors that flows name and the ledger lacks from the shipped library.
    pub fn adopt(&mut self, by: &ActorId) -> Result<(), DeskError> {
        let library = Library::shipped()?;
        for name in self.doubts.unresolved().into_keys() {
            let Some(row) = name.strip_prefix("factor:").and_then(|id| library.find(id)) else { continue };
            let place = Place::new(format!("library, {}", row.id).into(), None);
            self.take_sourced(Sourced { statement: row.to_factor(by)?.into(), place })?;
        }
        Ok(())
    }

    /// The parts of an activity that hold in the ledger.
    pub fn parts_of(
        &mut self,
        whole: &Activity,
        subject: Sha256Bytes,
    ) -> Result<Vec<(StatementId, Period)>, DeskError> {
        self.parts.of(&self.plan, whole, subject)
    }

    /// Refuses an activity of which parts are recorded.
    pub fn refuse_whole(&mut self, place: &Place, whole: &Activity, parts: &[(StatementId, Period)]) {
        self.first_part = self.first_part.or(parts.first().map(|(id, _)| *id));
        let named: Vec<String> = parts.iter().map(|(id, period)| format!("{id} ({period})")).collect();
        self.in_parts.push(|| {
            format!(
                "{place}: {} is recorded already, split by days, in {}, and would count twice beside them; nothing was appended, withdraw them first",
                whole.period,
                named.join(", ")
            )
        });
    }

    fn salt(&mut self) -> Result<Salt, DeskError> {
        if self.salts.is_empty() {
            let bytes: [u8; 4096] = self.session.random()?;
            self.salts.extend(bytes.as_chunks().0.iter().copied().map(Salt::from_bytes));
        }
        // None is not reached.
        self.salts.pop().map_or_else(|| self.session.salt(), Ok)
    }

    fn add(&mut self, statement: Statement, place: Place) -> Result<(), DeskError> {
        // Whether a reader accepts it is found where it is judged, which reads it.
        let bytes =
            write_statement(&statement).map_err(|e| DeskError::Encode { place: place.clone(), source: e })?;
        let full = u64::try_from(self.batch.len()).unwrap_or(u64::MAX) >= self.options.batch_size;
        if full || !self.batch.is_empty() && self.bytes + bytes.len() > BATCH_BYTES {
            self.seal()?;
        }
        self.bytes += bytes.len();
        let many = self.imported.recorded > LOOKED_AHEAD_MAX;
        if many && !self.options.dry_run && self.ahead.take().is_some() {
            self.plan_deferred()?;
        }
        if self.options.dry_run {
            self.coming
                .push((statement_id(&bytes), Sourced { place: place.clone(), statement: statement.clone() }));
        }
        self.batch.push(bytes);
        self.places.push(place);
        Ok(())
    }

    /// Signs what has gathered and judges it as if all before it were in the log, so that nothing
    /// is appended where one would be refused.
    fn seal(&mut self) -> Result<(), DeskError> {
        let batch = std::mem::take(&mut self.batch);
        let places = std::mem::take(&mut self.places);
        self.bytes = 0;
        if batch.is_empty() || self.is_refused() {
            return Ok(());
        }
        if let Some(book) = &mut self.ahead {
            let leaves: Vec<_> = batch.iter().map(|text| statement_leaf(text)).collect();
            let ledger_id = *self.plan.ledger().id().as_bytes();
            let sealed = Seal::sign(self.key, ledger_id, self.now_s, &leaves)
                .map_err(LedgerError::from)
                .and_then(|seal| Ok(book.admit(&seal, &batch).map(|_| seal)?));
            let seal = sealed.map_err(|error| said(error, &batch, &places))?;
            match self.options.dry_run {
                true => self.progress.advance(seal.count()),
                false => self.deferred.push((batch, places)),
            }
            return Ok(());
        }
        self.plan(batch, places)
    }

    /// True where something was refused, so that nothing will be appended.
    fn is_refused(&self) -> bool {
        [&self.changed, &self.doubled, &self.in_parts].iter().any(|sentences| !sentences.is_empty())
    }

    /// Puts a submission into the plan.
    fn plan(&mut self, mut batch: Vec<Vec<u8>>, places: Vec<Place>) -> Result<(), DeskError> {
        let sealed = self.plan.seal(self.key, self.now_s, &mut batch);
        let seal = sealed.map_err(|error| said(error, &batch, &places))?;
        self.progress.advance(seal.count());
        Ok(())
    }

    /// The statements that wait until they were looked at, read again from their bytes: an import
    /// that turns out to be long must not pay for a copy of each.
    fn looked_at(&self) -> Result<Vec<(StatementId, Sourced)>, DeskError> {
        let waiting = self.deferred.iter().flat_map(|(batch, places)| batch.iter().zip(places));
        waiting
            .map(|(bytes, place)| {
                let statement = decode_statement(bytes)?;
                Ok((statement_id(bytes), Sourced { place: place.clone(), statement }))
            })
            .collect()
    }

    /// Puts what was only looked at into the plan.
    fn plan_deferred(&mut self) -> Result<(), DeskError> {
        for (batch, places) in std::mem::take(&mut self.deferred) {
            self.plan(batch, places)?;
        }
        Ok(())
    }

    /// Names what was recorded together with some of these statements and is not said again, and
    /// withdraws it where that is wanted.
    fn look_back(&mut self) -> Result<(), DeskError> {
        let gone = self.again.gone(self.plan.ledger())?;
        if self.again.is_too_much() {
            self.session.note(&Note::NotCompared);
        }
        for one in gone.iter().filter(|_| self.options.withdraw_missing) {
            let Some((_, entry)) = self.plan.ledger().book().entry(&one.statement)? else { continue };
            let reason = "no longer in the file that it was recorded from".parse()?;
            let withdrawal = withdrawal_of(one.statement, &entry.by, reason);
            self.withdraw(withdrawal, &one.says)?;
        }
        for one in gone.iter().take(SENTENCES_MAX).filter(|_| !self.options.withdraw_missing) {
            self.session.note(&Note::Gone { says: one.says.clone(), statement: one.statement });
        }
        self.imported.gone = gone;
        Ok(())
    }

    /// What is to be appended, once all of it was taken.
    ///
    /// # Errors
    /// Where something was refused: then nothing may be appended.
    pub fn finish(mut self) -> Result<(Imported, Plan<S>), DeskError> {
        self.look_back()?;
        self.seal()?;
        if let Some(sentences) = std::mem::take(&mut self.doubled).joined() {
            return Err(DeskError::Twice(sentences));
        }
        if let Some(sentences) = std::mem::take(&mut self.changed).joined() {
            return Err(DeskError::Differs { sentences, lacking: self.lacking });
        }
        if let Some((sentences, first)) = std::mem::take(&mut self.in_parts).joined().zip(self.first_part) {
            return Err(SplitError::PartsStand { sentences, first }.into());
        }
        self.doubts.note(self.session);
        self.imported.unresolved = self.doubts.unresolved();
        let (ledger, today) = (self.plan.ledger(), self.session.now()?.date());
        match &self.ahead {
            Some(book) if self.options.dry_run => {
                self.imported.foreseen = Some(foresee::foresee(ledger, book, &self.coming, today)?);
            }
            Some(book) => {
                let caused = foresee::caused(ledger, book, &self.looked_at()?, today)?;
                if caused.weighs && (self.options.strict || !self.session.goes_on(&caused)?) {
                    return Err(AheadError::Stopped(Box::new(caused)).into());
                }
                self.imported.caused = Some(caused);
                self.plan_deferred()?;
            }
            None if self.imported.recorded == 0 => {}
            None if self.options.strict => {
                return Err(AheadError::TooMany { most: LOOKED_AHEAD_MAX, ledger: LEDGER_MAX }.into());
            }
            None => self.session.note(&Note::NotLookedAt { statements: self.imported.recorded }),
        }
        Ok((self.imported, self.plan))
    }
}
