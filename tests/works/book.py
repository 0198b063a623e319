"""The book of one work: the rows of its CSV files, and the calendar they are dated with.

A work is what one manufacturer would record: products, emission factors and activities. This module
only collects rows; which rows are honest is for `plans.py` to say, which are wrong for `faults.py`.
"""

import csv
import datetime
import os

from sources import FACTORS, LIBRARY, library_year

ACTIVITY_COLUMNS = (
    "stage process start end product output output_unit flow kind amount unit source meter recipe "
    "site country applies_to_start applies_to_end batch allocation allocation_keys times times_unit "
    "upstream data delivered estimate reason instrument instrument_kwh instrument_start instrument_end"
).split()
PRODUCT_COLUMNS = (
    "id name boundary declared_amount declared_unit mass_kg fossil_carbon_kg biogenic_carbon_kg "
    "packaging_included packaging_biogenic_carbon_kg ccs_included exemptions stage process signers units_of"
).split()
FACTOR_COLUMNS = "id name category unit scope year source licence data kgco2e gwp_set geography".split()
LORRY = "factor:uk.desnz2025.27_304_3132_14_1"
LORRY_UPSTREAM = "factor:uk.desnz2025.28_907_3132_14_1"


def number(value):
    """A decimal without exponent and without needless zeros; text stays as it is."""
    if not isinstance(value, float):
        return str(value)
    text = f"{value:.4f}"
    return text.rstrip("0").rstrip(".")


def day(year, month, of_month=1):
    """The ISO day; month 13 is January of the next year."""
    return datetime.date(year + (month - 1) // 12, (month - 1) % 12 + 1, of_month).isoformat()


def months(year, first=1, count=12):
    return [(day(year, m), day(year, m + 1)) for m in range(first, first + count)]


def quarters(year, first=1):
    return [(day(year, m), day(year, m + 3)) for m in range(first, first + 12, 3)]


def whole(year, first=1, count=12):
    return [(day(year, first), day(year, first + count))]


def later(iso, days):
    return (datetime.date.fromisoformat(iso) + datetime.timedelta(days)).isoformat()


class Work:
    """Products, factors and activities of one manufacturer, as rows."""

    def __init__(self, name, rng, year, country="CN", site="Works 1"):
        self.name, self.rng, self.year, self.country, self.site = name, rng, year, country, site
        self.period = str(year)
        self.products, self.factors, self.activities = [], {}, []
        self.later_files = []  # lists of rows that are recorded in later runs, as another clerk would
        self.record_options, self.later_options = [], []
        self.library = set()
        self.stage_of = {}

    # Products

    def product(self, name, mass, processes, boundary="cradle-to-gate", units_of=None, unit="piece", **columns):
        """Adds a product with its (stage, process) pairs; returns its id."""
        number_of = len({row["id"] for row in self.products}) + 1
        product = f"urn:pact:works.example:product-id:{self.name.replace(' ', '-')}-{number_of}"
        row = {"id": product, "name": f"{name} {number_of}", "boundary": boundary, "declared_amount": "1",
               "declared_unit": unit, "mass_kg": number(mass), "fossil_carbon_kg": "0", "biogenic_carbon_kg": "0",
               "packaging_included": "yes", "packaging_biogenic_carbon_kg": "0", "ccs_included": "no",
               "exemptions": "none", "signers": "works"}
        row.update({key: number(value) for key, value in columns.items()})
        for stage, process in processes:
            self.stage_of[process] = stage
            units = (units_of or {}).get(process, "")
            self.products.append({**row, "stage": stage, "process": process, "units_of": units})
        return product

    @property
    def first(self):
        return self.products[0]["id"]

    # Factors

    def factor(self, key, year=None, value=None, name=None):
        """Makes the factor part of the work; returns it as a source."""
        if (key, year, value, name) == (key, None, None, None) and key in LIBRARY:
            identity = LIBRARY[key]
            self.library.add(identity)
            return "factor:" + identity
        stated, category, unit, usual, country = FACTORS[key]
        year = year or library_year(category, self.year)
        identity = f"works.{key.replace(' ', '-')}.{year}"
        if value is not None:
            identity += "." + number(value).replace(".", "-")
        self.factors[identity] = {
            "id": identity, "name": f"{name or stated}, {year}", "category": category, "unit": unit,
            "scope": "life-cycle", "year": str(year), "source": "the works' own example", "licence": "free to use",
            "data": "secondary", "kgco2e": number(usual if value is None else value), "gwp_set": "AR6",
            "geography": country or self.country}
        return "factor:" + identity

    def grid(self):
        """The grid's life-cycle factor of the work's country."""
        if self.country == "CN":
            return self.factor("grid cn 2023" if self.year == 2023 else "grid cn 2024")
        return self.factor("grid." + self.country.lower())

    # Activities

    def made(self, process, span, amount, product=None, unit="piece", **columns):
        return self._row(process, span, product, {"output": number(amount), "output_unit": unit}, columns)

    def used(self, process, span, flow, kind, amount, unit, source, product=None, **columns):
        columns = {"data": "primary", **columns}
        fixed = {"flow": flow, "kind": kind, "amount": number(amount), "unit": unit, "source": source}
        return self._row(process, span, product, fixed, columns)

    def gas_burnt(self, process, span, kwh, product=None, flow="natural gas", **columns):
        return self.used(process, span, flow, "energy", kwh, "kWh_gcv", self.factor("gas"), product,
                         upstream=self.factor("gas upstream"), **columns)

    def hauled(self, process, span, flow, tonnes, km, product=None, **columns):
        self.library |= {LORRY[7:], LORRY_UPSTREAM[7:]}
        return self.used(process, span, flow, "transport", tonnes, "t", LORRY, product, times=number(km),
                         times_unit="km", upstream=LORRY_UPSTREAM, **columns)

    def _row(self, process, span, product, fixed, columns):
        row = {"stage": self.stage_of[process], "process": process, "start": span[0], "end": span[1],
               "product": product or self.first, "site": self.site, "country": self.country, **fixed}
        row.update({key: number(value) for key, value in columns.items()})
        if not row["site"]:
            row["country"] = ""
        self.activities.append(row)
        return row

    def rows(self, **columns):
        """The activity rows with these cells."""
        return [row for row in self.activities if all(row.get(key, "") == value for key, value in columns.items())]

    def remove(self, rows):
        gone = {id(row) for row in rows}
        self.activities = [row for row in self.activities if id(row) not in gone]

    # Files

    def used_factors(self):
        """The factors that rows name: a fault may have put others in their place."""
        named = {row.get("source", "") for rows in [self.activities, *self.later_files] for row in rows}
        return [row for identity, row in self.factors.items() if "factor:" + identity in named]

    def write(self, directory):
        """Writes the CSV files; returns those of activities, in the order in which they are recorded."""
        write_csv(os.path.join(directory, "products.csv"), PRODUCT_COLUMNS, self.products)
        write_csv(os.path.join(directory, "factors.csv"), FACTOR_COLUMNS, self.used_factors())
        names = []
        for at, rows in enumerate([self.activities, *self.later_files]):
            names.append(os.path.join(directory, f"activities-{at + 1}.csv"))
            write_csv(names[-1], ACTIVITY_COLUMNS, rows)
        return names


def write_csv(path, columns, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
