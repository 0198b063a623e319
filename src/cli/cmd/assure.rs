//! `pcf assure`: an auditor's opinion on published figures, after calculating them again.

use pcf_ledger::codec::figures_digest;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    Assurance, AssuranceLevel, Digest, FootprintId, LogPosition, Opinion, Publication, PublicationStatus,
    StatementId, Text, Whole,
};
use pcf_ledger::publish;
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::question;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::Signing;
use crate::output::{Page, Report};

/// Signs an auditor's opinion on the figures of a publication, usually a draft
///
/// The figures are calculated again first; an opinion other than `adverse` on figures that do not follow is refused. The opinion names the digest of the
/// figures, so a final publication with the same figures carries it too.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf assure 3f0a7c3e-0000-4000-8000-000000000000 --level limited \
    --standard 'ISO 14064-3:2019' --scope 'all stages' --sign-with auditor.pem\n\n\
    JSON: {by, level, opinion, figuresDigest, stateRoot?, statement, index}")]
pub struct Args {
    /// The publication's UUID, or a product whose newest draft is meant
    #[arg(value_name = "FOOTPRINT|PRODUCT")]
    figures: String,
    /// How sure: limited or reasonable
    #[arg(long)]
    level: AssuranceLevel,
    /// The standard followed
    #[arg(long)]
    standard: Text,
    /// What was examined
    #[arg(long)]
    scope: Text,
    /// The opinion: unmodified, qualified or adverse
    #[arg(long, default_value = "unmodified")]
    opinion: Opinion,
    /// A finding, one sentence; may be given several times
    #[arg(long = "finding", value_name = "TEXT")]
    findings: Vec<Text>,
    /// Names the newest state too, after making it again: who has pinned your key then need not take the operator's word for what holds
    #[arg(long)]
    state: bool,
    #[command(flatten)]
    signing: Signing,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Assured {
    by: String,
    level: AssuranceLevel,
    opinion: Opinion,
    figures_digest: Digest,
    #[serde(skip_serializing_if = "Option::is_none")]
    state_root: Option<Digest>,
    statement: StatementId,
    index: u64,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let mut ledger = context.open_ledger()?;
    let (key, by) = args.signing.signer(context, ledger.book())?;
    let publication = meant(&ledger, &args.figures)?;
    let (_, again) = publish::recalculate(&ledger, &publication)?;
    let follows = again.figures == *publication.figures && publish::used(&again.used)? == publication.used;
    if !follows && args.opinion != Opinion::Adverse {
        return Err(CliError::no(
            "the figures do not follow from what held at the log size that they rest on; only an adverse opinion can be signed on them",
        )
        .hint("pcf audit"));
    }
    let state_root = if args.state { Some(state_root(&ledger)?) } else { None };
    let digest = figures_digest(&publication)?;
    let assurance = Assurance {
        by: by.clone(),
        figures: digest,
        findings: args.findings,
        level: args.level,
        log: LogPosition { root: Digest::from_bytes(ledger.root()), size: Whole::new(ledger.size())? },
        opinion: args.opinion,
        replaces: None,
        salt: context.salt()?,
        scope: args.scope,
        standard: args.standard,
        state_root,
        r#type: Default::default(),
        v: Default::default(),
    };
    let receipt = ledger.append(&key, context.now_s()?, &[assurance.into()])?;
    let [statement] = receipt.ids.as_slice() else {
        return Err(CliError::failed("expected one statement in the submission"));
    };
    context.output.report(&Assured {
        by: by.to_string(),
        level: args.level,
        opinion: args.opinion,
        figures_digest: digest,
        state_root,
        statement: *statement,
        index: receipt.index,
    })?;
    Ok(Outcome::Done)
}

/// The root of the newest state, where it says what held.
fn state_root<S: Reader>(ledger: &Ledger<S>) -> Result<Digest, CliError> {
    let Some((size, (_, stated))) = ledger.book().states().last_key_value() else {
        return Err(CliError::no("no state is in this ledger; its operator says what holds")
            .hint("pcf log state --sign-with operator.pem"));
    };
    let expected = Digest::from_bytes(ledger.book().state_root_at(*size));
    if expected != *stated {
        let cause = format!("the state at log size {size}: expected the root {expected}, got {stated}");
        return Err(CliError::no(cause).hint("pcf audit"));
    }
    Ok(*stated)
}

/// The publication that is meant: by its UUID, or the newest draft of a product.
fn meant<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<Publication, CliError> {
    if let Ok(footprint) = text.parse::<FootprintId>() {
        return Ok(publish::find(ledger, &footprint)?.1);
    }
    let product = question::product(ledger.book(), text)?;
    let filed = ledger.book().filed_under(&product);
    let mut newest: Option<(u64, Publication)> = None;
    for (footprint, id, about) in ledger.book().publications() {
        let index = ledger.book().entry(id).map(|(_, entry)| entry.index).unwrap_or_default();
        if Some(about) == filed && newest.as_ref().is_none_or(|(at, _)| *at < index) {
            let (_, publication) = publish::find(ledger, footprint)?;
            if publication.status == PublicationStatus::Draft {
                newest = Some((index, publication));
            }
        }
    }
    newest.map(|(_, publication)| publication).ok_or_else(|| {
        CliError::no(format!("no draft of {product} is published yet"))
            .hint(format!("pcf publish {product} --draft --period 2024 --valid-until 2027-12-31 --sign-with KEY --log-key KEY"))
    })
}

impl Report for Assured {
    fn text(&self, page: &mut Page) {
        page.line(format!("Assured by {}: {} assurance, {} opinion", self.by, self.level, self.opinion));
        let mut pairs = vec![("figures digest", self.figures_digest.to_string())];
        pairs.extend(self.state_root.map(|root| ("state root", root.to_string())));
        pairs.push(("statement", self.statement.to_string()));
        pairs.push(("log index", self.index.to_string()));
        page.pairs(&pairs);
    }
}
