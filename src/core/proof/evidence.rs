//! What the checks look at, made once: every place in the log proven or not, and everything that is placed folded in log order through the
//! same book as the ledger. It decides nothing; it never reads more than the proof.

use std::collections::HashMap;

use super::footprint_proof::{HeldStatement, Proof};
use super::states::HeldState;
use super::trust::{Known, Trust};
use crate::admission::{Book, IndexError, Said, Scope, Snapshot, inventory};
use crate::calc::Inventory;
use crate::codec::leaf_hash;
use crate::merkle::verify_inclusion;
use crate::model::{PublicKey, Statement, StatementId};

/// How many problems of one check are spelled out.
const SPELLED_OUT_MAX: usize = 5;

/// Problems of one kind: the first few in words, the rest as a number, so that a hostile proof cannot make a report as long as itself.
#[derive(Debug, Default)]
pub(super) struct Problems {
    first: Vec<String>,
    count: usize,
}

impl Problems {
    pub(super) fn add(&mut self, problem: impl FnOnce() -> String) {
        self.count += 1;
        if self.first.len() < SPELLED_OUT_MAX {
            self.first.push(problem());
        }
    }

    /// All of them as one sentence; none where there are none.
    pub(super) fn to_sentence(&self) -> Option<String> {
        if self.count == 0 {
            return None;
        }
        let mut sentence = self.first.join("; ");
        if self.count > self.first.len() {
            sentence.push_str(&format!("; and {} more", self.count - self.first.len()));
        }
        Some(sentence)
    }
}

/// A key that signs checkpoints, and the index of the statement that names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogKey {
    pub key: PublicKey,
    pub index: u64,
}

/// The proof, what the reader trusts, and what follows from both.
pub(super) struct Evidence<'a> {
    pub proof: &'a Proof,
    pub trust: &'a Trust,
    /// By number of the seal: why its place in the log of the checkpoint is not proven.
    pub not_in_log: Vec<Option<String>>,
    /// By number of the statement: why its place under its seal is not proven.
    pub not_in_seal: Vec<Option<String>>,
    /// What everything says that is placed and admitted.
    pub folded: Snapshot,
    /// By number of the seal: why its statements are not admitted.
    pub refused: Vec<Option<String>>,
    /// The log keys in their order, the genesis' first.
    pub log_keys: Vec<LogKey>,
    /// What the disclosed statements hold at the size that the publication rests on.
    pub inventory: Result<Inventory, String>,
    /// Disclosed statements that were admitted below that size and no longer held there, and why.
    pub dead_before: HashMap<StatementId, String>,
    /// By number of the state: why not all that is shown of it is in it.
    state_flaws: Vec<Option<String>>,
}

impl<'a> Evidence<'a> {
    /// The statement of the published product, where it is disclosed and held at the size that the
    /// publication rests on.
    pub(super) fn product(&self) -> Option<&crate::model::Product> {
        let inventory = self.inventory.as_ref().ok()?;
        let filed = inventory.aliases.get(&self.proof.publication.product)?;
        inventory.products.get(filed).map(|held| &held.statement)
    }

    pub(super) fn gather(proof: &'a Proof, trust: &'a Trust) -> Self {
        let (size, root) = (proof.checkpoint.size(), proof.checkpoint.root());
        let in_log = proof.seals.iter().map(|held| {
            let leaf = leaf_hash(&held.seal.to_bytes());
            verify_inclusion(&leaf, held.index, size, &held.path, root).err().map(|e| e.to_string())
        });
        let in_seal = proof.statements.iter().map(|held| {
            let seal = &proof.seals.get(held.seal)?.seal; // OK because every number was made from the table.
            let (leaf, ordinal) = (held.id.as_bytes(), u64::from(held.ordinal));
            verify_inclusion(leaf, ordinal, seal.count(), &held.path, seal.root())
                .err()
                .map(|e| e.to_string())
        });
        let mut evidence = Self {
            proof,
            trust,
            not_in_log: in_log.collect(),
            not_in_seal: in_seal.collect(),
            folded: Snapshot::default(),
            refused: vec![None; proof.seals.len()],
            log_keys: Vec::new(),
            inventory: Ok(Inventory::default()),
            dead_before: HashMap::new(),
            state_flaws: Vec::new(),
        };
        // A book in memory is always answered for; if it were not, nothing would be admitted.
        if let Err(why) = evidence.fold() {
            evidence.refused.fill(Some(why.to_string()));
        }
        evidence.state_flaws = proof.states.iter().map(|state| evidence.state_flaw(state)).collect();
        evidence
    }

    /// The log key in force at the checkpoint, as far as the authority statements in the proof go.
    pub(super) fn log_key(&self) -> Option<&PublicKey> {
        self.folded.keyring.log_key()
    }

    /// The states, smallest first, each with why not all that is shown of it is in it.
    pub(super) fn states(&self) -> impl DoubleEndedIterator<Item = (&'a HeldState, Option<&String>)> {
        self.proof.states.iter().zip(&self.state_flaws).map(|(state, flaw)| (state, flaw.as_ref()))
    }

    fn state_flaw(&self, state: &HeldState) -> Option<String> {
        let placed = self.folded.placed.contains(&state.shown.statement);
        match placed && is_proven(&self.not_in_seal, state.at) {
            true => state.flaw(),
            false => Some("its statement is not in its place, or was not the operator's to say".to_owned()),
        }
    }

    /// The key that sealed a statement.
    pub(super) fn key_of(&self, held: &HeldStatement) -> PublicKey {
        let seal = self.proof.seals.get(held.seal).map(|seal| *seal.seal.signer());
        PublicKey::from_bytes(seal.unwrap_or_default()) // OK because every number was made from the table.
    }

    /// What the reader knows of the key that sealed a statement.
    pub(super) fn known(&self, held: &HeldStatement) -> Known {
        let ledger = self.proof.ledger_id().unwrap_or(held.id); // OK because no proof is made without a genesis.
        let by = held.said.by();
        self.trust.pins.judge(ledger, by, self.folded.name_of(by), &self.key_of(held))
    }

    /// Folds what is placed, in log order, and stops on the way to take stock at the size that the publication rests on.
    fn fold(&mut self) -> Result<(), IndexError> {
        let mut book = Book::new(Scope::Part);
        let rests_on = self.proof.publication.log.size.as_u64();
        let mut groups: Vec<Vec<usize>> = vec![Vec::new(); self.proof.seals.len()];
        for (n, held) in self.proof.statements.iter().enumerate() {
            if let Some(group) = groups.get_mut(held.seal).filter(|_| is_proven(&self.not_in_seal, n)) {
                group.push(n);
            }
        }
        let mut taken_stock = false;
        for (number, group) in groups.iter().enumerate() {
            let Some(held) = self.proof.seals.get(number) else { continue };
            if held.index >= rests_on && !taken_stock {
                self.take_stock(&book)?;
                taken_stock = true;
            }
            if !is_proven(&self.not_in_log, number) || group.is_empty() {
                continue;
            }
            self.admit(&mut book, number, group);
        }
        if !taken_stock {
            self.take_stock(&book)?;
        }
        self.folded = book.snapshot()?;
        Ok(())
    }

    fn admit(&mut self, book: &mut Book, number: usize, group: &[usize]) {
        let Some(held) = self.proof.seals.get(number) else { return };
        let statements: Vec<(u32, Said, StatementId)> = group
            .iter()
            .filter_map(|n| self.proof.statements.get(*n))
            .map(|s| (s.ordinal, s.said.clone(), s.id))
            .collect();
        if let Err(refusal) = book.admit_part(&held.seal, held.index, &statements) {
            if let Some(refused) = self.refused.get_mut(number) {
                *refused = Some(refusal.to_string());
            }
            return;
        }
        for (_, said, _) in &statements {
            let key = match said.statement() {
                Some(Statement::Ledger(genesis)) => Some(genesis.log_key),
                Some(Statement::Authority(authority)) => authority.log_key,
                _ => None,
            };
            self.log_keys.extend(key.map(|key| LogKey { key, index: held.index }));
        }
    }

    fn take_stock(&mut self, book: &Book) -> Result<(), IndexError> {
        let statements: HashMap<&StatementId, &Said> =
            self.proof.statements.iter().map(|held| (&held.id, &held.said)).collect();
        let fetch =
            |_, id: &StatementId| statements.get(id).map(|said| (*said).clone()).ok_or("not in the proof");
        self.inventory = inventory(book, u64::MAX, fetch).map_err(|e| e.to_string());
        if let Ok(inventory) = &mut self.inventory {
            // The headers of activities that did not enter only say why.
            let used = |id: &StatementId| self.proof.used.binary_search(id).is_ok();
            inventory.redacted.activities.retain(|held| used(&held.id));
        }
        for entry in book.all_entries() {
            let id = entry?.id;
            if let Some(death) = book.death(&id)? {
                self.dead_before.insert(id, death.to_string());
            }
        }
        Ok(())
    }
}

/// True where nothing stands against thing `number`.
pub(super) fn is_proven(against: &[Option<String>], number: usize) -> bool {
    against.get(number).is_some_and(Option::is_none)
}
