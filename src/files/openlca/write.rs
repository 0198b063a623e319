//! The statements that a conversion writes: product, activity, the one factor. It fills in forms;
//! what goes into them is decided elsewhere.

use std::collections::BTreeMap;

use super::amount::PackageUnit;
use super::convert::{Conversion, LAND_USE_FACTOR, PROCESS, SHARE};
use super::made::OneOutput;
use super::report::{FindingKind, text};
use super::schema::Process;
use pcf_core::codec;
use pcf_core::model::{
    Activity, Allocation, Boundary, Category, Co2e, DataKind, Decimal, Factor, FactorCategory, Flow,
    FlowKind, FlowSource, Output, Product, Quantity, Salt, Scope, Stage, StatedGwp, Statement, Text, Unit,
    ValueError,
};

impl Conversion<'_> {
    pub(super) fn product(&mut self, process: &Process, output: &OneOutput<'_>) -> Result<Product, String> {
        let flow_name = process.exchanges.iter().find(|e| e.flow.id == output.flow);
        let flow_name = flow_name.map_or("", |e| e.flow.name.as_str());
        let first = output.key.is_none()
            || process.exchanges.iter().any(|e| e.is_quantitative_reference && e.flow.id == output.flow);
        let name = if first { process.name.clone() } else { format!("{flow_name}, from {}", process.name) };
        let place = process.location.as_ref().map(|l| l.name.as_str()).filter(|name| !name.is_empty());
        let mut about = format!("openLCA process {}", process.id);
        about.extend(place.map(|place| format!("; location {place}")));
        if let PackageUnit::Counted(unit) = &output.amount.unit {
            let unit = if unit.is_empty() { "unit that is not named" } else { unit };
            about.push_str(&format!("; one piece is one {unit}"));
            self.report.find(FindingKind::CountedUnit, &process.name, unit);
        }
        let unnamed = || "its name cannot be written".to_owned();
        Ok(Product {
            boundary: Boundary::Gate,
            by: self.by.clone(),
            carbon: None,
            ccs_included: None,
            classifications: Vec::new(),
            declared_unit: Quantity { amount: Decimal::ONE, unit: output.amount.unit.unit() },
            description: Some(text(&about, "openLCA process").ok_or_else(unnamed)?),
            design_at_gate: false,
            exemptions: None,
            ids: vec![output.id.clone()],
            mass_per_declared_unit: None,
            name: text(&name, "process without a name").ok_or_else(unnamed)?,
            packaging: None,
            processes: vec![pcf_core::model::Process {
                name: text(PROCESS, PROCESS).ok_or_else(unnamed)?,
                signers: vec![self.by.clone()],
                stage: Stage::Production,
                units_of: None,
            }],
            recycling: None,
            replaces: None,
            rules: Vec::new(),
            salt: Salt::from_bytes([0; 16]),
            tag_salt: None,
            r#type: Default::default(),
            unit_tolerance_percent: None,
            v: Default::default(),
        })
    }

    pub(super) fn activity(&self, outputs: Vec<Output>, flows: Vec<Flow>) -> Option<Activity> {
        Some(Activity {
            allocation: if outputs.len() > 1 { Some(Allocation::Key(text(SHARE, SHARE)?)) } else { None },
            applies_to: None,
            batch: None,
            by: self.by.clone(),
            evidence: Vec::new(),
            flows,
            r#for: Vec::new(),
            meter: None,
            outputs,
            period: self.period,
            process: text(PROCESS, PROCESS)?,
            quality: None,
            recipe: true,
            replaces: None,
            salt: Salt::from_bytes([0; 16]),
            scenario: None,
            series: None,
            site: None,
            split_from: None,
            stage: Stage::Production,
            tags: Vec::new(),
            r#type: Default::default(),
            v: Default::default(),
        })
    }

    pub(super) fn land_use_factor(&self) -> Result<Statement, ValueError> {
        Ok(Factor {
            by: self.by.clone(),
            category: FactorCategory::Process,
            data: DataKind::Secondary,
            exclusions: Vec::new(),
            factor: LAND_USE_FACTOR.parse()?,
            gases: None,
            geography: None,
            gwp: Some(StatedGwp::Ar6),
            licence: "public domain".parse()?,
            name: "CO2 from land use change".parse()?,
            note: None,
            open: true,
            quality: None,
            replaces: None,
            salt: Salt::from_bytes([0; 16]),
            scope: Scope::Direct,
            source: "1 kg CO2 is 1 kg CO2e (IPCC AR6)".parse()?,
            source_version: None,
            r#type: Default::default(),
            uncertainty: None,
            unit: Unit::Kilogram,
            v: Default::default(),
            values: Some(BTreeMap::from([(Category::LandUseChange, Decimal::ONE)])),
            year: self.period.start().year().to_string().parse()?,
        }
        .into())
    }
}

pub(super) fn flow(name: Text, kind: FlowKind, source: FlowSource) -> Flow {
    Flow {
        amount: None,
        biogenic_carbon: None,
        data: (kind != FlowKind::Excluded).then_some(DataKind::Secondary),
        delivered: false,
        fossil_carbon: None,
        instruments: Vec::new(),
        kind,
        name,
        source,
        split_from: None,
        substitutes: None,
        uncertainty: None,
    }
}

/// An input or output that is left out, so that every figure that rests on it names it. A package
/// does not tell how large it is.
pub(super) fn cut_off(name: &str, why: FindingKind) -> Option<Flow> {
    let reason = format!("{}; its size is not known", why.sentence());
    let source = FlowSource::Excluded { estimate: Co2e::ZERO, reason: reason.parse().ok()? };
    Some(flow(text(name, "flow without a name")?, FlowKind::Excluded, source))
}

/// Holds a statement to what the ledger would refuse.
pub(super) fn checked(statement: Statement) -> Result<Statement, String> {
    codec::encode_draft(&statement).map_err(|e| e.to_string()).map(|_| statement)
}
