"""What the seeded faults are made of: finding rows of a work, scaling them, and their share of the gate."""

from book import number
from makers import overlap

# kg CO2e per unit of the shipped library's rows that works use, upstream included
LIBRARY_KG = {
    "cn.mee.elec_footprint.2023.national": 0.6205,
    "cn.mee.elec_footprint.2024.national": 0.5777,
    "uk.desnz2025.1_100_1004_6_1": 0.21317,
    "uk.desnz2025.27_304_3132_14_1": 0.09502,
}
GATE = ("procurement", "production")
POWER = "grid electricity"


class Unfit(Exception):
    """The work cannot show the fault."""


def kilograms(work, row):
    """The emission of a flow, as far as its factor is known here."""
    source = row.get("source", "").removeprefix("factor:")
    per_unit = LIBRARY_KG.get(source) or float(work.factors.get(source, {}).get("kgco2e", 0))
    return float(row.get("amount") or 0) * float(row.get("times") or 1) * per_unit


def gate_share(work, rows):
    """The share of rows in the emissions of the gate, of a work of one product."""
    whole = sum(kilograms(work, row) for row in work.activities if row["stage"] in GATE)
    return sum(kilograms(work, row) for row in rows) / whole


def scale(row, by, column="amount"):
    row[column] = number(round(float(row[column]) * by, 3))


def keep_only(work, span):
    """Cuts every row of the work to its part in the span, in proportion to the pieces made."""
    for row in list(work.activities):
        if not overlap(span, (row["start"], row["end"])):
            work.remove([row])
            continue
        cut = (max(row["start"], span[0]), min(row["end"], span[1]))
        made = work.made_in((row["start"], row["end"]))
        share = work.made_in(cut) / made if made else 1
        row["start"], row["end"] = cut
        for column in ("amount", "output"):
            if row.get(column) and share < 1:
                row[column] = number(round(float(row[column]) * share, 3 if column == "amount" else 0))


def any_row(work, rng, **columns):
    rows = work.rows(**columns)
    if not rows:
        raise Unfit
    return rng.choice(rows)


def total(rows):
    return number(round(sum(float(row["amount"]) for row in rows), 3))
