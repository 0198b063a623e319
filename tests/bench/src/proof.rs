//! Verifying one footprint proof, from its bytes to its verdict, with every used statement disclosed.

use std::time::Instant;

use pcf_ledger::proof::{Proof, Trust, Verdict};
use pcf_ledger::codec::decode_draft;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::publish::{self, Disclosure, Order};

use crate::process::{self, Numbers, median};
use crate::table::Line;
use crate::{Args, Fail, data};

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    let runs: Vec<Numbers> = (0..args.rounds).map(|_| process::run(&["proof"])).collect::<Result<_, _>>()?;
    let of = |name: &str| median(runs.iter().map(|run| run[name]).collect());
    let what = format!("verify one footprint proof ({} statements used)", crate::table::short(of("used")));
    Ok(vec![Line::at_most(&what, of("ms"), "ms", 10.0).peak(of("peak_mb"))])
}

#[allow(clippy::cast_precision_loss, reason = "counts of a benchmark stay far below 2^53")]
pub fn child() -> Result<Numbers, Fail> {
    let (count, now) = (100, 1_767_225_600);
    let mut ledger = Ledger::in_memory(data::genesis()?, &data::operator(), now)?;
    data::prepare(&mut ledger, 1)?;
    let statements: Vec<_> = (0..count)
        .map(|n| decode_draft(&data::row(n, data::products(count)).bytes))
        .collect::<Result<_, _>>()?;
    ledger.append(&data::maker(), now, &statements)?;
    let product = data::row(0, data::products(count)).product.parse()?;
    let order = Order::draft(product, "2020".parse()?, "2026-01-01T00:00:00Z".parse()?, [7; 32])?;
    let prepared = publish::prepare(&ledger, &order)?;
    let used = prepared.used.all().count() as f64;
    ledger.append(&data::maker(), now, &[prepared.publication.into()])?;
    let checkpoint = ledger.sign_checkpoint(&data::log_key(), &[])?;
    let parts = publish::gather(&ledger, &order.footprint, &checkpoint, &Disclosure::all())?;
    let bytes = Proof::new(parts)?.to_bytes()?;
    let trust = Trust { log_key: Some(ledger.verifier_key()?), ..Trust::default() };
    let mut spent = Vec::new();
    for _ in 0..50 {
        let start = Instant::now();
        let verdict = Proof::parse(&bytes)?.verify(&trust).verdict();
        spent.push(1e3 * start.elapsed().as_secs_f64());
        if verdict != Verdict::Holds {
            return Err("the proof does not hold".into());
        }
    }
    Ok(Numbers::from([("ms".into(), median(spent)), ("used".into(), used)]))
}
