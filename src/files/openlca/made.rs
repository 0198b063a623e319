//! What a process of a package makes: its reference product, and its co-products with the shares
//! that its own allocation factors state.

use super::amount::Measured;
use super::package::Package;
use super::report::{FindingKind, ImportReport};
use super::schema::{AllocationFactor, Exchange, FlowType, Process};
use pcf_core::codec::digest::sha256;
use pcf_core::model::{Decimal, ProductId, ValueError};

/// A product that a process makes.
pub(super) struct Made<'p> {
    pub(super) process: &'p Process,
    pub(super) outputs: Vec<OneOutput<'p>>,
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
    pub(super) fn new(
        package: &Package,
        process: &'p Process,
        report: &mut ImportReport,
    ) -> Result<Self, String> {
        let mut references = process.exchanges.iter().filter(|e| e.is_quantitative_reference);
        let (Some(reference), None) = (references.next(), references.next()) else {
            return Err("expected exactly one quantitative reference".to_owned());
        };
        let (amount, _) = measured(package, reference)?;
        if !amount.is_positive() {
            return Err("its quantitative reference is not above zero".to_owned());
        }
        let id = product_id(&process.id, None).map_err(|e| e.to_string())?;
        let share = |flow: &str| stated_share(process, flow);
        let mut outputs =
            vec![OneOutput { flow: &reference.flow.id, id, amount, key: share(&reference.flow.id) }];
        for exchange in process.exchanges.iter().filter(|e| is_coproduct(package, e)) {
            let (flow, (amount, _)) = (exchange.flow.id.as_str(), measured(package, exchange)?);
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
        shares_add_up(&outputs)?;
        Ok(Self { process, outputs })
    }
}

pub(super) fn flow_type(package: &Package, exchange: &Exchange) -> FlowType {
    let stated = package.flows.get(&exchange.flow.id).map(|flow| flow.flow_type);
    // A flow nobody describes can only be a product that nobody provides, and is reported as such.
    stated.or(exchange.flow.flow_type).unwrap_or(FlowType::Product)
}

/// A product given out beside the reference, or a waste taken in beside it.
pub(super) fn is_coproduct(package: &Package, exchange: &Exchange) -> bool {
    let kind = flow_type(package, exchange);
    !exchange.is_quantitative_reference
        && !exchange.is_avoided_product
        && ((kind == FlowType::Product && !exchange.is_input)
            || (kind == FlowType::Waste && exchange.is_input))
}

/// The share of a product by the process's own default method; shares of single exchanges (causal)
/// are no share of the whole.
fn stated_share(process: &Process, flow: &str) -> Option<Decimal> {
    let method = process.default_allocation_method.as_deref().filter(|m| *m != "CAUSAL_ALLOCATION")?;
    let of = |f: &&AllocationFactor| {
        f.allocation_type == method
            && f.exchange.is_none()
            && f.product.as_ref().is_some_and(|product| product.id == flow)
    };
    let factor = process.allocation_factors.iter().find(of)?;
    let (share, _) = Measured::new(&factor.value, "Item(s)").ok()?.scaled(0).ok()?;
    Some(share.amount)
}

/// Shares count as they are given: a statement shares out all of its process, so that shares of
/// less than all or of more, or below zero, cannot be written as one.
fn shares_add_up(outputs: &[OneOutput<'_>]) -> Result<(), String> {
    let shares = || outputs.iter().filter_map(|output| output.key);
    if let Some(share) = shares().find(|share| share.is_negative()) {
        return Err(format!("its allocation factors are not all above zero: one is {share}"));
    }
    let sum = shares().map(Decimal::quanta).sum::<i128>();
    let apart = (sum - Decimal::ONE_QUANTA).abs();
    if outputs.len() > 1 && apart > Decimal::ONE_QUANTA / SHARES_APART {
        let sum = Decimal::from_quanta(sum).map_or_else(|_| "more".to_owned(), |sum| sum.to_string());
        return Err(format!("its allocation factors add up to {sum} and not to 1"));
    }
    Ok(())
}

/// Shares that add up to 1 but for less than 1 in so many are rounded ones.
const SHARES_APART: i128 = 500;

/// The amount of an exchange as its flow is counted, and whether digits were lost.
pub(super) fn measured(package: &Package, exchange: &Exchange) -> Result<(Measured, bool), String> {
    package.units.measured(exchange, package.flows.get(&exchange.flow.id))
}

/// A product's id: the process's own UUID, and for a co-product one made of both ids (RFC 9562,
/// version 8).
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
