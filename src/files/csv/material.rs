//! The recycled material of a row of products: its columns are the names of the circular footprint formula.

use super::cells::Cells;
use pcf_core::model::{FactorId, RecycledMaterial};

/// The columns of one material: what it is, and the formula's names in small letters.
pub(super) const COLUMNS: [&str; 21] = [
    "material",
    "material_kg",
    "material_region",
    "a",
    "b",
    "r1",
    "r2",
    "r3",
    "qsinqp",
    "qsoutqp",
    "ev",
    "erec",
    "ereceol",
    "evstar",
    "ed",
    "eer",
    "lhv",
    "xheat",
    "xelec",
    "eheat",
    "eelec",
];

/// The material that a row states; none where it names none, after a problem where it says something of one all the same.
pub(super) fn read(cells: &mut Cells<'_, '_>) -> Option<RecycledMaterial> {
    if cells.text("material").is_none() {
        if let Some(column) = COLUMNS.into_iter().find(|column| cells.text(column).is_some()) {
            cells.refuse(column, "this is about a recycled material: name it in the column `material`");
        }
        return None;
    }
    let material = cells.required("material");
    let (kg, region) = (cells.required_number("material_kg"), cells.optional("material_region"));
    let rates = ["r1", "r2", "r3"].map(|column| cells.required_number(column));
    let [a, b, q_in, q_out, heating, heat, power] =
        ["a", "b", "qsinqp", "qsoutqp", "lhv", "xheat", "xelec"].map(|column| cells.number(column));
    let virgin: Option<FactorId> = cells.required("ev");
    let factors = ["erec", "ereceol", "evstar", "ed", "eer", "eheat", "eelec"];
    let [erec, erec_eol, ev_star, disposal, recovery, heat_factor, power_factor] =
        factors.map(|column| cells.optional(column));
    let [r1, r2, r3] = rates;
    Some(RecycledMaterial {
        A: a,
        B: b,
        Ed: disposal,
        Eelec: power_factor,
        Eer: recovery,
        Eheat: heat_factor,
        Erec: erec,
        ErecEoL: erec_eol,
        Ev: virgin?,
        EvStar: ev_star,
        LHV: heating,
        QsinQp: q_in,
        QsoutQp: q_out,
        R1: r1?,
        R2: r2?,
        R3: r3?,
        Xelec: power,
        Xheat: heat,
        kg: kg?,
        material: material?,
        region,
    })
}
