//! All gates at once, on one thread: a million products without a loop, and 20,000 of which 16,184
//! consume each other. Lowering the statements to rows, solving and putting the figures together
//! are timed apart.

use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use pcf_ledger::calc::Products;
use pcf_ledger::model::Category;

use crate::graphs::{Graph, Node, acyclic, id, inventory, kg, looped, request};
use crate::process::{self, Numbers, median};
use crate::table::Line;
use crate::{Args, Fail};

/// Products of the graph without a loop, at five flows each.
const PRODUCTS: usize = 1_000_000;

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    let mut lines = Vec::new();
    let cases = [
        ("acyclic", 1, 0.3),
        ("acyclic", 3, 0.3),
        ("acyclic", 8, 1.0),
        ("loop", 1, 0.1),
        ("loop", 3, 0.1),
        ("loop", 8, 0.1),
    ];
    for (name, categories, budget) in cases {
        let number = categories.to_string();
        let runs: Vec<Numbers> = (0..args.rounds)
            .map(|_| process::run(&["footprints", name, &number]))
            .collect::<Result<_, _>>()?;
        let of = |name: &str| median(runs.iter().map(|run| run[name]).collect());
        let (flows, plural) = (crate::table::short(of("flows")), if categories == 1 { "y" } else { "ies" });
        let what = match name {
            "loop" => format!(
                "20,000 products, 16,184 of them in one loop, {flows} flows, {number} categor{plural}"
            ),
            _ => format!("1,000,000 products, {flows} flows, no loop, {number} categor{plural}"),
        };
        lines.push(Line::at_most(&format!("all gates: {what}"), of("gates_s"), "s", budget));
        lines.push(Line::plain(&format!("lowering the statements: {what}"), of("lower_s"), "s"));
        lines.push(Line::plain(&format!("the figures of each product: {what}"), of("figures_s"), "s"));
        lines.push(Line::at_most(
            &format!("memory of all that is lowered and solved, beside the statements: {what}"),
            of("engine_mb"),
            "MB",
            1_500.0,
        ));
    }
    Ok(lines)
}

pub fn child(rest: &[&str]) -> Result<(), Fail> {
    let [name, categories] = rest else { return Err("a graph and the number of categories".into()) };
    let graph = if *name == "loop" { looped() } else { acyclic(PRODUCTS) };
    if *name == "loop" {
        eprintln!("  Gauss-Seidel in floats needs {} sweeps", sweeps(&graph));
    }
    let flows: usize = graph.products.iter().map(|p| p.inputs.len() + p.factors.len()).sum();
    let inventory = inventory(&graph, categories.parse()?)?;
    drop(graph);
    let request = request()?;
    let (mut lower, mut spent, mut figures) = (Vec::new(), Vec::new(), Vec::new());
    let before = process::memory_mb()?;
    let mut most = before;
    for _ in 0..3 {
        let start = Instant::now();
        let products = Products::lower(&inventory, &request);
        lower.push(start.elapsed().as_secs_f64());
        let start = Instant::now();
        let gates = products.solve();
        spent.push(start.elapsed().as_secs_f64());
        most = most.max(process::memory_mb()?);
        let start = Instant::now();
        let mut without = 0;
        gates.each(|_, figures| without += usize::from(figures.is_err()));
        figures.push(start.elapsed().as_secs_f64());
        if without > 0 {
            return Err(format!("{without} products without a gate").into());
        }
    }
    let numbers = [
        ("gates_s", median(spent)),
        ("lower_s", median(lower)),
        ("figures_s", median(figures)),
        ("engine_mb", most - before),
        ("flows", flows as f64),
    ];
    process::print(numbers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

/// How many sweeps floats need until no value changes in its last digits.
fn sweeps(graph: &Graph) -> usize {
    let ratio = |node: &Node, amount: u64| amount as f64 / (node.made as f64 * 1e6);
    let own = |node: &Node| node.factors.iter().map(|f| ratio(node, f.1) * (f.0 + 1) as f64).sum::<f64>();
    let mut x = vec![0.0_f64; graph.products.len()];
    for sweep in 1..100_000 {
        let mut step = 0.0_f64;
        for (i, node) in graph.products.iter().enumerate() {
            let taken: f64 = node.inputs.iter().map(|(j, a)| ratio(node, *a) * x[*j]).sum();
            let next = own(node) + taken;
            step = step.max((next - x[i]).abs() / next.abs().max(1e-300));
            x[i] = next;
        }
        if step < 1e-15 {
            return sweep;
        }
    }
    usize::MAX
}

/// Writes both graphs as text for other programs: `p product made`, `i product input amount`, `f
/// product kg amount`; then `t seconds`, what all gates took here, and `g product kg`, the gate of
/// the last product.
pub fn write(dir: &Path) -> Result<(), Fail> {
    std::fs::create_dir_all(dir)?;
    for (name, graph) in [("acyclic", acyclic(PRODUCTS)), ("loop", looped())] {
        let mut out = BufWriter::new(std::fs::File::create(dir.join(format!("{name}.txt")))?);
        for (number, node) in graph.products.iter().enumerate() {
            writeln!(out, "p {number} {}", node.made * 1_000_000)?;
            for (input, amount) in &node.inputs {
                writeln!(out, "i {number} {input} {amount}")?;
            }
            for (factor, amount) in &node.factors {
                writeln!(out, "f {number} {} {amount}", kg(*factor, 0)?)?;
            }
        }
        let (inventory, request) = (inventory(&graph, 1)?, request()?);
        let mut spent = Vec::new();
        let last = graph.products.len() - 1;
        let mut gate = None;
        for _ in 0..5 {
            let products = Products::lower(&inventory, &request);
            let start = Instant::now();
            let gates = products.solve();
            spent.push(start.elapsed().as_secs_f64());
            gate = gates.gate(&id(last)?);
        }
        writeln!(out, "t {}", median(spent))?;
        let kg = gate.ok_or("the last product has no gate")?[Category::Fossil];
        writeln!(out, "g {last} {kg}")?;
    }
    Ok(())
}
