//! From the documents of a package to unsigned statements: one product and one activity a process,
//! linked through the package's providers. It reads no file and decides by the rules in its own
//! report.

use std::collections::BTreeMap;

use super::amount::Measured;
use super::gas::{Described, Elementary, classify};
use super::made::{Made, flow_type, is_coproduct, measured};
use super::package::Package;
use super::report::{FindingKind, ImportReport, text};
use super::schema::{Exchange, FlowType, Process};
use super::write::{checked, cut_off, flow};
use crate::Draft;
use pcf_core::model::{
    ActorId, Amount, Exemptions, FactorId, Flow, FlowKind, FlowSource, Output, Period, Quantity, Statement,
    Unit, ValueError,
};

/// The name of the unit process that every imported activity states; the product has the name of
/// the package's process.
pub(super) const PROCESS: &str = "inventory of the package";
/// The key by which the outputs of one process share its flows.
pub(super) const SHARE: &str = "share";
/// The factor of CO2 from land use change: one kg of it, in its own category.
pub(super) const LAND_USE_FACTOR: &str = "openlca.co2-land-use-change";

/// What became of a package.
#[derive(Debug, Clone)]
pub struct Converted {
    /// Factors, products, activities, in this order.
    pub drafts: Vec<Draft>,
    /// What was taken, left out and assumed.
    pub report: ImportReport,
}

/// Turns every process into statements said by `by`, its activity of the period `period`.
///
/// # Errors
/// [`ValueError`] only where a name that this program writes itself is refused.
pub fn convert(package: &Package, by: &ActorId, period: Period) -> Result<Converted, ValueError> {
    let mut report = ImportReport { processes: package.processes.len(), ..ImportReport::default() };
    for (folder, count) in &package.others {
        report.find(FindingKind::OtherDocuments, "", format!("{count} in `{folder}/`"));
    }
    let mut made: BTreeMap<&str, Made<'_>> = BTreeMap::new();
    for process in package.processes.values() {
        match Made::new(package, process, &mut report) {
            Ok(found) => drop(made.insert(&process.id, found)),
            Err(problem) => report.find(FindingKind::NotConverted, &process.name, problem),
        }
    }
    let mut conversion = Conversion { package, by, period, providers: BTreeMap::new(), made, report };
    conversion.list_providers();
    conversion.run()
}

pub(super) struct Conversion<'p> {
    package: &'p Package,
    pub(super) by: &'p ActorId,
    pub(super) period: Period,
    /// The processes that make a flow.
    providers: BTreeMap<&'p str, Vec<&'p str>>,
    made: BTreeMap<&'p str, Made<'p>>,
    pub(super) report: ImportReport,
}

impl<'p> Conversion<'p> {
    fn list_providers(&mut self) {
        for (process, made) in &self.made {
            for output in &made.outputs {
                self.providers.entry(output.flow).or_default().push(process);
            }
        }
    }

    fn run(mut self) -> Result<Converted, ValueError> {
        let (mut products, mut activities, mut land_use) = (Vec::new(), Vec::new(), false);
        let made = std::mem::take(&mut self.made);
        for (id, one) in &made {
            let flows = self.flows(&made, one, &mut land_use)?;
            match self.statements(one, flows) {
                Ok((mut stated, activity)) => {
                    self.report.products += stated.len();
                    products.append(&mut stated);
                    activities.push(activity);
                }
                Err(problem) => {
                    let what = format!("{problem} (@id {id})");
                    self.report.find(FindingKind::NotConverted, &one.process.name, what);
                }
            }
        }
        let factor = if land_use { Some(self.land_use_factor()?) } else { None };
        let all = factor.into_iter().chain(products).chain(activities);
        let drafts = all.map(|statement| Draft::new(statement, Vec::new())).collect();
        self.report
            .findings
            .sort_by(|a, b| (a.kind, &a.process, &a.what).cmp(&(b.kind, &b.process, &b.what)));
        Ok(Converted { drafts, report: self.report })
    }

    /// Everything of a process that counts, with its amounts still unrounded.
    fn flows(
        &mut self,
        made: &BTreeMap<&str, Made<'_>>,
        one: &Made<'_>,
        land_use: &mut bool,
    ) -> Result<Vec<(Option<Measured>, Flow)>, ValueError> {
        let (process, mut flows) = (one.process, Vec::new());
        for exchange in &process.exchanges {
            let reference = exchange.is_quantitative_reference;
            if reference || is_coproduct(self.package, exchange) {
                continue;
            }
            if exchange.amount_formula.as_deref().is_some_and(|f| !f.trim().is_empty()) {
                self.report.find(FindingKind::Formula, &process.name, &exchange.flow.name);
            }
            let (amount, lost) = match measured(self.package, exchange) {
                Ok(measured) => measured,
                Err(problem) => {
                    let what = format!("{}: {problem}", exchange.flow.name);
                    self.report.find(FindingKind::Unit, &process.name, what);
                    flows.extend(cut_off(&exchange.flow.name, FindingKind::Unit).map(|flow| (None, flow)));
                    continue;
                }
            };
            if lost {
                self.report.find(FindingKind::Rounded, &process.name, &exchange.flow.name);
            }
            let found = if flow_type(self.package, exchange) == FlowType::Elementary {
                let mass = amount.unit.unit().dimension() == Unit::Kilogram.dimension();
                let found = self.emission(process, exchange, amount, land_use)?;
                if found.is_some() && !mass {
                    let what = format!("{}: expected a mass", exchange.flow.name);
                    self.report.find(FindingKind::Unit, &process.name, what);
                    flows.extend(cut_off(&exchange.flow.name, FindingKind::Unit).map(|flow| (None, flow)));
                    continue;
                }
                self.report.emissions += usize::from(found.is_some());
                found
            } else {
                match self.link(made, exchange, amount) {
                    Ok(linked) => Some(linked),
                    Err(kind) => {
                        self.report.find(kind, &process.name, &exchange.flow.name);
                        flows.extend(cut_off(&exchange.flow.name, kind).map(|flow| (None, flow)));
                        None
                    }
                }
            };
            let Some((amount, source, kind)) = found else { continue };
            let name = text(&exchange.flow.name, "flow without a name");
            flows.extend(name.map(|name| (Some(amount), flow(name, kind, source))));
        }
        Ok(flows)
    }

    fn emission(
        &mut self,
        process: &Process,
        exchange: &Exchange,
        amount: Measured,
        land_use: &mut bool,
    ) -> Result<Option<(Measured, FlowSource, FlowKind)>, ValueError> {
        let name = exchange.flow.name.as_str();
        let cas = self.package.flows.get(&exchange.flow.id).and_then(|flow| flow.cas.as_deref());
        let category = self.package.category(&exchange.flow.id);
        let described = Described { name, cas, category: &category, is_input: exchange.is_input };
        let source = match classify(described) {
            Elementary::Gas(gas) => FlowSource::Gas(gas),
            Elementary::MethaneOfUnknownOrigin(gas) => {
                self.report.find(FindingKind::Methane, &process.name, name);
                FlowSource::Gas(gas)
            }
            Elementary::LandUseChange => {
                *land_use = true;
                FlowSource::Factor { factor: LAND_USE_FACTOR.parse::<FactorId>()?, upstream: None }
            }
            Elementary::BiogenicCo2 => {
                self.report.find(FindingKind::BiogenicCo2, &process.name, name);
                return Ok(None);
            }
            Elementary::NotToAir => {
                self.report.find(FindingKind::NotToAir, &process.name, name);
                return Ok(None);
            }
            Elementary::None => {
                self.report.find(FindingKind::NoGwp, &process.name, name);
                return Ok(None);
            }
        };
        let kind = match source {
            FlowSource::Gas(_) => FlowKind::Emission,
            _ => FlowKind::Material,
        };
        let amount = if exchange.is_input { amount.negated() } else { amount };
        Ok(Some((amount, source, kind)))
    }

    /// Links a product or a waste to the process that provides or treats it.
    fn link(
        &mut self,
        made: &BTreeMap<&str, Made<'_>>,
        exchange: &Exchange,
        amount: Measured,
    ) -> Result<(Measured, FlowSource, FlowKind), FindingKind> {
        let flow = exchange.flow.id.as_str();
        let known = self.providers.get(flow).map_or(&[][..], Vec::as_slice);
        let named = exchange.default_provider.as_ref().map(|p| p.id.as_str()).filter(|id| !id.is_empty());
        let provider = match (named, known) {
            (Some(named), _) if known.contains(&named) => Ok(named),
            (Some(_), _) => Err(FindingKind::ProviderMissing),
            (None, [one]) => Ok(*one),
            (None, []) => Err(FindingKind::NoProvider),
            (None, _) => Err(FindingKind::SeveralProviders),
        };
        let provided = provider.and_then(|id| {
            let output = made.get(id).and_then(|m| m.outputs.iter().find(|o| o.flow == flow));
            output.ok_or(FindingKind::NoProvider)
        });
        let output = provided.and_then(|output| {
            let fits = amount.unit.converts_to(&output.amount.unit);
            if fits { Ok(output) } else { Err(FindingKind::Unit) }
        })?;
        self.report.linked += 1;
        let amount = if exchange.is_avoided_product { amount.negated() } else { amount };
        let dimension = amount.unit.unit().dimension();
        let kind = match flow_type(self.package, exchange) {
            FlowType::Waste => FlowKind::Waste,
            _ if dimension == Unit::KilowattHour.dimension() => FlowKind::Energy,
            _ if dimension == Unit::TonKilometre.dimension() => FlowKind::Transport,
            _ => FlowKind::Material,
        };
        Ok((amount, FlowSource::Product(output.id.clone()), kind))
    }

    /// The products of a process and its activity.
    fn statements(
        &mut self,
        one: &Made<'_>,
        mut flows: Vec<(Option<Measured>, Flow)>,
    ) -> Result<(Vec<Statement>, Statement), String> {
        let (process, name) = (one.process, one.process.name.as_str());
        if flows.iter().all(|(amount, _)| amount.is_none()) {
            self.report.find(FindingKind::Nothing, name, "");
            let gas = "CO2".parse().map_err(|e: ValueError| e.to_string())?;
            let label = text("no flow of the package counts", "nothing").ok_or("no name")?;
            let zero = Measured::new(&0.into(), "kg").map_err(|e| e.to_string())?;
            flows.push((Some(zero), flow(label, FlowKind::Emission, FlowSource::Gas(gas))));
        }
        let amounts = || {
            one.outputs
                .iter()
                .map(|o| &o.amount)
                .chain(flows.iter().filter_map(|(amount, _)| amount.as_ref()))
        };
        let room = amounts().filter(|a| !a.is_zero()).map(Measured::room).min().unwrap_or(0).max(0);
        let scale = amounts().map(Measured::lacking).max().unwrap_or(0).min(room);
        if scale > 0 {
            self.report.find(FindingKind::Scaled, name, format!("10^{scale}"));
        }
        let mut exact = |amount: &Measured, what: &str| -> Result<Quantity, String> {
            let (quantity, lost) = amount.scaled(scale).map_err(|e| format!("{what}: {e}"))?;
            if lost {
                self.report.find(FindingKind::Rounded, name, what);
            }
            Ok(quantity)
        };
        let mut outputs = Vec::new();
        for output in &one.outputs {
            let Quantity { amount, unit } = exact(&output.amount, "output")?;
            let key = output.key.filter(|_| one.outputs.len() > 1);
            let name = text(SHARE, SHARE).ok_or("its shares cannot be written")?;
            let keys = key.map(|key| (name, key)).into_iter().collect();
            outputs.push(Output {
                amount,
                keys,
                product: output.id.clone(),
                split_from: None,
                unit,
                value: None,
            });
        }
        let is_cut_off = flows.iter().any(|(amount, _)| amount.is_none());
        let mut stated = Vec::new();
        for (amount, mut flow) in flows {
            let amount = amount.map(|amount| exact(&amount, flow.name.as_str())).transpose()?;
            flow.amount = amount.map(Amount::Given);
            stated.push(flow);
        }
        let mut products = Vec::new();
        for output in &one.outputs {
            let mut product = self.product(process, output)?;
            product.exemptions = is_cut_off.then_some(Exemptions::Listed);
            products.push(checked(product.into())?);
        }
        let activity = self.activity(outputs, stated).ok_or("its name cannot be written")?;
        Ok((products, checked(activity.into())?))
    }
}
