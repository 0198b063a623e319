//! Actors: one a row, with the keys and rights that the operator gives them.

use std::collections::BTreeMap;

use super::cells::Cells;
use super::table::Table;
use super::{Columns, Problems, checked};
use crate::Draft;
use pcf_core::model::{Actor, ActorId, Rights, Salt};

/// The columns of actors. Several keys, types, stages, products or company ids stand in one cell with spaces between them.
pub(crate) const COLUMNS: Columns = Columns {
    what: "actors",
    required: &["actor", "name", "types", "keys"],
    optional: &[&["stages", "products", "company_ids"]],
    family: |_| false,
};

pub(super) fn read(table: &Table, problems: &mut Problems) -> Vec<Draft> {
    let mut seen: BTreeMap<&str, u64> = BTreeMap::new();
    let mut drafts = Vec::new();
    for row in table.rows() {
        let id = row.cell("actor");
        if let Some(first) = seen.insert(id, row.line).filter(|_| !id.is_empty()) {
            problems.push(row.line, "actor", format!("the actor {id} stands in row {first} too"));
        }
        let actor = actor(&mut Cells { row, problems });
        drafts.extend(actor.and_then(|actor| checked(actor, vec![row.line], "actor", problems)));
    }
    drafts
}

fn actor(cells: &mut Cells<'_, '_>) -> Option<Actor> {
    let (actor, name) = (cells.required("actor"), cells.required("name"));
    let (keys, company_ids) = (cells.list("keys"), cells.list("company_ids"));
    let products = cells.text("products").is_some().then(|| cells.list("products"));
    let rights = Rights { products, stages: cells.list("stages"), types: cells.list("types") };
    if cells.text("types").is_none() {
        cells.refuse(
            "types",
            "a value is missing: the types of statements the actor may sign, such as activity",
        );
    }
    Some(Actor {
        actor: actor?,
        by: ActorId::operator(),
        company_ids,
        keys,
        name: name?,
        replaces: None,
        revoked: Vec::new(),
        rights,
        salt: Salt::from_bytes([0; 16]),
        r#type: Default::default(),
        v: Default::default(),
    })
}
