//! Catalogue cases: footprints that cannot be published or shown.

use pcf_ledger::calc::Request;
use pcf_ledger::model::{
    Decimal, FootprintId, GwpSet, Publication, PublicationStatus, Quantity, RoundedFigures, Unit,
};
use pcf_ledger::publish::{self, Acceptance, Disclosure, Order, Policy};
use pcf_pages::page::{Page, Standing};
use pcf_pages::site::Entry;
use pcf_testing::world::{CASING, INGOT, World};

use super::catalogue::Catalogue;

pub fn order(product: &str, period: &str) -> Order {
    Order {
        product: product.parse().unwrap(),
        request: Request {
            period: period.parse().unwrap(),
            boundary: None,
            scenario: None,
            batch: None,
            gwp: GwpSet::Ar6,
        },
        status: PublicationStatus::Final,
        validity: "2025-05-01..2026-05-01".parse().unwrap(),
        created: "2025-05-01T00:00:00Z".parse().unwrap(),
        footprint: FootprintId::from_random([1; 16]),
        salt: pcf_testing::salt_of(1),
        comment: None,
        accepted: Vec::new(),
        declared: publish::Declared { standards: vec!["ISO14067".parse().unwrap()], ..Default::default() },
        shows_stages: false,
        known: Default::default(),
    }
}

pub fn provoke(c: &mut Catalogue) {
    let mut world = World::new(1);
    let quarter = "2025-01-01..2025-04-01";
    c.case(
        "a product that nobody declared",
        publish::prepare(&world.ledger, &order("urn:gtin:00012345600012", quarter)).map(drop),
    );
    c.case(
        "a policy with a check that does not exist",
        Policy::from_toml("version = 1\n[checks]\nasurance = \"required\"\n"),
    );
    let accepted =
        Acceptance { finding: "0123abcd".into(), estimate: None, reason: "stock".parse().unwrap() };
    let order_with = Order { accepted: vec![accepted], ..order(CASING, quarter) };
    c.case("a finding that was not found", publish::prepare(&world.ledger, &order_with).map(drop));
    let found = publish::prepare(&world.ledger, &order(CASING, quarter)).unwrap().findings;
    let (estimate, reason) = ("1".parse().ok(), "stock".parse().unwrap());
    let accepted = Acceptance { finding: found[0].short_id(), estimate, reason };
    let order_with = Order { accepted: vec![accepted], ..order(CASING, quarter) };
    c.case("an estimate of what is not left out", publish::prepare(&world.ledger, &order_with).map(drop));
    c.case("a period without data", publish::prepare(&world.ledger, &order(CASING, "2024")).map(drop));
    c.case(
        "a state of a size that the log does not have",
        publish::state_of(&world.ledger, 99, pcf_testing::salt_of(1)).map(drop),
    );
    let early = world.ledger.sign_checkpoint(&world.log, &[]).unwrap();
    let unknown = FootprintId::from_random([9; 16]);
    c.case("a publication that is not there", publish::find(&world.ledger, &unknown));
    c.case(
        "the page of a publication that is not there",
        pcf_desk::pages::page_of(&world.ledger, &unknown, publish::Openness::Whole),
    );
    let prepared = publish::prepare(&world.ledger, &order(CASING, quarter)).unwrap();
    let maker = pcf_testing::world::key_of(&world.maker);
    world.ledger.append(&maker, 0, &[prepared.publication.clone().into()]).unwrap();
    let typo = Disclosure::only(&["process=typo".parse().unwrap()]);
    let answer = publish::rehearse(
        &world.ledger,
        &prepared,
        publish::Signers { publisher: &world.maker, log: &world.log, operator: None },
        1_760_000_000,
        &typo,
    );
    c.case("a process to be shown that no activity behind the figure is of", answer.map(drop));
    let answer = publish::gather(&world.ledger, &prepared.publication.footprint, &early, &Disclosure::all());
    c.case("a proof at a checkpoint from before the publication", answer.map(drop));
    let pact = publish::pact(&world.ledger, &prepared.publication, publish::Openness::Whole, None);
    if let Err(publish::PublishError::Pact(inner)) = &pact {
        c.error("a product of which little is stated, as PACT", inner);
    }
    c.case("a product of which little is stated, as PACT", pact);
    c.case("a page outside the site", pcf_pages::site::index(&[entry(&prepared.publication)]));
    let book = world.ledger.book();
    let ingot = book.product(&INGOT.parse().unwrap()).unwrap().unwrap();
    let (_, maker) = book.actor(&"maker".parse().unwrap()).unwrap().unwrap();
    let page = Page {
        publication: &prepared.publication,
        rounded: None,
        withholds: false,
        statement: world.ledger.id(),
        figures_digest: prepared.digest,
        standing: Standing::Stands,
        product: &ingot.statement,
        maker: &maker,
        ledger: world.ledger.id(),
        verifier_key: "ledger.example/log+0a1b2c3d+AcDeFgH=",
        proof_file: "a.pcfproof",
        notes: Vec::new(),
        contributions: Vec::new(),
        signed: Vec::new(),
        sources: Vec::new(),
        assurances: Vec::new(),
    };
    c.case("the casing's figures on the ingot's page", pcf_pages::page::render(&page));
}

fn entry(publication: &Publication) -> Entry {
    Entry {
        href: "../elsewhere.html".into(),
        name: "casing".parse().unwrap(),
        product: publication.product.clone(),
        maker: "maker Ltd".parse().unwrap(),
        boundary: publication.boundary,
        kg: RoundedFigures::of(&publication.figures, false).unwrap().gate.excluding_uptake,
        declared_unit: Quantity { amount: Decimal::ONE, unit: Unit::Kilogram },
        period: publication.period,
        status: publication.status,
        standing: Standing::Stands,
        comment: None,
    }
}
