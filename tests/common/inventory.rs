//! Inventories built by hand from the JSON that a user would write.

use pcf_ledger::calc::{
    BoughtFootprint, CalcError, FlowProblem, Footprint, Held, Inventory, Request, footprint, footprints,
};
use pcf_ledger::model::{
    Activity, ByCategory, Category, Factor, GwpSet, Product, ProductId, Publication, Quantity, Statement,
    StatementId,
};
use serde_json::{Value, json};

/// An inventory under construction; statements get the ids 1, 2, 3, …
#[derive(Clone)]
pub struct Ledger {
    pub inventory: Inventory,
    next: u64,
}

/// `urn:pact:t.example:product-id:<name>`.
pub fn id(name: &str) -> ProductId {
    format!("urn:pact:t.example:product-id:{name}").parse().unwrap()
}

/// The statement id of a number.
pub fn number(n: u64) -> StatementId {
    let mut bytes = [0; 32];
    bytes[24..].copy_from_slice(&n.to_be_bytes());
    StatementId::from_bytes(bytes)
}

/// `base` with the fields of `changes` over it; `null` takes one away.
pub fn with(mut base: Value, changes: Value) -> Value {
    for (key, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(base.as_object_mut().unwrap().remove(key)),
            value => base[key] = value.clone(),
        }
    }
    base
}

/// A flow from a factor.
pub fn flow(amount: &str, unit: &str, factor: &str) -> Value {
    json!({"name": format!("{factor} used"), "kind": "material", "amount": amount, "unit": unit, "factor": factor})
}

/// A flow from a product of the ledger.
pub fn input(amount: &str, unit: &str, product: &str) -> Value {
    json!({"name": format!("{product} used"), "kind": "material", "amount": amount, "unit": unit, "product": id(product)})
}

/// The year 2025, gate or grave as the product says, AR6.
pub fn year() -> Request {
    Request { period: "2025".parse().unwrap(), boundary: None, scenario: None, batch: None, gwp: GwpSet::Ar6 }
}

impl Default for Ledger {
    fn default() -> Self {
        Self::new()
    }
}

impl Ledger {
    pub fn new() -> Self {
        Self { inventory: Inventory::default(), next: 1 }
    }

    fn next(&mut self) -> StatementId {
        self.next += 1;
        number(self.next - 1)
    }

    /// A product per piece, made in one production process `make`.
    pub fn product(&mut self, name: &str, changes: Value) -> &mut Self {
        let base = json!({"v": "1", "type": "product", "salt": "A".repeat(22), "by": "acme", "name": name, "ids": [id(name)],
            "boundary": "cradle-to-gate", "declaredUnit": {"amount": "1", "unit": "piece"},
            "processes": [{"stage": "production", "name": "make", "signers": ["acme"]}]});
        let mut statement: Product = serde_json::from_value(with(base, changes)).unwrap();
        statement.tag_salt.get_or_insert_with(crate::tag_salt);
        let held = Held { id: self.next(), statement };
        for alias in &held.statement.ids {
            self.inventory.aliases.insert(alias.clone(), id(name));
        }
        self.inventory.products.insert(id(name), held);
        self
    }

    /// A life-cycle factor of fossil kg CO2e per unit.
    pub fn factor(&mut self, name: &str, unit: &str, kg: &str) -> &mut Self {
        self.factor_with(name, unit, json!({"values": {"fossilGhgEmissions": kg}}))
    }

    pub fn factor_with(&mut self, name: &str, unit: &str, changes: Value) -> &mut Self {
        let base = json!({"v": "1", "type": "factor", "salt": "A".repeat(22), "by": "acme", "name": name, "factor": name,
            "category": "material", "scope": "life-cycle", "data": "secondary", "unit": unit, "year": "2025", "gwp": "AR6",
            "licence": "CC0", "source": "a test"});
        let statement: Factor = serde_json::from_value(with(base, changes)).unwrap();
        let held = Held { id: self.next(), statement };
        self.inventory.factors.insert(held.statement.factor.clone(), held);
        self
    }

    /// What `make` took in for a number of pieces of one product in 2025.
    pub fn made(&mut self, product: &str, pieces: &str, flows: Value) -> StatementId {
        self.activity(
            json!({"outputs": [{"product": id(product), "amount": pieces, "unit": "piece"}], "flows": flows}),
        )
    }

    pub fn activity(&mut self, changes: Value) -> StatementId {
        let base = json!({"v": "1", "type": "activity", "salt": "A".repeat(22), "by": "acme", "stage": "production",
            "process": "make", "period": {"start": "2025-01-01", "end": "2026-01-01"}});
        let statement: Activity = serde_json::from_value(with(base, changes)).unwrap();
        let Statement::Activity(statement) = crate::complete(statement.into()) else { unreachable!() };
        let held = Held { id: self.next(), statement };
        let id = held.id;
        self.inventory.activities.push(held);
        id
    }

    /// A supplier's footprint of fossil kg per declared unit.
    pub fn bought(&mut self, uuid: &str, declared: (&str, &str), kg: &str) -> &mut BoughtFootprint {
        let mut categories = ByCategory::default();
        categories[Category::Fossil] = kg.parse().unwrap();
        let statement = BoughtFootprint {
            declared_unit: Quantity {
                amount: declared.0.parse().unwrap(),
                unit: declared.1.parse().unwrap(),
            },
            mass_per_declared_unit: None,
            categories,
            unexplained: Default::default(),
            primary_data_share: None,
            quality: None,
            gwp: vec!["AR6".parse().unwrap()],
            validity: None,
        };
        let held = Held { id: self.next(), statement };
        &mut self.inventory.bought.entry(uuid.parse().unwrap()).or_insert(held).statement
    }

    /// A final publication of a calculated footprint, valid in 2025.
    pub fn published(&mut self, of: &Footprint, uuid: &str, changes: Value) -> StatementId {
        let zero = "0".repeat(64);
        let base = json!({"v": "1", "type": "publication", "salt": "A".repeat(22), "by": "acme", "product": of.product,
            "boundary": of.boundary, "created": "2025-01-01T00:00:00Z", "figures": of.figures, "footprint": uuid,
            "log": {"root": zero, "size": "1"}, "method": {"gwp": "AR6", "version": "1"},
            "period": {"start": "2024-01-01", "end": "2025-01-01"}, "status": "final",
            "used": {"activities": {"count": "1", "root": zero}, "sources": {"root": zero}}, "validity": {"start": "2024-01-01", "end": "2026-01-01"}});
        let statement: Publication = serde_json::from_value(with(base, changes)).unwrap();
        let held = Held { id: self.next(), statement };
        let id = held.id;
        self.inventory.publications.push(held);
        id
    }

    pub fn footprint(&self, product: &str) -> Footprint {
        self.asked(product, &year())
    }

    /// The footprint; among all products it must have the same figures.
    pub fn asked(&self, product: &str, request: &Request) -> Footprint {
        let one =
            footprint(&self.inventory, &id(product), request).unwrap_or_else(|errors| panic!("{errors}"));
        let all = footprints(&self.inventory, request).unwrap();
        assert_eq!(all[&one.product].as_ref(), Ok(&one.figures), "among all");
        one
    }

    /// kg per declared unit at the gate, excluding uptake.
    pub fn gate(&self, product: &str) -> String {
        self.footprint(product).figures.gate.excluding_uptake.to_string()
    }

    pub fn errors(&self, product: &str) -> Vec<CalcError> {
        self.errors_of(product, &year())
    }

    pub fn errors_of(&self, product: &str, request: &Request) -> Vec<CalcError> {
        footprint(&self.inventory, &id(product), request).expect_err("it must be refused").errors().to_vec()
    }

    /// The one error of a footprint, as text.
    pub fn refusal(&self, product: &str) -> String {
        let errors = self.errors(product);
        assert_eq!(errors.len(), 1, "{errors:?}");
        errors[0].to_string()
    }

    /// The one error of a footprint, which is about a flow.
    pub fn problem(&self, product: &str) -> FlowProblem {
        match self.errors(product).as_slice() {
            [CalcError::Flow { problem, .. }] => problem.clone(),
            other => panic!("expected one error about a flow, got {other:?}"),
        }
    }
}
