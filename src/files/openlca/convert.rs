//! From the documents of a package to unsigned statements: one product and one activity a process, linked through the package's providers. It
//! reads no file and decides by the rules in its own report.

use std::collections::BTreeMap;

use super::amount::Measured;
use super::gas::{Elementary, classify};
use super::package::Package;
use super::report::{FindingKind, ImportReport, text};
use super::schema::{Exchange, FlowType, Process};
use super::write::{checked, flow};
use crate::Draft;
use pcf_core::codec::digest::sha256;
use pcf_core::model::{
    ActorId, Amount, Decimal, FactorId, Flow, FlowKind, FlowSource, Output, Period, ProductId, Quantity,
    Statement, Unit, ValueError,
};

/// The name of the unit process that every imported activity states; the product has the name of the package's process.
pub(super) const PROCESS: &str = "inventory of the package";
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

/// A product that a process makes.
struct Made<'p> {
    process: &'p Process,
    outputs: Vec<OneOutput<'p>>,
}

/// One output.
pub(super) struct OneOutput<'p> {
    pub(super) flow: &'p str,
    pub(super) id: ProductId,
    pub(super) amount: Measured,
    /// Its part of the allocation key, where there are several.
    pub(super) key: Option<Decimal>,
}

impl<'p> Made<'p> {
    fn new(package: &Package, process: &'p Process, report: &mut ImportReport) -> Result<Self, String> {
        let mut references = process.exchanges.iter().filter(|e| e.is_quantitative_reference);
        let (Some(reference), None) = (references.next(), references.next()) else {
            return Err("expected exactly one quantitative reference".to_owned());
        };
        let amount = measured(reference).map_err(|e| e.to_string())?;
        if !amount.is_positive() {
            return Err("its quantitative reference is not above zero".to_owned());
        }
        let id = product_id(&process.id, None).map_err(|e| e.to_string())?;
        let share = |flow: &str| stated_share(process, flow);
        let mut outputs =
            vec![OneOutput { flow: &reference.flow.id, id, amount, key: share(&reference.flow.id) }];
        for exchange in process.exchanges.iter().filter(|e| is_coproduct(package, e)) {
            let (flow, amount) = (exchange.flow.id.as_str(), measured(exchange).map_err(|e| e.to_string())?);
            let shared = outputs.first().is_some_and(|first| first.key.is_some());
            let twice = outputs.iter().any(|known| known.flow == flow);
            match share(flow).filter(|_| shared && amount.is_positive() && !twice) {
                Some(key) => {
                    let id = product_id(&process.id, Some(flow)).map_err(|e| e.to_string())?;
                    outputs.push(OneOutput { flow, id, amount, key: Some(key) });
                }
                None => report.find(FindingKind::Coproduct, &process.name, &exchange.flow.name),
            }
        }
        if outputs.iter().all(|o| o.key.is_none_or(Decimal::is_zero)) && outputs.len() > 1 {
            outputs.truncate(1);
        }
        Ok(Self { process, outputs })
    }
}

fn flow_type(package: &Package, exchange: &Exchange) -> FlowType {
    let stated = package.flows.get(&exchange.flow.id).map(|flow| flow.flow_type);
    // A flow nobody describes can only be a product that nobody provides, and is reported as such.
    stated.or(exchange.flow.flow_type).unwrap_or(FlowType::Product)
}

/// A product given out beside the reference, or a waste taken in beside it.
fn is_coproduct(package: &Package, exchange: &Exchange) -> bool {
    let kind = flow_type(package, exchange);
    !exchange.is_quantitative_reference
        && !exchange.is_avoided_product
        && ((kind == FlowType::Product && !exchange.is_input)
            || (kind == FlowType::Waste && exchange.is_input))
}

/// The share of a product by the process's own default method; shares of single exchanges (causal) are no share of the whole.
fn stated_share(process: &Process, flow: &str) -> Option<Decimal> {
    let method = process.default_allocation_method.as_deref().filter(|m| *m != "CAUSAL_ALLOCATION")?;
    let of = |f: &&super::schema::AllocationFactor| {
        f.allocation_type == method
            && f.exchange.is_none()
            && f.product.as_ref().is_some_and(|product| product.id == flow)
    };
    let factor = process.allocation_factors.iter().find(of)?;
    let (share, _) = Measured::new(&factor.value, "Item(s)").ok()?.scaled(0).ok()?;
    (!share.amount.is_negative()).then_some(share.amount)
}

fn measured(exchange: &Exchange) -> Result<Measured, ValueError> {
    let unit = exchange.unit.as_ref().map_or("", |unit| unit.name.as_str());
    Measured::new(&exchange.amount, unit)
}

/// A product's id: the process's own UUID, and for a co-product one made of both ids (RFC 9562, version 8).
fn product_id(process: &str, flow: Option<&str>) -> Result<ProductId, ValueError> {
    if flow.is_none()
        && let Ok(id) = format!("urn:uuid:{}", process.to_lowercase()).parse()
    {
        return Ok(id);
    }
    let digest = sha256(&[process.as_bytes(), &[0], flow.unwrap_or_default().as_bytes()]);
    let mut bytes = [0; 16];
    bytes.copy_from_slice(digest.get(..16).unwrap_or(&[0; 16])); // OK because a digest has 32 bytes.
    format!("urn:uuid:{}", uuid::Builder::from_custom_bytes(bytes).into_uuid()).parse()
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
    ) -> Result<Vec<(Measured, Flow)>, ValueError> {
        let (process, mut flows) = (one.process, Vec::new());
        for exchange in &process.exchanges {
            let reference = exchange.is_quantitative_reference;
            if reference || is_coproduct(self.package, exchange) {
                continue;
            }
            if exchange.amount_formula.as_deref().is_some_and(|f| !f.trim().is_empty()) {
                self.report.find(FindingKind::Formula, &process.name, &exchange.flow.name);
            }
            let amount = match measured(exchange) {
                Ok(amount) => amount,
                Err(problem) => {
                    let what = format!("{}: {problem}", exchange.flow.name);
                    self.report.find(FindingKind::Unit, &process.name, what);
                    continue;
                }
            };
            let found = if flow_type(self.package, exchange) == FlowType::Elementary {
                self.emission(process, exchange, amount, land_use)?
            } else {
                self.link(made, process, exchange, amount)
            };
            let Some((amount, source, kind)) = found else { continue };
            let name = text(&exchange.flow.name, "flow without a name");
            flows.extend(name.map(|name| (amount, flow(name, kind, source))));
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
        let source = match classify(name, cas) {
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
            Elementary::None => {
                self.report.find(FindingKind::NoGwp, &process.name, name);
                return Ok(None);
            }
        };
        if amount.unit.unit().dimension() != Unit::Kilogram.dimension() {
            let what = format!("{name}: expected a mass");
            self.report.find(FindingKind::Unit, &process.name, what);
            return Ok(None);
        }
        self.report.emissions += 1;
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
        process: &Process,
        exchange: &Exchange,
        amount: Measured,
    ) -> Option<(Measured, FlowSource, FlowKind)> {
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
        let output = match provided {
            Ok(output) if amount.unit.converts_to(&output.amount.unit) => output,
            Ok(_) => {
                self.report.find(FindingKind::Unit, &process.name, &exchange.flow.name);
                return None;
            }
            Err(kind) => {
                self.report.find(kind, &process.name, &exchange.flow.name);
                return None;
            }
        };
        self.report.linked += 1;
        let amount = if exchange.is_avoided_product { amount.negated() } else { amount };
        let dimension = amount.unit.unit().dimension();
        let kind = match flow_type(self.package, exchange) {
            FlowType::Waste => FlowKind::Waste,
            _ if dimension == Unit::KilowattHour.dimension() => FlowKind::Energy,
            _ if dimension == Unit::TonKilometre.dimension() => FlowKind::Transport,
            _ => FlowKind::Material,
        };
        Some((amount, FlowSource::Product(output.id.clone()), kind))
    }

    /// The products of a process and its activity.
    fn statements(
        &mut self,
        one: &Made<'_>,
        mut flows: Vec<(Measured, Flow)>,
    ) -> Result<(Vec<Statement>, Statement), String> {
        let (process, name) = (one.process, one.process.name.as_str());
        if flows.is_empty() {
            self.report.find(FindingKind::Nothing, name, "");
            let gas = "CO2".parse().map_err(|e: ValueError| e.to_string())?;
            let label = text("no flow of the package counts", "nothing").ok_or("no name")?;
            let zero = Measured::new(&0.into(), "kg").map_err(|e| e.to_string())?;
            flows.push((zero, flow(label, FlowKind::Emission, FlowSource::Gas(gas))));
        }
        let amounts = || one.outputs.iter().map(|o| &o.amount).chain(flows.iter().map(|(amount, _)| amount));
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
            outputs.push(Output { amount, key, product: output.id.clone(), unit, value: None });
        }
        let mut stated = Vec::new();
        for (amount, mut flow) in flows {
            flow.amount = Some(Amount::Given(exact(&amount, flow.name.as_str())?));
            stated.push(flow);
        }
        let mut products = Vec::new();
        for output in &one.outputs {
            products.push(checked(self.product(process, output)?.into())?);
        }
        let activity = self.activity(outputs, stated).ok_or("its name cannot be written")?;
        Ok((products, checked(activity.into())?))
    }
}
