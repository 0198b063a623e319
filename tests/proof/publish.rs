//! A publication passes the gate or is refused by name, and its statement, proof, page and PACT
//! document agree, also long afterwards.

use std::collections::BTreeSet;

use pcf_ledger::admission::UsedIds;
use pcf_ledger::calc::Request;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    Digest, FootprintId, GwpSet, Publication, PublicationStatus, Statement, StatementId,
};
use pcf_ledger::proof::{Outcome, Proof, Report, Verdict, check_document};
use pcf_ledger::publish::policy::ASKS;
use pcf_ledger::publish::{self, Acceptance, Disclosure, Order, Policy, Prepared, PublishError};
use pcf_ledger::sign::SigningKey;
use pcf_testing::world;
use pcf_testing::world::{CASING, MAKES, World, actor, key, key_of, public, statement};
use serde_json::{Value, json};

/// A ledger in which the casing can be published, and how many publications it has seen.
struct House {
    world: World,
    published: u8,
}

/// All that the gate requires of a product; `without` is left out.
fn stated(without: &str) -> Value {
    let mut value = json!({
        "boundary": "cradle-to-gate", "declaredUnit": {"amount": "1", "unit": "kg"}, "ids": [CASING], "name": "casing",
        "description": "a die-cast casing", "massPerDeclaredUnit": "1", "carbon": {"fossil": "0", "biogenic": "0"},
        "packaging": {"included": false}, "ccsIncluded": false, "exemptions": "none",
        "processes": [{"name": "die casting", "signers": ["maker"], "stage": "production"}],
    });
    value.as_object_mut().unwrap().remove(without);
    value
}

fn power(kwh: &str) -> Value {
    json!([{"name": "power", "kind": "energy", "amount": kwh, "unit": "kWh", "factor": "grid", "data": "primary"}])
}

fn casting(kwh: &str, more: Value) -> Statement {
    let mut body = json!({
        "stage": "production", "process": "die casting", "flows": power(kwh),
        "period": {"start": "2025-01-01", "end": "2025-04-01"},
        "outputs": [{"product": CASING, "amount": "1200", "unit": "kg"}],
    });
    for (name, value) in more.as_object().unwrap() {
        body[name] = value.clone();
    }
    statement("activity", "maker", body)
}

impl House {
    fn new() -> Self {
        let mut house = Self { world: World::new(1), published: 0 };
        house.enrol_maker(json!({"companyIds": ["urn:pact:maker.example:company-id:1"]}));
        house.state_product(stated(""));
        house
    }

    /// Says again who the maker is, with more.
    fn enrol_maker(&mut self, mut more: Value) {
        let book = self.world.ledger.book();
        more["replaces"] = json!(book.actor(&"maker".parse().unwrap()).unwrap().unwrap().0.to_string());
        let newer = actor("maker", &self.world.maker, MAKES, more);
        self.append(Self::operator, &[newer]);
    }

    fn state_product(&mut self, mut body: Value) {
        let live = self.world.ledger.book().product(&CASING.parse().unwrap()).unwrap().unwrap().id;
        body["replaces"] = json!(live.to_string());
        self.append(Self::maker, &[statement("product", "maker", body)]);
    }

    fn maker(&self) -> SigningKey {
        key_of(&self.world.maker)
    }

    fn operator(&self) -> SigningKey {
        key_of(&self.world.operator)
    }

    fn append(&mut self, by: fn(&Self) -> SigningKey, statements: &[Statement]) -> Vec<StatementId> {
        let key = by(self);
        self.world.ledger.append(&key, 1_760_000_000, statements).unwrap().ids
    }

    /// The newest live statement of a kind by an actor.
    fn live(&self, kind: &str, by: &str) -> StatementId {
        let book = self.world.ledger.book();
        let wanted = |e: &pcf_ledger::admission::Entry| {
            e.kind.as_str() == kind && e.by.as_str() == by && book.holds(&e.id).unwrap()
        };
        book.all_entries().map(Result::unwrap).filter(|e| wanted(e)).last().unwrap().id
    }

    fn order(&mut self, status: PublicationStatus) -> Order {
        self.published += 1;
        Order {
            product: CASING.parse().unwrap(),
            request: Request {
                period: serde_json::from_value(json!({"start": "2025-01-01", "end": "2025-04-01"})).unwrap(),
                boundary: None,
                scenario: None,
                batch: None,
                gwp: GwpSet::Ar6,
            },
            status,
            validity: serde_json::from_value(json!({"start": "2025-05-01", "end": "2026-05-01"})).unwrap(),
            created: "2025-05-01T00:00:00Z".parse().unwrap(),
            footprint: FootprintId::from_random([self.published; 16]),
            salt: pcf_testing::salt_of(self.published),
            comment: None,
            accepted: Vec::new(),
            declared: publish::Declared {
                standards: vec!["ISO14067".parse().unwrap()],
                ..Default::default()
            },
            shows_stages: false,
            known: Default::default(),
        }
    }

    fn prepare(&mut self, status: PublicationStatus) -> Prepared {
        let order = self.order(status);
        publish::prepare(&self.world.ledger, &order).unwrap()
    }

    fn publish_as(&mut self, change: impl FnOnce(&mut Order)) -> Publication {
        let mut order = self.order(PublicationStatus::Final);
        change(&mut order);
        let publication = publish::prepare(&self.world.ledger, &order).unwrap().publication;
        self.append(Self::maker, &[publication.clone().into()]);
        publication
    }

    fn publish(&mut self) -> Publication {
        self.publish_as(|_| {})
    }

    /// The report on the proof of a publication, at the log as it is.
    fn report(&self, publication: &Publication, disclosure: &Disclosure) -> Report {
        let ledger = &self.world.ledger;
        let checkpoint = ledger.sign_checkpoint(&self.world.log, &[]).unwrap();
        let parts = publish::gather(ledger, &publication.footprint, &checkpoint, disclosure).unwrap();
        let bytes = Proof::new(parts).unwrap().to_bytes().unwrap();
        Proof::parse(&bytes).unwrap().verify(&self.world.trust())
    }

    /// Proven with all its statements, shown, and written for PACT.
    #[track_caller]
    fn stands(&self, publication: &Publication) -> (String, Value) {
        let report = self.report(publication, &Disclosure::all());
        assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
        assert_eq!(report.check("figures-recalculated").unwrap().outcome, Outcome::Holds);
        let page =
            pcf_desk::pages::page_of(&self.world.ledger, &publication.footprint, publish::Openness::Whole)
                .unwrap();
        let pact = publish::pact(&self.world.ledger, publication, publish::Openness::Whole, None).unwrap();
        (page, serde_json::from_slice(&pact).unwrap())
    }

    fn assure(&mut self, prepared: &Prepared, more: Value) {
        let assurance = self.world.assurance(&prepared.digest, more);
        self.append(|house| key_of(&house.world.auditor), &[assurance]);
    }
}

fn names<'a>(items: impl Iterator<Item = &'a publish::GateItem>) -> Vec<&'a str> {
    items.map(|item| item.check.name).collect()
}

fn met(prepared: &Prepared, name: &str) -> bool {
    prepared.gate.iter().find(|item| item.check.name == name).unwrap().check.holds()
}

#[test]
fn every_check_that_the_gate_lists_is_made() {
    let gate = House::new().prepare(PublicationStatus::Final).gate;
    assert_eq!(names(gate.iter()), ASKS.iter().map(|ask| ask.name).collect::<Vec<_>>());
    let made = |item: &&publish::GateItem| !item.check.said().contains("does not make the check");
    assert_eq!(gate.iter().filter(made).count(), ASKS.len(), "{gate:?}");
    assert!(met(&House::new().prepare(PublicationStatus::Final), "processes-with-data"));
}

/// What is required and not met, beside what a person should look at.
fn open(prepared: &Prepared) -> Vec<&str> {
    names(prepared.unmet().filter(|item| item.check.name != "findings"))
}

#[test]
fn what_a_person_should_look_at_stops_a_final_until_it_is_accepted_one_by_one() {
    let mut house = House::new();
    let stopped = house.prepare(PublicationStatus::Final);
    assert_eq!(names(stopped.unmet()), ["findings"]);
    let found: Vec<&str> = stopped.findings.iter().map(|finding| finding.rule).collect();
    // The last one is that of the ingot, which makes most of the casing.
    assert_eq!(found, ["short-period", "mass-balance", "transport-missing", "short-period"]);
    assert_ne!(stopped.findings[3].about.product, stopped.findings[0].about.product);
    let accept = |finding: &str| {
        let reason = "founded in April".parse().unwrap();
        Acceptance { finding: finding.into(), estimate: None, reason }
    };
    let mut order = house.order(PublicationStatus::Final);
    order.accepted = vec![accept("00000000")];
    let unknown = publish::prepare(&house.world.ledger, &order).unwrap_err().to_string();
    assert!(unknown.contains(&stopped.findings[0].short_id()), "{unknown}");
    order.accepted = vec![accept(&stopped.findings[0].short_id())];
    let one = publish::prepare(&house.world.ledger, &order).unwrap();
    assert_eq!(names(one.unmet()), ["findings"], "each is accepted by itself");
    order.accepted = stopped.findings.iter().map(|finding| accept(&finding.short_id())).collect();
    let accepted = publish::prepare(&house.world.ledger, &order).unwrap();
    assert_eq!(accepted.unmet().count(), 0, "{:?}", accepted.gate);
    assert_ne!(accepted.digest, stopped.digest, "an opinion names what was accepted");
    let ids: BTreeSet<Digest> = accepted.publication.accepted.iter().map(|a| a.finding).collect();
    assert_eq!(ids, stopped.findings.iter().map(|finding| finding.id()).collect());
    // With other days it is another finding, and asked again.
    let replaces = house.live("activity", "maker").to_string();
    let shorter = json!({"period": {"start": "2025-01-01", "end": "2025-03-01"}});
    house.append(
        House::maker,
        &[
            statement("withdrawal", "maker", json!({"statement": replaces, "reason": "shorter"})),
            casting("5300", shorter),
        ],
    );
    assert!(publish::prepare(&house.world.ledger, &order).is_err());
}

#[test]
fn the_gate_names_each_thing_that_nobody_stated() {
    let missing = [
        ("massPerDeclaredUnit", "mass-per-declared-unit", "mass_kg"),
        ("carbon", "fossil-carbon-content", "fossil_carbon_kg"),
        ("packaging", "packaging-included", "packaging_included"),
        ("ccsIncluded", "ccs-included", "ccs_included"),
        ("exemptions", "exempted-emissions", "exemptions"),
    ];
    let mut house = House::new();
    assert_eq!(open(&house.prepare(PublicationStatus::Final)), Vec::<&str>::new());
    for (key, name, column) in missing {
        house.state_product(stated(key));
        let prepared = house.prepare(PublicationStatus::Final);
        let unmet: Vec<_> = prepared.unmet().filter(|item| item.check.name != "findings").collect();
        assert_eq!(names(unmet.iter().copied()), [name]);
        assert!(unmet[0].check.said().contains(&format!("`{column}`")), "{}", unmet[0].check.said());
    }
    house.state_product(stated(""));
    house.enrol_maker(json!({}));
    let prepared = house.prepare(PublicationStatus::Final);
    assert_eq!(open(&prepared), ["company-ids"]);
    assert!(prepared.unmet().next().unwrap().check.said().contains("`maker`"));
}

#[test]
fn a_validity_beyond_three_years_after_the_period_is_unmet() {
    let mut house = House::new();
    for (end, unmet) in [("2028-04-01", vec![]), ("2028-04-02", vec!["validity-within-three-years"])] {
        let mut order = house.order(PublicationStatus::Final);
        order.validity = serde_json::from_value(json!({"start": "2025-05-01", "end": end})).unwrap();
        let prepared = publish::prepare(&house.world.ledger, &order).unwrap();
        assert_eq!(open(&prepared), unmet);
    }
}

/// Another edition of the factor in place of the live one.
fn grid(replaces: StatementId, category: &str, year: &str) -> Statement {
    statement(
        "factor",
        "maker",
        json!({"factor": "grid", "name": "electricity", "category": category, "data": "secondary", "gwp": "AR6", "licence": "CC0",
            "scope": "life-cycle", "source": "a table", "unit": "kWh", "values": {"fossilGhgEmissions": "0.5777"}, "year": year,
            "replaces": replaces.to_string()}),
    )
}

#[test]
fn factors_may_lie_so_many_years_before_or_after_the_period_and_electricity_fewer() {
    let mut house = House::new();
    // The period is of 2025: 10 years each way, of electricity 3.
    for (category, year, fits) in [
        ("electricity.lifecycle", "2022", true),
        ("electricity.lifecycle", "2021", false),
        ("electricity.lifecycle", "2028", true),
        ("electricity.lifecycle", "2029", false),
        ("process", "2015", true),
        ("process", "2014", false),
        ("process", "2035", true),
        ("process", "2036", false),
    ] {
        let live = house.live("factor", "maker");
        house.append(House::maker, &[grid(live, category, year)]);
        let prepared = house.prepare(PublicationStatus::Draft);
        assert_eq!(met(&prepared, "factor-years"), fits, "{category} of {year}");
    }
}

#[test]
fn limited_assurance_is_not_enough_where_reasonable_is_asked_for() {
    let policy = |level: &str| {
        Policy::from_toml(&format!("version = 1\n[limits]\nassurance = \"{level}\"\n")).unwrap()
    };
    for (given, asked, fits) in [
        ("limited", "limited", true),
        ("limited", "reasonable", false),
        ("reasonable", "limited", true),
        ("reasonable", "reasonable", true),
    ] {
        let mut house = House::new();
        let draft = house.prepare(PublicationStatus::Draft);
        house.append(House::maker, &[draft.publication.clone().into()]);
        house.assure(&draft, json!({"level": given}));
        let order = house.order(PublicationStatus::Final);
        let prepared = publish::prepare_with(&house.world.ledger, &order, &policy(asked)).unwrap();
        assert_eq!(met(&prepared, "assurance"), fits, "{given} where {asked} is asked for");
    }
}

#[test]
fn a_draft_and_its_final_share_their_digest_and_its_assurance() {
    let mut house = House::new();
    let draft = house.prepare(PublicationStatus::Draft);
    assert!(!met(&draft, "assurance"));
    house.append(House::maker, &[draft.publication.clone().into()]);
    house.assure(&draft, json!({}));
    let last = house.prepare(PublicationStatus::Final);
    assert_eq!(draft.digest, last.digest);
    assert_ne!(draft.publication.log, last.publication.log);
    let assured = last.gate.iter().find(|item| item.check.name == "assurance").unwrap();
    assert!(assured.check.holds() && !assured.required);
    assert_eq!(assured.check.detail, "limited assurance by `auditor`");
    house.append(House::maker, &[last.publication.clone().into()]);
    for publication in [&draft.publication, &last.publication] {
        let report = house.report(publication, &Disclosure::all());
        assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
        assert_eq!(report.check("assurance").unwrap().outcome, Outcome::Holds);
        assert_eq!(report.is_draft(), publication.status == PublicationStatus::Draft);
    }
    assert!(last.publication.preceding.is_empty(), "a draft is nothing that a final follows");
    let (page, pact) = house.stands(&last.publication);
    assert!(page.contains("auditor Ltd"));
    assert_eq!(pact["status"], "Active");
}

#[test]
fn an_assurance_of_other_figures_meets_nothing() {
    let mut house = House::new();
    let draft = house.prepare(PublicationStatus::Draft);
    house.assure(&draft, json!({}));
    let replaces = house.live("activity", "maker").to_string();
    house.append(House::maker, &[casting("5301", json!({"replaces": replaces}))]);
    let last = house.prepare(PublicationStatus::Final);
    assert_ne!(draft.digest, last.digest);
    assert!(!met(&last, "assurance"));
}

#[test]
fn an_adverse_opinion_stops_a_final_of_the_same_figures() {
    let mut house = House::new();
    let draft = house.prepare(PublicationStatus::Draft);
    house.append(House::maker, &[draft.publication.clone().into()]);
    house.assure(&draft, json!({"opinion": "adverse", "findings": ["a meter was read twice"]}));
    let last = house.prepare(PublicationStatus::Final);
    assert_eq!(open(&last), ["no-adverse-opinion"]);
    assert!(last.unmet().next().unwrap().check.said().contains("`auditor`"));
    assert!(!met(&last, "assurance"));
}

#[test]
fn the_publisher_does_not_assure_itself() {
    let mut house = House::new();
    let types: Vec<&str> = MAKES.iter().copied().chain(["assurance"]).collect();
    let rights = json!({"stages": ["production"], "types": types});
    house.enrol_maker(json!({"companyIds": ["urn:pact:maker.example:company-id:1"], "rights": rights}));
    let draft = house.prepare(PublicationStatus::Draft);
    let mut own = serde_json::to_value(house.world.assurance(&draft.digest, json!({}))).unwrap();
    own["by"] = json!("maker");
    house.append(House::maker, &[statement("assurance", "maker", own)]);
    assert!(!met(&house.prepare(PublicationStatus::Final), "assurance"));
}

#[test]
fn a_later_final_takes_the_place_of_the_earlier_on_page_and_pact() {
    let mut house = House::new();
    let first = house.publish();
    let (page, pact) = house.stands(&first);
    assert!(!page.contains("superseded"));
    assert_eq!(pact["status"], "Active");
    let second = house.publish();
    assert_eq!(second.preceding, std::slice::from_ref(&first.footprint));
    let third = house.publish();
    assert_eq!(third.preceding, [second.footprint.clone(), first.footprint.clone()]);
    for earlier in [&first, &second] {
        let (page, pact) = house.stands(earlier);
        assert!(page.to_lowercase().contains("superseded"), "{page}");
        assert!(page.contains(third.footprint.as_str()), "the newest that follows is named");
        assert_eq!(pact["status"], "Deprecated");
    }
    let (page, pact) = house.stands(&third);
    assert!(!page.to_lowercase().contains("superseded"));
    assert_eq!((&pact["status"], pact["precedingPfIds"].as_array().unwrap().len()), (&json!("Active"), 2));
    let index = pcf_desk::pages::index_of(&house.world.ledger).unwrap();
    for publication in [&first, &second, &third] {
        assert!(index.contains(&format!("{}.html", publication.footprint)));
    }
    // A withdrawn one is followed by nothing, and follows nothing.
    let withdrawn = house.live("publication", "maker").to_string();
    house.append(
        House::maker,
        &[statement("withdrawal", "maker", json!({"reason": "wrong", "statement": withdrawn}))],
    );
    assert!(house.stands(&first).0.contains(second.footprint.as_str()));
    let (page, pact) = house.stands(&second);
    assert!(!page.to_lowercase().contains("superseded"));
    assert_eq!(pact["status"], "Active");
    let gone = publish::find(&house.world.ledger, &third.footprint);
    assert!(matches!(gone, Err(PublishError::UnknownPublication { .. })));
}

#[test]
fn nobody_takes_the_place_of_what_somebody_else_published() {
    let mut house = House::new();
    let first = house.publish();
    // Another publisher names it among its own predecessors.
    let rights = json!({"stages": ["production"], "types": ["activity", "product", "publication"]});
    let history =
        house.world.ledger.book().actor(&"supplier".parse().unwrap()).unwrap().unwrap().0.to_string();
    let newer = actor("supplier", &house.world.supplier, &[], json!({"rights": rights, "replaces": history}));
    house.append(House::operator, &[newer]);
    let mut order = house.order(PublicationStatus::Final);
    order.product = world::INGOT.parse().unwrap();
    let mut theirs = publish::prepare(&house.world.ledger, &order).unwrap().publication;
    assert!(theirs.preceding.is_empty());
    theirs.preceding = vec![first.footprint.clone()];
    let key = key_of(&house.world.supplier);
    let refused = house.world.ledger.append(&key, 1_760_000_000, &[theirs.into()]).unwrap_err().to_string();
    assert!(refused.contains(&first.footprint.to_string()), "{refused}");
    let (page, pact) = house.stands(&first);
    assert!(!page.to_lowercase().contains("superseded"));
    assert_eq!(pact["status"], "Active");
}

#[test]
fn a_publication_stands_whatever_became_of_the_statements_behind_it() {
    let mut house = House::new();
    let first = house.publish();
    let (page, pact) = house.stands(&first);
    let index = pcf_desk::pages::index_of(&house.world.ledger).unwrap();

    let replaces = house.live("activity", "maker").to_string();
    house.append(House::maker, &[casting("9999", json!({"replaces": replaces}))]);
    let factor = house.live("factor", "maker");
    let Statement::Factor(mut newer) = house.world.ledger.statement(&factor).unwrap() else { panic!() };
    (newer.replaces, newer.source) = (Some(factor), "another table".parse().unwrap());
    newer.values.as_mut().unwrap().insert(pcf_ledger::model::Category::Fossil, "0.9".parse().unwrap());
    house.append(House::maker, &[newer.into()]);
    let mut renamed = stated("");
    (renamed["name"], renamed["declaredUnit"]["amount"]) = (json!("another casing"), json!("100"));
    house.state_product(renamed);
    assert_ne!(house.prepare(PublicationStatus::Final).publication.figures, first.figures);
    assert_eq!(pcf_desk::pages::index_of(&house.world.ledger).unwrap(), index, "nor is the list another");
    let (later_page, later_pact) = house.stands(&first);
    assert_eq!(later_page, page, "the page says what it said");
    assert_eq!(later_pact, pact, "and so does the document");

    // Even with nothing left of its product.
    for kind in ["activity", "factor", "product"] {
        let target = house.live(kind, "maker").to_string();
        let body = json!({"reason": "gone", "statement": target});
        house.append(House::maker, &[statement("withdrawal", "maker", body)]);
    }
    let order = house.order(PublicationStatus::Final);
    let anew = publish::prepare(&house.world.ledger, &order);
    assert!(matches!(anew, Err(PublishError::UnknownProduct { .. })));
    assert_eq!(house.stands(&first), (page, pact));
    assert_eq!(pcf_desk::pages::index_of(&house.world.ledger).unwrap(), index);
    let (inventory, again) = publish::recalculate(&house.world.ledger, &first).unwrap();
    let used = UsedIds::of(&inventory, &again.used).stated().unwrap();
    assert_eq!((&again.figures, used), (&*first.figures, first.used));
}

#[test]
fn the_past_is_the_same_by_the_short_way_and_by_the_long() {
    let mut house = House::new();
    let mut at_the_time = Vec::new();
    let seen = |ledger: &Ledger<_>| format!("{:?}", ledger.inventory().unwrap());
    for kwh in ["5400", "5500", "5600"] {
        at_the_time.push((house.world.ledger.size(), seen(&house.world.ledger)));
        house.publish();
        at_the_time.push((house.world.ledger.size(), seen(&house.world.ledger)));
        let replaces = house.live("activity", "maker").to_string();
        house.append(House::maker, &[casting(kwh, json!({"replaces": replaces}))]);
    }
    // After the last activity nothing comes but publications: the short way.
    for _ in 0..2 {
        at_the_time.push((house.world.ledger.size(), seen(&house.world.ledger)));
        house.publish();
    }
    at_the_time.push((house.world.ledger.size(), seen(&house.world.ledger)));
    for (size, then) in &at_the_time {
        assert_eq!(&format!("{:?}", house.world.ledger.everything_at(*size).unwrap()), then, "size {size}");
    }
    let beyond = house.world.ledger.size() + 1;
    assert!(house.world.ledger.everything_at(beyond).is_err());
}

#[test]
fn a_proof_holds_after_its_signer_has_another_key() {
    let mut house = House::new();
    let first = house.publish();
    let old = public(&house.world.maker).to_string();
    let size = house.world.ledger.size().to_string();
    house.world.maker = key(70);
    let company = json!(["urn:pact:maker.example:company-id:1"]);
    house.enrol_maker(json!({"companyIds": company, "revoked": [{"from": size, "key": old}]}));
    house.stands(&first);
    let second = house.publish();
    assert_eq!(second.preceding, std::slice::from_ref(&first.footprint));
    house.stands(&second);
    house.stands(&first);
}

#[test]
fn a_proof_holds_after_the_authority_has_other_keys() {
    let mut house = House::new();
    let first = house.publish();
    let (log, operator) = (key(71), key(72));
    let new = json!({"logKey": public(&log).to_string(), "operatorKey": public(&operator).to_string()});
    house.append(House::operator, &[statement("authority", "operator", new)]);
    (house.world.log, house.world.operator) = (log, operator);
    house.stands(&first);
    let second = house.publish();
    house.stands(&second);
}

#[test]
fn a_checkpoint_that_ends_before_the_publication_covers_it_not() {
    let mut house = House::new();
    let early = house.world.ledger.sign_checkpoint(&house.world.log, &[]).unwrap();
    let index = house.world.ledger.size();
    let first = house.publish();
    let answer = publish::gather(&house.world.ledger, &first.footprint, &early, &Disclosure::all());
    assert!(
        matches!(answer, Err(PublishError::NotCovered { covered, index: at }) if covered == index && at == index)
    );
}

#[test]
fn a_proof_at_an_older_checkpoint_leaves_out_what_came_later() {
    let mut house = House::new();
    let draft = house.prepare(PublicationStatus::Draft);
    house.append(House::maker, &[draft.publication.clone().into()]);
    let early = house.world.ledger.sign_checkpoint(&house.world.log, &[]).unwrap();
    house.assure(&draft, json!({}));
    house.enrol_maker(json!({}));
    let parts =
        publish::gather(&house.world.ledger, &draft.publication.footprint, &early, &Disclosure::all());
    let report = Proof::new(parts.unwrap()).unwrap().verify(&house.world.trust());
    assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
    assert!(report.assurances.is_empty());
}

#[test]
fn of_what_is_withheld_the_proof_has_headers_and_no_amount() {
    let mut house = House::new();
    let first = house.publish();
    let report = house.report(&first, &Disclosure::default());
    assert_eq!(report.verdict(), Verdict::Holds, "{:#?}", report.checks);
    assert_eq!(
        (report.disclosed, report.used),
        (1, 3),
        "the product itself; its activities are known by headers"
    );
    let shown = &report.check("disclosed-statements").unwrap().detail;
    assert!(
        shown.starts_with("1 of the 3 used statements that are known and the headers of 2 more"),
        "{shown}"
    );
    assert!(matches!(report.check("figures-recalculated").unwrap().outcome, Outcome::NotChecked(_)));
    let ledger = &house.world.ledger;
    let checkpoint = ledger.sign_checkpoint(&house.world.log, &[]).unwrap();
    let gives_away = |disclosure: Disclosure| {
        let parts = publish::gather(ledger, &first.footprint, &checkpoint, &disclosure).unwrap();
        let bytes = String::from_utf8(Proof::new(parts).unwrap().to_bytes().unwrap()).unwrap();
        // With the quotes around it, plain or escaped: four digits stand in one of many hashes by chance.
        bytes.contains(r#""5300""#) || bytes.contains(r#""5300\""#)
    };
    assert!(gives_away(Disclosure::all()), "an amount from an activity is looked for as a proof has it");
    assert!(!gives_away(Disclosure::default()), "an amount from an activity was given away");
}

#[test]
fn a_public_document_has_rounded_figures_and_nothing_that_only_bodies_say() {
    let mut house = House::new();
    let first = house.publish();
    let ledger = &house.world.ledger;
    let checkpoint = ledger.sign_checkpoint(&house.world.log, &[]).unwrap();
    let parts = publish::gather(ledger, &first.footprint, &checkpoint, &Disclosure::default()).unwrap();
    let proof = Proof::new(parts).unwrap();
    let report = proof.verify(&house.world.trust());
    let written = |openness: publish::Openness| {
        let bytes = publish::pact(ledger, &first, openness, Some(&proof)).unwrap();
        pcf_ledger::pact::read(&bytes).unwrap().0
    };
    let (public, exact) = (written(publish::Openness::Rounded), written(publish::Openness::Whole));
    let says_the_same = |document| check_document(document, &proof, &report).outcome == Outcome::Holds;
    assert!(says_the_same(&public) && !says_the_same(&exact), "the proof shows rounded figures alone");
    let (figure, comment) = (public.pcf.pcf_excluding_biogenic_uptake, public.comment.unwrap());
    assert_ne!(figure, exact.pcf.pcf_excluding_biogenic_uptake);
    assert!(
        public.pcf.secondary_emission_factor_sources.is_empty() && public.pcf.geography_country.is_none()
    );
    assert!(comment.contains("Rounded figures: each category lies within"), "{comment}");
    // Exact figures alone say nothing more of what lies behind them.
    let figures = publish::pact(ledger, &first, publish::Openness::Exact, None).unwrap();
    let (figures, _) = pcf_ledger::pact::read(&figures).unwrap();
    assert_eq!(figures.pcf.pcf_excluding_biogenic_uptake, exact.pcf.pcf_excluding_biogenic_uptake);
    assert!(figures.pcf.secondary_emission_factor_sources.is_empty());
    let page = |openness| pcf_desk::pages::page_of(ledger, &first.footprint, openness).unwrap();
    let shows_flows =
        |page: String| page.contains("Largest contributions") || page.contains("Sources of factors");
    assert!(shows_flows(page(publish::Openness::Whole)) && !shows_flows(page(publish::Openness::Exact)));
    assert!(exact.comment.is_none_or(|comment| !comment.contains("Rounded figures")));
}

#[test]
fn an_unknown_footprint_is_named() {
    let house = House::new();
    let unknown = FootprintId::from_random([9; 16]);
    let checkpoint = house.world.ledger.sign_checkpoint(&house.world.log, &[]).unwrap();
    let found = [
        publish::gather(&house.world.ledger, &unknown, &checkpoint, &Disclosure::all())
            .err()
            .map(|e| e.to_string()),
        pcf_desk::pages::page_of(&house.world.ledger, &unknown, publish::Openness::Whole)
            .err()
            .map(|e| e.to_string()),
        publish::find(&house.world.ledger, &unknown).err().map(|e| e.to_string()),
    ];
    for error in found {
        assert!(error.unwrap().contains(unknown.as_str()));
    }
    let mut order = House::new().order(PublicationStatus::Final);
    order.product = "urn:gtin:00012345600012".parse().unwrap();
    let answer = publish::prepare(&house.world.ledger, &order);
    assert!(matches!(answer, Err(PublishError::UnknownProduct { .. })));
}

#[test]
fn batches_and_scenarios_are_proven_and_follow_only_their_own() {
    let mut house = House::new();
    let base = house.live("activity", "maker");
    let by_batch = json!({"statement": base, "reason": "stated batch by batch"});
    house.append(House::maker, &[statement("withdrawal", "maker", by_batch)]);
    let more = json!({"batch": "B7", "period": {"start": "2025-02-01", "end": "2025-03-01"}});
    house.append(House::maker, &[casting("500", json!({"batch": "B6"})), casting("700", more)]);
    let whole = house.publish();
    let batch = house.publish_as(|order| order.request.batch = Some("B7".parse().unwrap()));
    assert_ne!(whole.figures, batch.figures);
    assert!(batch.preceding.is_empty(), "a batch does not follow the whole");
    let what_if = house.publish_as(|order| order.request.scenario = Some("what if".parse().unwrap()));
    assert!(what_if.preceding.is_empty(), "nor does a scenario");
    let again = house.publish_as(|order| order.request.batch = Some("B7".parse().unwrap()));
    assert_eq!(again.preceding, std::slice::from_ref(&batch.footprint));
    for publication in [&whole, &batch, &what_if, &again] {
        house.stands(publication);
    }
    let longer = house.publish_as(|order| {
        order.request.period =
            serde_json::from_value(json!({"start": "2025-01-01", "end": "2026-01-01"})).unwrap();
    });
    assert_eq!(
        longer.preceding,
        std::slice::from_ref(&whole.footprint),
        "another period of the same product follows"
    );
    let late = house.publish();
    assert_eq!(late.preceding, std::slice::from_ref(&whole.footprint), "one that ends later is newer");
    assert_eq!(house.stands(&longer).1["status"], "Active");
}

#[test]
fn pact_speaks_of_the_way_to_the_gate_and_of_all_that_is_on_it() {
    let mut house = House::new();
    let rights = json!({"stages": ["production", "use"], "types": MAKES});
    house.enrol_maker(json!({"companyIds": ["urn:pact:maker.example:company-id:1"], "rights": rights}));
    let factor = |id: &str, source: &str| {
        let body = json!({
            "factor": id, "name": id, "category": "electricity.lifecycle", "data": "secondary", "gwp": "AR6", "licence": "CC0",
            "scope": "life-cycle", "source": source, "unit": "kWh", "values": {"fossilGhgEmissions": "0.5"}, "year": "2024",
        });
        statement("factor", "maker", body)
    };
    house.append(House::maker, &[factor("upstream", "of the ingot"), factor("socket", "of its user")]);
    let mut body = stated("");
    body["boundary"] = "cradle-to-grave".into();
    body["processes"]
        .as_array_mut()
        .unwrap()
        .push(json!({"name": "running", "signers": ["maker"], "stage": "use"}));
    body["exemptions"] = "listed".into();
    let mut bar = stated("");
    (bar["ids"], bar["name"]) = (json!(["urn:pact:maker.example:product-id:bar"]), "bar".into());
    house.append(House::maker, &[statement("product", "maker", bar)]);
    house.state_product(body);
    let flow = |name: &str, more: Value| {
        let mut flow =
            json!({"name": name, "kind": "energy", "amount": "10", "unit": "kWh", "data": "primary"});
        flow.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        flow
    };
    let left_out =
        |name: &str| json!({"name": name, "kind": "excluded", "estimate": "0.001", "reason": "small"});
    let of_bar = casting(
        "1",
        json!({
            "outputs": [{"product": "urn:pact:maker.example:product-id:bar", "amount": "1200", "unit": "kg"}],
            "flows": [flow("power", json!({"factor": "upstream"}))],
        }),
    );
    let with_bar = casting(
        "1",
        json!({
            "site": {"name": "Plant", "country": "CN"},
            "flows": [
                flow("power", json!({"factor": "grid"})), left_out("glue"),
                {"name": "bar", "kind": "material", "amount": "1200", "unit": "kg", "product": "urn:pact:maker.example:product-id:bar"},
            ],
        }),
    );
    let running = casting(
        "1",
        json!({
            "stage": "use", "process": "running", "site": {"name": "a home", "country": "DE"},
            "flows": [flow("socket", json!({"factor": "socket"})), left_out("dust")],
        }),
    );
    let before = house.live("activity", "maker").to_string();
    let gone = statement("withdrawal", "maker", json!({"reason": "measured anew", "statement": before}));
    house.append(House::maker, &[gone, of_bar, with_bar, running]);
    let publication = house.publish();
    let (_, pact) = house.stands(&publication);
    let pcf = &pact["pcf"];
    assert_eq!(pcf["exemptedEmissionsDescription"], "glue: small");
    assert_eq!(pcf["geographyCountry"], "CN");
    let sources = pcf["secondaryEmissionFactorSources"].as_array().unwrap();
    let names: Vec<&str> = sources.iter().map(|source| source["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["a table", "of the ingot"], "what the bar is made with, and nothing of its use");
}

#[test]
fn the_gate_stops_what_the_product_says_otherwise() {
    let mut house = House::new();
    let unmet = |house: &mut House, name: &str| {
        let prepared = house.prepare(PublicationStatus::Final);
        prepared
            .gate
            .iter()
            .find(|item| item.check.name == name)
            .filter(|item| !item.check.holds())
            .map(|item| item.check.said().to_owned())
    };
    assert_eq!(unmet(&mut house, "mass-per-declared-unit"), None);
    assert_eq!(unmet(&mut house, "packaging-included"), None);
    let mut body = stated("");
    body["massPerDeclaredUnit"] = "0.4".into();
    house.state_product(body);
    let said = unmet(&mut house, "mass-per-declared-unit").unwrap();
    assert!(said.starts_with("a declared unit is 1 kg, and `mass_kg` says 0.4: "), "{said}");
    let replaces = json!(house.live("activity", "maker").to_string());
    let bags =
        json!([{"name": "bags", "kind": "packaging", "amount": "12", "unit": "kWh", "factor": "grid"}]);
    house.append(House::maker, &[casting("1", json!({"flows": bags, "replaces": replaces}))]);
    let said = unmet(&mut house, "packaging-included").unwrap();
    assert!(
        said.starts_with(
            "`packaging_included` says no, and the figures hold 0.005777 kg CO2e of packaging: "
        ),
        "{said}"
    );
}

#[test]
fn recycling_by_the_formula_is_proven_shown_and_audited() {
    let mut house = House::new();
    let factor = |name: &str, kg: &str| {
        statement(
            "factor",
            "maker",
            json!({"factor": name, "name": name, "category": "material", "data": "secondary", "gwp": "AR6", "licence": "CC0",
                "scope": "life-cycle", "source": "a table", "unit": "kg", "values": {"fossilGhgEmissions": kg}, "year": "2024"}),
        )
    };
    let factors =
        [factor("virgin", "2.86390131"), factor("melted", "1.82390131"), factor("buried", "0.00898311")];
    house.append(House::maker, &factors);
    let mut product = stated("");
    product["boundary"] = json!("cradle-to-grave");
    product["recycling"] = json!({"method": "cff", "materials": [{"material": "steel", "kg": "1", "region": "CN", "R1": "0.3", "R2": "0.85",
        "R3": "0", "Ev": "virgin", "EvStar": "virgin", "Erec": "melted", "ErecEoL": "melted", "Ed": "buried"}]});
    house.state_product(product);
    let published = house.publish();
    let gate = published.figures.gate.excluding_uptake;
    let grave = published.figures.grave.unwrap().excluding_uptake;
    assert_eq!(
        grave.minus(gate).unwrap().to_string(),
        "-0.4562525335",
        "-0.7072, 0.15 buried and 0.2496 of the content"
    );
    let (page, pact) = house.stands(&published);
    let told = "recycling of `steel`: A 0.2, QsinQp 1, QsoutQp 1 taken from the European defaults (PEF Annex C v2.1, May 2020), used for CN";
    for said in ["Circular footprint formula (PEF)", told, "steel (credits at the end of life)", "-1.947"] {
        assert!(page.contains(said), "{said}");
    }
    assert_eq!(pact["pcf"]["pcfExcludingBiogenicUptake"], json!(gate.to_string()));
    let report = house.report(&published, &Disclosure::default());
    assert!(matches!(report.check("figures-recalculated").unwrap().outcome, Outcome::NotChecked(_)));
    let store = house.world.ledger.into_store();
    let report =
        pcf_ledger::audit::run(&store, &pcf_ledger::audit::Beside::default(), &mut |_, _| {}).unwrap();
    assert!(report.findings.is_empty(), "{:#?}", report.findings);
    assert_eq!(report.publications, 1);
}
