//! Who may say what: the rules that each statement of a submission has to pass, knowing the log and the statements before it in the
//! same submission.

mod case;
mod owned;
mod positions;
mod products;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use super::book::{Book, Scope};
use super::hashed::{ByHash, Spread};
use super::index::IndexError;
use super::lists::Owned;
use super::products::HeldProduct;
use super::said::SaidRef;
use super::{Entry, Keyring, Refusal};
use crate::codec::digest::Sha256Bytes;
use crate::limits::METHOD_VERSION;
use crate::model::{
    Actor, ActorId, Authority, FootprintId, Product, ProductId, ProductTag, Publication, Redaction, Rights,
    Statement, StatementId, StatementKind, Withdrawal,
};
use crate::pact::import;

pub(super) use case::Case;

/// The log with the statements of one submission that were judged so far.
pub(super) struct Pending<'a> {
    book: &'a Book,
    index: u64,
    actor: ActorId,
    /// What the log lets the actor do; none for the reserved ones and for strangers.
    rights: Option<Rights>,
    ordinal: usize,
    keyring: Option<Keyring>,
    entries: ByHash<StatementId, &'a Entry>,
    killed: ByHash<StatementId, StatementId>,
    live: ByHash<(StatementKind, Sha256Bytes), StatementId>,
    products: HashMap<&'a ProductId, (StatementId, &'a Product)>,
    /// The ids of the same products, by their tags.
    tagged: HashMap<ProductTag, &'a ProductId>,
    footprints: HashMap<&'a FootprintId, &'a ProductId>,
}

impl<'a> Pending<'a> {
    /// For a submission of so many statements.
    ///
    /// # Errors
    /// [`IndexError`].
    pub(super) fn new(
        book: &'a Book,
        index: u64,
        actor: ActorId,
        statements: usize,
    ) -> Result<Self, IndexError> {
        Ok(Self {
            book,
            index,
            rights: book.actor(&actor)?.map(|(_, actor)| actor.rights),
            actor,
            ordinal: 0,
            keyring: None,
            entries: ByHash::with_capacity_and_hasher(statements, Spread::default()),
            killed: ByHash::default(),
            live: ByHash::with_capacity_and_hasher(statements, Spread::default()),
            products: HashMap::new(),
            tagged: HashMap::new(),
            footprints: HashMap::new(),
        })
    }

    /// Judges the next statement and remembers it.
    pub(super) fn judge(&mut self, case: &Case<'a>, said: SaidRef<'a>) -> Result<(), Refusal> {
        let fact = case.fact;
        self.ordinal += 1;
        if said.kind() == StatementKind::Ledger {
            return Err(Refusal::Genesis { problem: "stands at index 0 and nowhere else".into() });
        }
        self.check_signer(said)?;
        self.check_new(case)?;
        self.check_owned(said, case)?;
        self.check_replaces(case)?;
        if let Some(deed) = said.deed() {
            self.activity(&deed, case)?;
            self.said_once(case)?;
        }
        if let SaidRef::Whole(body) = said {
            self.judge_body(body, &fact.entry)?;
        }
        if let Some(earlier) = fact.entry.replaces.as_deref() {
            self.killed.insert(*earlier, fact.entry.id);
        }
        self.live.insert((fact.entry.kind, fact.entry.subject), fact.entry.id);
        self.entries.insert(fact.entry.id, &fact.entry);
        Ok(())
    }

    /// What only the text of a statement tells.
    fn judge_body(&mut self, body: &'a Statement, entry: &Entry) -> Result<(), Refusal> {
        match body {
            Statement::Authority(authority) => self.authority(authority, entry)?,
            Statement::Actor(actor) => self.actor(actor, entry)?,
            Statement::Product(product) => self.product(product, entry)?,
            Statement::Publication(publication) => self.publication(publication)?,
            Statement::Redaction(redaction) => self.redaction(redaction)?,
            Statement::Withdrawal(withdrawal) => self.withdrawal(withdrawal, entry)?,
            Statement::Activity(_) | Statement::Ledger(_) | Statement::Factor(_) | Statement::Annual(_) => {}
            Statement::SupplierFootprint(s) => import::check(s.document.as_bytes(), &s.footprint)
                .map_err(|cause| Refusal::Document { footprint: s.footprint.clone(), cause })?,
            Statement::Assurance(assurance) => self.assurance(assurance)?,
            Statement::State(state) => self.state(state, entry.id)?,
        }
        Ok(())
    }

    /// The one who says it sealed it, and has the right to its type.
    fn check_signer(&self, said: SaidRef<'_>) -> Result<(), Refusal> {
        let (by, kind) = (said.by(), said.kind());
        if *by != self.actor {
            let (by, signer) = (by.clone(), self.actor.clone());
            return Err(Refusal::OtherSigner { ordinal: self.ordinal, by, signer });
        }
        let allowed = match self.actor.as_str() {
            ActorId::OPERATOR => kind.is_operators() || kind == StatementKind::Withdrawal,
            ActorId::RECOVERY => kind == StatementKind::Authority,
            _ => {
                kind == StatementKind::Withdrawal
                    || self.rights.as_ref().is_some_and(|rights| rights.types.contains(&kind))
            }
        };
        if allowed { Ok(()) } else { Err(Refusal::NoRight { actor: self.actor.clone(), kind }) }
    }

    /// It is not in the log, and nothing live says the same but what it replaces.
    fn check_new(&self, case: &Case<'_>) -> Result<(), Refusal> {
        let id = case.fact.entry.id;
        let here = self.entries.contains_key(&id).then_some(self.index);
        match case.same.or(here) {
            Some(index) => Err(Refusal::Duplicate { id, index }),
            None => Ok(()),
        }
    }

    fn check_replaces(&self, case: &Case<'_>) -> Result<(), Refusal> {
        let entry = &case.fact.entry;
        if let Some(target) = entry.replaces.as_deref().copied() {
            let refuse = |problem: String| Err(Refusal::Target { verb: "replaces", target, problem });
            let Some(earlier) = self.lookup(&target)? else {
                return if self.book.scope == Scope::Part {
                    Ok(())
                } else {
                    refuse("no such statement in the log".into())
                };
            };
            if earlier.kind != entry.kind || earlier.subject != entry.subject {
                return refuse(format!("it is a {} about something else", earlier.kind));
            }
            if earlier.by != entry.by {
                return refuse(format!("it is a statement of `{}`", earlier.by));
            }
            return match self.cause(&target)? {
                None => Ok(()),
                Some(cause) => refuse(format!("it no longer holds: {cause}")),
            };
        }
        let at_most_one = !matches!(
            entry.kind,
            StatementKind::Activity
                | StatementKind::Assurance
                | StatementKind::Authority
                | StatementKind::Withdrawal
        );
        match self.live_like(case) {
            Some(live) if at_most_one => Err(Refusal::StillLive { kind: entry.kind, live }),
            _ => Ok(()),
        }
    }

    fn authority(&mut self, authority: &Authority, entry: &Entry) -> Result<(), Refusal> {
        self.keys()?.check_authority(authority)?;
        let (index, id) = (self.index, entry.id);
        self.keys_mut()?.set_authority(authority, index, id);
        Ok(())
    }

    fn actor(&mut self, actor: &Actor, entry: &Entry) -> Result<(), Refusal> {
        let index = self.index;
        self.keys()?.check_actor(actor, index)?;
        self.keys_mut()?.set_actor(actor, index, entry.id);
        Ok(())
    }

    /// One signer says a thing once: two would overlap, and every calculation would stop. Two signers of one process may each say something
    /// of it; what that comes to is the calculation's.
    fn said_once(&self, case: &Case<'_>) -> Result<(), Refusal> {
        let entry = &case.fact.entry;
        let Some(live) = self.live_like(case).filter(|live| entry.replaces.as_deref() != Some(live)) else {
            return Ok(());
        };
        match self.lookup(&live)? {
            Some(held) if held.by == entry.by => Err(Refusal::StillLive { kind: entry.kind, live }),
            _ => Ok(()),
        }
    }

    fn publication(&mut self, publication: &'a Publication) -> Result<(), Refusal> {
        let kind = StatementKind::Publication;
        self.right_to(&publication.product)?;
        // Figures that nobody can calculate again would pass every check.
        if publication.method.version.as_u64() != METHOD_VERSION {
            let got = publication.method.version;
            let problem = format!("expected method version {METHOD_VERSION}, got {got}");
            return Err(Refusal::Reference { kind, problem });
        }
        self.followed(publication)?;
        self.footprints.insert(&publication.footprint, &publication.product);
        let position = publication.log;
        self.log_position(kind, position.size.as_u64(), position.root.as_bytes())?;
        let Some(owner) = self.book.owner(&Owned::Product(&publication.product))? else {
            return if self.book.scope == Scope::Part {
                Ok(())
            } else {
                Err(Refusal::UnknownProduct { product: publication.product.clone() })
            };
        };
        if owner != self.actor {
            let (id, actor) = (publication.product.to_string(), self.actor.clone());
            return Err(Refusal::Owned { kind: StatementKind::Product, id, owner, actor });
        }
        Ok(())
    }

    /// A footprint stays its product's for ever, and follows footprints of its product only.
    fn followed(&self, publication: &Publication) -> Result<(), Refusal> {
        let product = &publication.product;
        let refuse = |problem: String| Err(Refusal::Reference { kind: StatementKind::Publication, problem });
        for id in std::iter::once(&publication.footprint).chain(&publication.preceding) {
            let known = match self.footprints.get(id) {
                Some(here) => Some((*here).clone()),
                None => self.book.product_of_footprint(id)?,
            };
            match known {
                Some(other) if !self.may_be_same(product, &other)? => {
                    return refuse(format!("{id} is a footprint of {other}, not of {product}"));
                }
                None if *id == publication.footprint && !publication.preceding.contains(id) => {}
                None if self.book.scope == Scope::Whole => {
                    return refuse(format!("it follows {id}, which is no publication of this ledger"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether two ids are of one product; in a proof, where an id may be undisclosed, whether they can be.
    fn may_be_same(&self, a: &ProductId, b: &ProductId) -> Result<bool, IndexError> {
        Ok(match (self.filed_under(a)?, self.filed_under(b)?) {
            _ if a == b => true,
            (Some(a), Some(b)) => a == b,
            _ => self.book.scope == Scope::Part,
        })
    }

    fn withdrawal(&mut self, withdrawal: &Withdrawal, entry: &Entry) -> Result<(), Refusal> {
        let target = withdrawal.statement;
        let refuse = |problem: String| Err(Refusal::Target { verb: "withdraws", target, problem });
        let Some(earlier) = self.lookup(&target)? else {
            return if self.book.scope == Scope::Part {
                Ok(())
            } else {
                refuse("no such statement in the log".into())
            };
        };
        let operators = self.actor.as_str() == ActorId::OPERATOR;
        if earlier.by != self.actor && !operators {
            return refuse(format!("it is a statement of `{}`", earlier.by));
        }
        if earlier.kind.is_operators() || earlier.kind == StatementKind::Withdrawal {
            return refuse(format!("a {} cannot be withdrawn; a new statement changes it", earlier.kind));
        }
        if let Some(cause) = self.cause(&target)? {
            return refuse(format!("it no longer holds: {cause}"));
        }
        self.killed.insert(target, entry.id);
        Ok(())
    }

    /// True for a factor whose header says everything.
    fn is_open(&self, number: usize) -> Result<bool, IndexError> {
        let said = self.book.body(number)?;
        Ok(matches!(said.as_deref(), Some(Statement::Factor(factor)) if factor.open))
    }

    /// A redaction names a statement with a body that lies in the log already, once.
    fn redaction(&self, redaction: &Redaction) -> Result<(), Refusal> {
        let target = redaction.statement;
        let refuse = |problem: String| Err(Refusal::Target { verb: "redacts", target, problem });
        match self.book.entry(&target)?.map(|(number, entry)| (number, entry.kind)) {
            Some((number, kind)) => {
                let is_open = kind == StatementKind::Factor && self.is_open(number)?;
                kind.keeps_body(is_open).map_or(Ok(()), refuse)
            }
            None if self.book.scope == Scope::Part => Ok(()),
            None => refuse("no such statement in the log before this submission".into()),
        }
    }

    fn keys(&self) -> Result<&Keyring, IndexError> {
        match &self.keyring {
            Some(keyring) => Ok(keyring),
            None => self.book.keyring(),
        }
    }

    fn keys_mut(&mut self) -> Result<&mut Keyring, IndexError> {
        let keyring = match self.keyring.take() {
            Some(keyring) => keyring,
            None => self.book.keyring()?.clone(),
        };
        Ok(self.keyring.insert(keyring))
    }

    fn lookup(&self, id: &StatementId) -> Result<Option<Cow<'_, Entry>>, IndexError> {
        match self.entries.get(id) {
            Some(here) => Ok(Some(Cow::Borrowed(*here))),
            None => Ok(self.book.entry(id)?.map(|(_, entry)| entry)),
        }
    }

    /// The live statement that says what this one says.
    fn live_like(&self, case: &Case<'_>) -> Option<StatementId> {
        let Entry { kind, subject, .. } = &case.fact.entry;
        let here = self.live.get(&(*kind, *subject)).copied();
        here.or(case.live).filter(|id| !self.killed.contains_key(id))
    }

    /// The id that the product with this id is filed under.
    fn filed_under(&self, id: &ProductId) -> Result<Option<ProductId>, IndexError> {
        let held: Option<Arc<HeldProduct>> = self.book.product(id)?;
        Ok(self.held_or(id, held.as_deref()).and_then(|product| product.ids.first().cloned()))
    }

    /// A product of this submission, else the one that the log holds.
    fn held_or<'b>(&'b self, id: &ProductId, held: Option<&'b HeldProduct>) -> Option<&'b Product> {
        let here = self.products.get(id).filter(|(held, _)| !self.killed.contains_key(held));
        here.map(|(_, product)| *product)
            .or_else(|| held.filter(|held| !self.killed.contains_key(&held.id)).map(|held| &held.statement))
    }

    /// Why a statement no longer holds, as a person would say it.
    fn cause(&self, id: &StatementId) -> Result<Option<String>, IndexError> {
        if let Some(by) = self.killed.get(id) {
            return Ok(Some(format!("{by} in the same submission took its place")));
        }
        Ok(self.book.death(id)?.map(|death| death.to_string()))
    }
}
