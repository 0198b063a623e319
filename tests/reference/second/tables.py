"""The tables in schemas/data, read once."""
import csv
import os
from fractions import Fraction

HERE = os.path.dirname(os.path.abspath(__file__))
DATA = os.environ.get("PCF_SCHEMAS_DATA") or os.path.join(HERE, "..", "..", "..", "schemas", "data")


def rows(name):
    with open(os.path.join(DATA, name), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


GWP = {r["gas"]: {k: Fraction(v) for k, v in r.items() if k != "gas" and v} for r in rows("gwp.csv")}
BLENDS = {}
for r in rows("blends.csv"):
    BLENDS.setdefault(r["blend"], []).append((r["component"], int(r["per_mille"])))
CFF = {r["material"].lower(): {k: Fraction(v) for k, v in r.items() if k != "material" and v} for r in rows("cff_defaults.csv")}
EUROPE = set("AT BE BG CH CY CZ DE DK EE ES FI FR GB GR HR HU IE IS IT LI LT LU LV MT NL NO PL PT RO SE SI SK".split())
