//! The closed list of statements, and what all of them have.

use std::fmt::{self, Write};

use schemars::JsonSchema;
use serde::Serialize;

use super::error::{constant_word, word_list};
use super::header::Place;
use super::{
    Activity, Actor, ActorId, Annual, Assurance, Authority, Factor, Genesis, Product, ProductId, Publication,
    Redaction, Salt, State, StatementId, SupplierFootprint, Text, ValueError, Withdrawal,
};

constant_word! {
    /// The version of the statement format: `1`.
    Version = "1"
}

constant_word! {
    /// The `type` of an activity's body.
    ActivityBodyType = "activityBody"
}

constant_word! {
    /// The `type` of a year's body.
    AnnualBodyType = "annualBody"
}

constant_word! {
    /// The `type` of a factor's body.
    FactorBodyType = "factorBody"
}

constant_word! {
    /// The `type` of a publication's body.
    PublicationBodyType = "publicationBody"
}

constant_word! {
    /// The `type` of the body of a supplier's footprint.
    SupplierFootprintBodyType = "supplierFootprintBody"
}

word_list! {
    /// What a statement is about: its `type`.
    pub enum StatementKind as "statement type", "one of activity, actor, annual, assurance, authority, factor, ledger, product, publication, redaction, state, supplierFootprint, withdrawal" {
        /// What a unit process took in and gave out.
        Activity = "activity",
        /// An actor's name, keys and rights.
        Actor = "actor",
        /// A year of a site or line.
        Annual = "annual",
        /// An auditor's opinion.
        Assurance = "assurance",
        /// New authority keys.
        Authority = "authority",
        /// An emission factor.
        Factor = "factor",
        /// The genesis.
        Ledger = "ledger",
        /// A product.
        Product = "product",
        /// A published footprint.
        Publication = "publication",
        /// The text of an earlier statement is taken out of the files.
        Redaction = "redaction",
        /// What holds at a log size.
        State = "state",
        /// A supplier's footprint.
        SupplierFootprint = "supplierFootprint",
        /// An earlier statement no longer holds.
        Withdrawal = "withdrawal",
    }
}

impl StatementKind {
    /// True for what only the operator (or the recovery key) says, so that no actor can have the right to.
    pub const fn is_operators(self) -> bool {
        matches!(self, Self::Actor | Self::Authority | Self::Ledger | Self::Redaction | Self::State)
    }
}

macro_rules! statements {
    ($($kind:ident($body:ty), $tag:ident = $word:literal;)+) => {
        $(constant_word! {
            #[doc = concat!("The `type` `", $word, "`.")]
            $tag = $word
        })+

        /// One canonical-JSON document that somebody says is true.
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
        #[serde(untagged)]
        #[allow(clippy::large_enum_variant, reason = "statements are handled one at a time, never stored in bulk")]
        pub enum Statement {
            $(#[doc = concat!("See [`", stringify!($body), "`].")] $kind($body),)+
        }

        impl Statement {
            /// What it is about.
            pub const fn kind(&self) -> StatementKind {
                match self { $(Self::$kind(_) => StatementKind::$kind,)+ }
            }
            /// Who says it.
            pub const fn by(&self) -> &ActorId {
                match self { $(Self::$kind(body) => &body.by,)+ }
            }
            /// Its random salt.
            pub const fn salt(&self) -> &Salt {
                match self { $(Self::$kind(body) => &body.salt,)+ }
            }
            /// The same statement with another salt.
            pub fn with_salt(mut self, salt: Salt) -> Self {
                match &mut self { $(Self::$kind(body) => body.salt = salt,)+ }
                self
            }
        }

        $(impl From<$body> for Statement {
            fn from(body: $body) -> Self { Self::$kind(body) }
        })+
    };
}

statements! {
    Activity(Activity), ActivityType = "activity";
    Actor(Actor), ActorType = "actor";
    Annual(Annual), AnnualType = "annual";
    Assurance(Assurance), AssuranceType = "assurance";
    Authority(Authority), AuthorityType = "authority";
    Factor(Factor), FactorType = "factor";
    Ledger(Genesis), LedgerType = "ledger";
    Product(Product), ProductType = "product";
    Publication(Publication), PublicationType = "publication";
    Redaction(Redaction), RedactionType = "redaction";
    State(State), StateType = "state";
    SupplierFootprint(SupplierFootprint), SupplierFootprintType = "supplierFootprint";
    Withdrawal(Withdrawal), WithdrawalType = "withdrawal";
}

impl Statement {
    /// The statement that this one replaces.
    pub const fn replaces(&self) -> Option<&StatementId> {
        match self {
            Self::Activity(s) => s.replaces.as_ref(),
            Self::Actor(s) => s.replaces.as_ref(),
            Self::Annual(s) => s.replaces.as_ref(),
            Self::Assurance(s) => s.replaces.as_ref(),
            Self::Factor(s) => s.replaces.as_ref(),
            Self::Product(s) => s.replaces.as_ref(),
            Self::Publication(s) => s.replaces.as_ref(),
            Self::SupplierFootprint(s) => s.replaces.as_ref(),
            Self::Authority(_)
            | Self::Ledger(_)
            | Self::Redaction(_)
            | Self::State(_)
            | Self::Withdrawal(_) => None,
        }
    }

    /// The same statement naming the one it replaces; types that cannot replace come back unchanged.
    pub fn replacing(mut self, earlier: Option<StatementId>) -> Self {
        match &mut self {
            Self::Activity(s) => s.replaces = earlier,
            Self::Actor(s) => s.replaces = earlier,
            Self::Annual(s) => s.replaces = earlier,
            Self::Assurance(s) => s.replaces = earlier,
            Self::Factor(s) => s.replaces = earlier,
            Self::Product(s) => s.replaces = earlier,
            Self::Publication(s) => s.replaces = earlier,
            Self::SupplierFootprint(s) => s.replaces = earlier,
            Self::Authority(_)
            | Self::Ledger(_)
            | Self::Redaction(_)
            | Self::State(_)
            | Self::Withdrawal(_) => {}
        }
        self
    }

    /// What it speaks of, as one text: a replacement must have the same. Parts are joined by a zero byte, which no part can hold.
    ///
    /// Of an activity: sorted tags of its products (`*` for all), stage, process, site name, period, batch,
    /// scenario; of a recipe also that word, of a reading its meter and series, so that one bill never
    /// stands in place of another. Of the others their domain id. A draft has [`Self::draft_subject`] instead.
    pub fn subject(&self) -> String {
        let mut subject = String::new();
        let _ = self.write_subject(&mut subject); // OK because writing to a String cannot fail.
        subject
    }

    /// Writes [`Self::subject`].
    ///
    /// # Errors
    /// Those of `into`.
    pub fn write_subject(&self, into: &mut impl Write) -> fmt::Result {
        match self {
            Self::Activity(s) => write_activity_subject(&s.place(), into),
            Self::Actor(s) => into.write_str(s.actor.as_str()),
            Self::Annual(s) => write!(into, "{}\0{}", s.subject, s.year),
            Self::Assurance(s) => write!(into, "{}", s.figures),
            Self::Authority(_) | Self::Ledger(_) => Ok(()),
            Self::Factor(s) => into.write_str(s.factor.as_str()),
            Self::Product(s) => s.ids.first().map_or(Ok(()), |id| into.write_str(id.as_str())),
            Self::Publication(s) => into.write_str(s.footprint.as_str()),
            Self::Redaction(s) => write!(into, "{}", s.statement),
            Self::State(s) => write!(into, "{}", s.size),
            Self::SupplierFootprint(s) => into.write_str(s.footprint.as_str()),
            Self::Withdrawal(s) => write!(into, "{}", s.statement),
        }
    }

    /// What a draft speaks of, as one text: as [`Self::subject`], but an activity's products by their ids, and
    /// of a reading the sorted folded names of its flows in place of its series.
    pub fn draft_subject(&self) -> String {
        let mut subject = String::new();
        let _ = self.write_draft_subject(&mut subject); // OK because writing to a String cannot fail.
        subject
    }

    /// Writes [`Self::draft_subject`].
    ///
    /// # Errors
    /// Those of `into`.
    pub fn write_draft_subject(&self, into: &mut impl Write) -> fmt::Result {
        match self {
            Self::Activity(said) => write_drafted_activity(said, into),
            _ => self.write_subject(into),
        }
    }

    /// What has to hold between the parts of the statement and cannot be said by their types.
    ///
    /// # Errors
    /// [`ValueError::Combination`] naming the part.
    pub fn check(&self) -> Result<(), ValueError> {
        match self {
            Self::Activity(s) => s.check(),
            Self::Actor(s) => s.check(),
            Self::Authority(s) => s.check(),
            Self::Factor(s) => s.check(),
            Self::Ledger(s) => s.check(),
            Self::Product(s) => s.check(),
            Self::Publication(s) => s.check(),
            Self::Redaction(s) if s.by.as_str() != ActorId::OPERATOR => {
                Err(ValueError::Combination { what: "redaction", problem: "is said by `operator`".into() })
            }
            Self::State(s) if s.by.as_str() != ActorId::OPERATOR => {
                Err(ValueError::Combination { what: "state", problem: "is said by `operator`".into() })
            }
            _ => Ok(()),
        }
    }
}

/// Writes what an activity speaks of.
pub(super) fn write_activity_subject(of: &Place<'_>, into: &mut impl Write) -> fmt::Result {
    let mut write = |part: &str| into.write_str(part).and_then(|()| into.write_str("\0"));
    let mut tags = of.tags.clone();
    tags.sort_unstable();
    if of.all {
        write("*")?;
    }
    tags.iter().try_for_each(|tag| write(&tag.to_string()))?;
    let site = of.site.map_or("", Text::as_str);
    [of.stage.as_str(), of.process.as_str(), site].into_iter().try_for_each(&mut write)?;
    of.period.write(into)?;
    let mut end = |part: &str| into.write_str("\0").and_then(|()| into.write_str(part));
    [of.batch, of.scenario].into_iter().try_for_each(|part| end(part.map_or("", Text::as_str)))?;
    if of.recipe {
        return end("recipe");
    }
    if !of.reading {
        return Ok(());
    }
    end(of.meter.map_or("", Text::as_str))?;
    of.series.map_or(Ok(()), |series| end(&series.to_string()))
}

/// Writes what a draft of an activity speaks of: its products by their ids, and of a reading its flows.
fn write_drafted_activity(of: &Activity, into: &mut impl Write) -> fmt::Result {
    let mut products: Vec<&str> = of.products().map(ProductId::as_str).collect();
    products.sort_unstable();
    products.into_iter().try_for_each(|product| write!(into, "{product}\0"))?;
    let place = Place { tags: Vec::new(), series: None, ..of.place() };
    write_activity_subject(&place, into)?;
    if of.is_reading() {
        of.flow_names().iter().try_for_each(|name| write!(into, "\0{name}"))?;
    }
    Ok(())
}
