//! Catalogue cases: questions that a ledger cannot answer.

use pcf_desk::log;
use pcf_desk::questions::{self, Asked, PlaceOf, SpreadAsked, TargetAsked};
use pcf_desk::template::{TemplateAsked, template};
use pcf_ledger::ledger::{Ledger, Post, Reply};
use pcf_ledger::model::{FootprintId, GwpSet};
use pcf_ledger::proof::Trust;
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::{
    ACME, OPERATOR, PUMP, activity, asked, fill, genesis, key, product, publication, submit, uuid_of,
};

use super::catalogue::Catalogue;

const VALVE: &str = "urn:gtin:06901234000092";

pub fn provoke(c: &mut Catalogue) {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 0).unwrap();
    fill(&mut ledger);
    submit(&mut ledger, ACME, &[product("acme", &[VALVE], &["acme"])]);
    submit(&mut ledger, ACME, &[activity("acme", &[VALVE])]);
    products(c, &ledger);
    statements(c, &ledger);
    proofs(c);
    publications(c, &mut ledger);
}

fn products(c: &mut Catalogue, ledger: &Ledger<MemoryStore>) {
    let book = ledger.book();
    c.case("a product named `bolt`", questions::product(book, "bolt"));
    c.case("a product whose name has a slip in it", questions::product(book, "a prodcut"));
    c.case("a name that two products have", questions::product(book, "a product"));
    let late = Asked { request: asked("2025"), as_of: Some(99), spread: SpreadAsked::default() };
    c.case("a footprint as of a log of 99", questions::footprint(ledger, PUMP, &late).map(drop));
    let target = TargetAsked {
        subject: "Plant 7".parse().unwrap(),
        base_year: "2020".parse().unwrap(),
        goal: None,
        benchmark: None,
        electricity: vec!["wind".parse().unwrap()],
        product: None,
        gwp: GwpSet::Ar6,
    };
    c.case("a target with a factor that is not there", questions::target(ledger, &target).map(drop));
}

fn statements(c: &mut Catalogue, ledger: &Ledger<MemoryStore>) {
    let book = ledger.book();
    c.case("the statement of 64 nines", questions::statement_id(book, &"9".repeat(64)));
    c.case("a statement named by 3 digits", questions::statement_id(book, "0a6"));
    c.case("a statement that begins with 999999", questions::statement_id(book, "999999"));
    c.case("consistency with nothing signed", questions::consistency(ledger, 1, None).map(drop));
    c.case("consistency to a log of 99", questions::consistency(ledger, 1, Some(99)).map(drop));
    c.case("cosignatures without a policy", log::cosign(ledger, &Nobody).map(drop));
    c.case("a template ods", template("x.ods".as_ref(), TemplateAsked::Kind(None)).map(drop));
    c.case("a place with nothing signed", questions::place(ledger, PlaceOf::Submission(1)).map(drop));
}

fn proofs(c: &mut Catalogue) {
    let mut verified = |input: &str, bytes: &[u8]| {
        c.case(input, questions::verify("file".into(), bytes, &Trust::default()).map(drop));
    };
    verified("an empty file as a proof", b"");
    verified("a web page as a proof", b"<html>");
    verified("a proof that ends early", b"{\"v\":\"1\",");
    verified("a PACT document as a proof", include_bytes!("../../vectors/pact/figures-1.json"));
}

fn publications(c: &mut Catalogue, ledger: &mut Ledger<MemoryStore>) {
    let mut wrong = publication(ledger, "acme", PUMP, 3);
    wrong["figures"]["primaryDataShare"] = "1".into();
    let both = [publication(ledger, "acme", PUMP, 1), publication(ledger, "acme", VALVE, 2), wrong];
    submit(ledger, ACME, &both);
    let id = |n: u8| -> FootprintId { uuid_of(n).parse().unwrap() };
    c.case("publications of two products", questions::publications(ledger, &id(1), &id(2)).map(drop));
    c.case("a publication of wrong figures", questions::publications(ledger, &id(1), &id(3)).map(drop));
}

/// A witness that does not answer.
struct Nobody;

impl Post for Nobody {
    fn post(&self, _: &str, _: &str) -> Result<Reply, String> {
        Err("nobody".into())
    }
}
