//! The desk as a library: a program gives it the clock, the randomness and a ledger in memory, and
//! the same calls give the same log.

use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use pcf_desk::actors::{Enrolment, enrol};
use pcf_desk::import::{self, Imported, Input, Options, Signer, Wanted};
use pcf_desk::questions::{Asked, CheckAsked, SpreadAsked, check, footprint, history, log};
use pcf_desk::session::{Progress, Session, Task};
use pcf_desk::withdraw::withdraw;
use pcf_desk::{DeskError, Note};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, GwpSet, PublicKey, StatementId};
use pcf_ledger::store::memory::MemoryStore;
use pcf_testing::desk::BOTTLE as PRODUCTS;
use pcf_testing::{ACME, OPERATOR, answers, asked, genesis, key};

const BOTTLE: &str = "urn:gtin:06901234000016";

const FACTORS: &str = "id,name,category,unit,kgco2e,gwp_set,scope,year,source,licence,data\n\
    grid,Grid,electricity.lifecycle,kWh,0.8,AR6,life-cycle,2025,x,x,secondary\n";

const ACTIVITIES: &str = "stage,process,site,start,end,product,output,output_unit,flow,kind,amount,unit,source\n\
    production,casting,Plant 7,2025-01-01,2026-01-01,urn:gtin:06901234000016,100,piece,electricity,energy,900,kWh,factor:grid\n";

/// A clock that stands, randomness that counts, and what the caller heard.
#[derive(Default)]
struct Fixed {
    asked: AtomicU64,
    without_clock: AtomicBool,
    without_randomness: AtomicBool,
    notes: Mutex<Vec<String>>,
    landed: Arc<Mutex<Vec<u64>>>,
}

impl Session for Fixed {
    fn now_s(&self) -> Result<u64, DeskError> {
        if self.without_clock.load(Ordering::Relaxed) { Err(DeskError::Clock) } else { Ok(1_780_000_000) }
    }

    fn fill(&self, bytes: &mut [u8]) -> Result<(), DeskError> {
        if self.without_randomness.load(Ordering::Relaxed) {
            return Err(DeskError::Randomness("a test".into()));
        }
        let count = self.asked.fetch_add(1, Ordering::Relaxed);
        for (n, byte) in bytes.iter_mut().enumerate() {
            *byte = (count.wrapping_mul(31) + n as u64) as u8;
        }
        Ok(())
    }

    fn note(&self, note: &Note) {
        self.notes.lock().unwrap().push(note.to_string());
    }

    fn begin(&self, _: Task) -> Box<dyn Progress> {
        Box::new(Heard(Arc::clone(&self.landed)))
    }
}

struct Heard(Arc<Mutex<Vec<u64>>>);

impl Progress for Heard {
    fn advance(&mut self, _: u64) {}

    fn landed(&mut self, index: u64, _: usize) -> io::Result<()> {
        self.0.lock().unwrap().push(index);
        Ok(())
    }
}

fn options() -> Options {
    Options {
        correct: false,
        withdraw_missing: false,
        dry_run: false,
        strict: false,
        batch_size: 1000,
        decimal: None,
        dates: None,
        encoding: None,
        skip_totals: false,
        period: None,
        split_at: Vec::new(),
        mapping: None,
        name_statements: true,
    }
}

fn acme() -> ActorId {
    "acme".parse().unwrap()
}

/// A ledger in memory in which acme may record.
fn enrolled(session: &Fixed) -> Ledger<MemoryStore> {
    let mut ledger = Ledger::in_memory(genesis(), &key(OPERATOR), 7).unwrap();
    let wanted = Enrolment {
        actor: acme(),
        name: Some("Acme".parse().unwrap()),
        keys: vec![PublicKey::from_bytes(key(ACME).verifying_key().to_bytes())],
        company_ids: Vec::new(),
        types: ["product", "factor", "activity"].map(|kind| kind.parse().unwrap()).to_vec(),
        stages: vec!["production".parse().unwrap()],
        products: Vec::new(),
        rights_anew: false,
    };
    let done = enrol(session, &mut ledger, &key(OPERATOR), wanted).unwrap();
    assert_eq!((done.actor.as_str(), done.index), ("acme", 1));
    ledger
}

fn record(
    session: &Fixed,
    ledger: Ledger<MemoryStore>,
    text: &str,
    options: &Options,
) -> Result<(Imported, Ledger<MemoryStore>), Box<DeskError>> {
    let input = Input::Bytes { name: "rows.csv".into(), bytes: text.into() };
    let (key, by) = (key(ACME), acme());
    let signer = Signer { key: &key, by: &by };
    Ok(import::run(session, ledger, signer, &[input], Wanted::Everything, options)?)
}

fn figure(ledger: &Ledger<MemoryStore>) -> String {
    let spread = SpreadAsked { first_order: false, draws: None, against: None };
    let asked = Asked { request: asked("2025"), as_of: None, spread };
    footprint(ledger, "Bottle", &asked).unwrap().figures.gate.excluding_uptake.to_string()
}

/// Records, tries, corrects and withdraws.
fn told(session: &Fixed) -> Ledger<MemoryStore> {
    let mut ledger = enrolled(session);
    for (index, text) in [std::str::from_utf8(PRODUCTS).unwrap(), FACTORS, ACTIVITIES].iter().enumerate() {
        let (imported, now) = record(session, ledger, text, &options()).unwrap();
        assert_eq!((imported.recorded, imported.submissions[0].index), (1, index as u64 + 2));
        ledger = now;
    }
    assert_eq!(figure(&ledger), "7.2");

    let more = ACTIVITIES.replace(",900,", ",1000,");
    let before = answers(&ledger);
    let tried = Options { correct: true, dry_run: true, ..options() };
    let (imported, ledger) = record(session, ledger, &more, &tried).unwrap();
    assert!(imported.dry_run && imported.foreseen.is_some() && imported.submissions.is_empty());
    assert_eq!(answers(&ledger), before, "a dry run changed the ledger");
    let (imported, mut ledger) =
        record(session, ledger, &more, &Options { correct: true, ..options() }).unwrap();
    assert_eq!(imported.corrected, 1);
    assert_eq!(figure(&ledger), "8");

    let target: StatementId = imported.submissions[0].statements[0].parse().unwrap();
    let (key, by) = (key(ACME), acme());
    let signer = Signer { key: &key, by: &by };
    let gone = withdraw(session, &mut ledger, signer, target, "a mistake".parse().unwrap()).unwrap();
    assert_eq!(gone.index, 6);
    ledger
}

#[test]
fn a_program_keeps_a_ledger_in_memory_through_the_desk_and_gets_the_same_log_again() {
    let (one, other) = (Fixed::default(), Fixed::default());
    let (ledger, again) = (told(&one), told(&other));
    assert_eq!(ledger.root(), again.root(), "the clock and the randomness are the caller's");
    assert_eq!(answers(&ledger), answers(&again));
    assert_eq!(*one.landed.lock().unwrap(), [2, 3, 4, 5], "each submission of an import was heard of");
    assert_eq!(*one.notes.lock().unwrap(), *other.notes.lock().unwrap());

    let shown = log(&ledger, None, 20).unwrap();
    assert!(shown.submissions.iter().skip(1).all(|s| s.signed_at == "2026-05-28T20:26:40Z"), "{shown:?}");
    let said = history(&ledger, BOTTLE).unwrap();
    assert_eq!(said.statements.iter().filter(|said| said.holds).count(), 1, "the product alone still holds");
    let period = "2025".parse().unwrap();
    let today = "2026-06-01".parse().unwrap();
    let asked = CheckAsked { period: Some(period), gwp: GwpSet::Ar6, today, listed_max: None };
    let report = check(&ledger, &[BOTTLE.to_owned()], asked).unwrap();
    assert!(!report.findings.is_empty(), "nothing is recorded of the bottle any more");
}

#[test]
fn without_a_clock_or_randomness_nothing_is_appended() {
    let session = Fixed::default();
    let mut ledger = enrolled(&session);
    let before = answers(&ledger);
    let (key, by) = (key(ACME), acme());
    let signer = Signer { key: &key, by: &by };
    let target = ledger.book().entry_at(1).unwrap().unwrap().id;

    session.without_clock.store(true, Ordering::Relaxed);
    let refused = withdraw(&session, &mut ledger, signer, target, "x".parse().unwrap());
    assert!(matches!(refused, Err(DeskError::Clock)), "{refused:?}");
    session.without_clock.store(false, Ordering::Relaxed);
    session.without_randomness.store(true, Ordering::Relaxed);
    let refused = withdraw(&session, &mut ledger, signer, target, "x".parse().unwrap());
    assert!(matches!(refused, Err(DeskError::Randomness(_))), "{refused:?}");
    assert_eq!(answers(&ledger), before);
    let refused = record(&session, ledger, FACTORS, &options()).map(drop).map_err(|error| *error);
    assert!(matches!(refused, Err(DeskError::Randomness(_))), "{refused:?}");
}
