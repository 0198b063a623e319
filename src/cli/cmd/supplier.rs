//! `pcf supplier`: footprints that suppliers sent.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use pcf_ledger::admission::Said;
use pcf_ledger::codec::digest::sha256;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    ActorId, Digest, Document, FlowSource, FootprintId, Salt, Statement, StatementKind, SupplierFootprint,
};
use pcf_ledger::pact;
use pcf_ledger::pact::import::bought;
use pcf_ledger::store::Reader;
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::{self, Signing};
use crate::output::{Page, Report};

/// Takes in footprints of suppliers (PACT files, v3 or v2) and lists them; flows name them as footprint:UUID
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf supplier add cap.json --sign-with acme.pem\n  pcf supplier list")]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Checks a PACT file (v3, or v2, which is converted when it is read), pins it by its digest, and appends it as it was received
    ///
    /// What is odd in it, such as totals that do not add up, is a warning with a code: suppliers' files are taken as they are. Where it follows a
    /// footprint that flows still name, those are listed: their figures are stale until they name the new one.
    #[command(after_help = "Example:\n  pcf supplier add cap.json --sign-with acme.pem\n\n\
        JSON: {file, footprint, product, company, digest, already, index?, statement?, warnings, stale: [{footprint, statement, products, flow}]}")]
    Add {
        /// The file as the supplier sent it
        file: PathBuf,
        #[command(flatten)]
        signing: Signing,
        /// Replaces an earlier document with the same footprint id
        #[arg(long)]
        correct: bool,
    },
    /// Lists the suppliers' footprints that hold
    #[command(after_help = "Example:\n  pcf supplier list\n\n\
        JSON: {footprints: [{footprint, product, company, kgCo2e, per, by, digest, statement, specVersion, followedBy?, flows}]}")]
    List,
}

/// What became of a file.
#[derive(Debug, Serialize)]
struct Added {
    file: PathBuf,
    footprint: String,
    product: String,
    company: String,
    digest: String,
    already: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<String>,
    warnings: Vec<String>,
    stale: Vec<Stale>,
}

/// A flow that names a footprint which a newer one follows.
#[derive(Debug, Serialize)]
struct Stale {
    footprint: String,
    statement: String,
    products: Vec<String>,
    flow: String,
}

/// A footprint that holds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Held {
    footprint: String,
    product: String,
    company: String,
    kg_co2e: String,
    per: String,
    by: String,
    digest: String,
    statement: String,
    spec_version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    followed_by: Option<String>,
    flows: usize,
}

/// All of them.
#[derive(Debug, Serialize)]
struct Listed {
    footprints: Vec<Held>,
}

/// Runs one of the verbs.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.verb {
        Verb::Add { file, signing, correct } => add(context, &file, &signing, correct)?,
        Verb::List => list(context)?,
    }
    Ok(Outcome::Done)
}

fn add(context: &Context, file: &Path, signing: &Signing, correct: bool) -> Result<(), CliError> {
    let limit = u64::try_from(Document::BYTES_MAX).unwrap_or(u64::MAX);
    let bytes = context.load(file, limit)?;
    let within = |e: pact::PactError| CliError::no(e).within(file.display());
    let (footprint, _) = pact::read(&bytes).map_err(within)?;
    let (_, warnings) = bought(&bytes).map_err(within)?;
    let warnings: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    for warning in &warnings {
        context.output.warning(warning);
    }
    let digest = Digest::from_bytes(sha256(&[&bytes]));
    let key = keys::load(context, &signing.sign_with)?;
    let mut ledger = context.open_ledger()?;
    let by: ActorId = context.signer(ledger.book(), &key, signing.by.as_ref())?;
    let live = ledger.book().live(StatementKind::SupplierFootprint, footprint.id.as_str());
    let mut added = Added {
        file: file.to_path_buf(),
        footprint: footprint.id.to_string(),
        product: footprint.product_name_company.clone(),
        company: footprint.company_name.clone(),
        digest: digest.to_string(),
        already: false,
        index: None,
        statement: live.map(|id| id.to_string()),
        warnings,
        stale: match footprint.preceding_pf_ids.as_slice() {
            [] => Vec::new(),
            earlier => flows_naming(&ledger, |id| earlier.contains(id))?,
        },
    };
    if let Some(live) = live {
        let held = ledger.said(&live)?;
        let redacted = matches!(held, Said::Kept(_));
        if matches!(held, Said::Whole(Statement::SupplierFootprint(s)) if s.digest == digest) {
            added.already = true;
            return context.output.report(&added);
        }
        if !correct {
            let (id, file) = (&footprint.id, file.display());
            let cause = if redacted {
                format!("{file}: the document of footprint {id} that is held, in {live}, is redacted")
            } else {
                format!("{file}: another document of footprint {id} is held, in {live}")
            };
            return Err(CliError::no(cause).hint(format!("{} --correct", crate::hints::same_command())));
        }
    }
    let statement = SupplierFootprint {
        by,
        digest,
        document: Document::new(bytes)?,
        evidence: Vec::new(),
        footprint: footprint.id,
        replaces: live,
        salt: Salt::from_bytes([0; 16]),
        r#type: Default::default(),
        v: Default::default(),
    };
    let receipt = context.append(&mut ledger, &key, vec![statement.into()])?;
    added.index = Some(receipt.index);
    added.statement = receipt.ids.first().map(ToString::to_string);
    context.output.report(&added)
}

/// The flows of statements that hold and name one of the footprints that `is_asked` for.
fn flows_naming<S: Reader>(
    ledger: &Ledger<S>,
    is_asked: impl Fn(&FootprintId) -> bool,
) -> Result<Vec<Stale>, CliError> {
    let mut stale = Vec::new();
    for held in ledger.inventory()?.activities {
        for flow in &held.statement.flows {
            if let FlowSource::Footprint(footprint) = &flow.source
                && is_asked(footprint)
            {
                stale.push(Stale {
                    footprint: footprint.to_string(),
                    statement: held.id.to_string(),
                    products: held.statement.outputs.iter().map(|o| o.product.to_string()).collect(),
                    flow: flow.name.to_string(),
                });
            }
        }
    }
    Ok(stale)
}

fn list(context: &Context) -> Result<(), CliError> {
    let ledger = context.read_ledger()?;
    let book = ledger.book();
    let held =
        book.entries().iter().filter(|e| e.kind == StatementKind::SupplierFootprint && book.holds(&e.id));
    let mut footprints = Vec::new();
    let mut newer: Vec<(FootprintId, String)> = Vec::new();
    let naming = flows_naming(&ledger, |_| true)?;
    for entry in held {
        let statement = match ledger.said(&entry.id)? {
            Said::Whole(Statement::SupplierFootprint(statement)) => statement,
            Said::Whole(_) => continue,
            Said::Kept(kept) => {
                let footprint = kept.facts.footprint.map(|id| id.to_string()).unwrap_or_default();
                let text =
                    format!("the document of footprint {footprint} is redacted (statement {})", entry.id);
                context.output.warning(&text);
                continue;
            }
        };
        let within = |e: pact::PactError| CliError::no(e).within(entry.id);
        let (footprint, _) = pact::read(statement.document.as_bytes()).map_err(within)?;
        let (figures, _) = bought(statement.document.as_bytes()).map_err(within)?;
        newer.extend(
            footprint.preceding_pf_ids.into_iter().map(|earlier| (earlier, footprint.id.to_string())),
        );
        footprints.push(Held {
            footprint: footprint.id.to_string(),
            product: footprint.product_name_company,
            company: footprint.company_name,
            kg_co2e: figures.categories.excluding_uptake()?.to_string(),
            per: format!("{} {}", figures.declared_unit.amount, figures.declared_unit.unit),
            by: statement.by.to_string(),
            digest: statement.digest.to_string(),
            statement: entry.id.to_string(),
            spec_version: footprint.spec_version,
            followed_by: None,
            flows: naming.iter().filter(|flow| flow.footprint == footprint.id.as_str()).count(),
        });
    }
    for held in &mut footprints {
        let later = newer.iter().rev().find(|(earlier, _)| earlier.as_str() == held.footprint);
        held.followed_by = later.map(|(_, later)| later.clone());
    }
    context.output.report(&Listed { footprints })
}

impl Report for Added {
    fn text(&self, page: &mut Page) {
        let place = match self.index {
            Some(index) => format!("Took in {} at index {index}", self.file.display()),
            None => format!("{} is in the ledger already", self.file.display()),
        };
        page.heading(&place);
        page.pairs(&[
            ("product", self.product.clone()),
            ("supplier", self.company.clone()),
            ("as a source", format!("footprint:{}", self.footprint)),
            ("SHA-256", self.digest.clone()),
            ("statement", self.statement.clone().unwrap_or_default()),
        ]);
        for stale in &self.stale {
            page.line(format!(
                "stale: the flow `{}` of {} still names footprint:{} (statement {}); record it again with footprint:{} and --correct",
                stale.flow,
                stale.products.join(", "),
                stale.footprint,
                stale.statement,
                self.footprint
            ));
        }
    }
}

impl Report for Listed {
    fn text(&self, page: &mut Page) {
        if self.footprints.is_empty() {
            page.line("No supplier's footprint is in this ledger yet.");
            return;
        }
        let row = |f: &Held| {
            let followed =
                f.followed_by.as_ref().map_or_else(String::new, |later| format!("followed by {later}"));
            let flows = f.flows.to_string();
            let (id, company, product) = (f.footprint.clone(), f.company.clone(), f.product.clone());
            vec![id, company, product, f.kg_co2e.clone(), f.per.clone(), flows, followed]
        };
        let rows: Vec<Vec<String>> = self.footprints.iter().map(row).collect();
        page.table(&["footprint", "supplier", "product", ">kg CO2e", "per", ">flows", ""], &rows);
    }
}
