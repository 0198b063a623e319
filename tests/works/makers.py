"""What the plans of works are made of: goods, and a manufacturer of one product with its yearly data."""

import datetime
from collections import namedtuple

from book import Work, months, number, whole

# mass and scrap in kg and as a share of the mass; kwh and gas (kWh, gross) are per piece, pieces per month
Goods = namedtuple("Goods", "label material factor mass monthly kwh gas scrap scrap_to carbon")

GOODS = [
    Goods("steel bracket", "steel coil", "steel", 0.84, 14000, 0.72, 0.35, 0.16, "metal scrap", 0),
    Goods("aluminium heat sink", "aluminium billets", "aluminium", 0.41, 22000, 0.71, 0.50, 0.22, "metal scrap", 0),
    Goods("brass fitting", "brass bar", "brass", 0.19, 40000, 0.33, 0.21, 0.28, "metal scrap", 0),
    Goods("pp crate", "pp granulate", "pp", 1.62, 9000, 1.90, 0.12, 0.03, "regrind", 0.857),
    Goods("abs housing", "abs granulate", "abs", 0.36, 26000, 0.85, 0.06, 0.04, "regrind", 0.85),
    Goods("glass jar", "glass batch", "glass", 0.24, 120000, 0.06, 0.42, 0.06, "rubble", 0),
    Goods("ceramic bowl", "ceramic body", "clay", 0.55, 18000, 0.34, 1.90, 0.09, "rubble", 0),
]
PLASTICS = [goods for goods in GOODS if goods.carbon]
COUNTRIES = ["CN", "CN", "DE", "PL", "VN"]
MATERIALS = ("procurement", "materials")


def noise(rng):
    """The scatter of consumption per piece from month to month."""
    return rng.uniform(0.85, 1.15)


def overlap(span, other):
    """The days that two spans share, as a share of the other's days."""
    a, b, c, d = (datetime.date.fromisoformat(text).toordinal() for text in (*span, *other))
    return max(0, min(b, d) - max(a, c)) / (d - c)


class Maker(Work):
    """One manufacturer with one product, made every month of the year."""

    def __init__(self, name, rng, goods=None, processes=("forming",), year=None, country=None, **columns):
        super().__init__(name, rng, year or rng.choice([2023, 2024, 2025]), country or rng.choice(COUNTRIES),
                         rng.choice(["Works 1", "Hall North", "Plant Linhu", "Werk Ost"]))
        self.goods = goods or rng.choice(GOODS)
        stages = columns.pop("stages", ())
        self.product(self.goods.label, self.goods.mass,
                     [MATERIALS, *(("production", process) for process in processes), *stages],
                     fossil_carbon_kg=round(self.goods.mass * self.goods.carbon, 4), **columns)
        size = rng.uniform(0.4, 1.8)
        self.pieces = [round(self.goods.monthly * size * rng.uniform(0.8, 1.2)) for _ in range(12)]

    @property
    def total(self):
        return sum(self.pieces)

    @property
    def year_span(self):
        return whole(self.year)[0]

    def made_in(self, span):
        """The pieces that were made in a span, by days."""
        return sum(count * overlap(span, month) for count, month in zip(self.pieces, months(self.year)))

    def outputs(self, process, spans=None, share=1.0, **columns):
        for span in spans or months(self.year):
            self.made(process, span, round(self.made_in(span) * share), **columns)

    def electricity(self, process, spans, share=1.0, flow="grid electricity", source=None, **columns):
        """Consumption by piece with its scatter, and a base load of 6 %."""
        base = 0.06 * self.goods.kwh * self.total * share / 12
        for span in spans:
            base_load = base * sum(overlap(span, month) for month in months(self.year))
            kwh = self.made_in(span) * self.goods.kwh * share * noise(self.rng) + base_load
            self.used(process, span, flow, "energy", round(kwh), "kWh", source or self.grid(), **columns)

    def gas(self, process, spans, share=1.0, **columns):
        for span in spans:
            kwh = self.made_in(span) * self.goods.gas * share * noise(self.rng)
            self.gas_burnt(process, span, round(kwh), **columns)

    def materials(self, spans, hauled=True, scrap_in="forming", pieces=None):
        """The material of each span and its haulage, and the scrap of the process it leaves."""
        self.made("materials", self.year_span, pieces or self.total)
        scrap_kg = 0
        for span in spans:
            good = self.made_in(span) * self.goods.mass
            scrap = good * self.goods.scrap * noise(self.rng)
            bought = round((good + scrap) * self.rng.uniform(0.995, 1.005))
            scrap_kg += scrap
            delivered = {} if hauled else {"delivered": "yes"}
            self.used("materials", span, self.goods.material, "material", bought, "kg",
                      self.factor(self.goods.factor), **delivered)
            if hauled:
                self.hauled("materials", span, f"{self.goods.material} by lorry", round(bought / 1000, 3),
                            self.rng.randint(60, 700))
        self.used(scrap_in, self.year_span, "scrap", "waste", round(scrap_kg), "kg", self.factor(self.goods.scrap_to))

    def cartons(self, process, spans, kg_each=0.03, hauled=False):
        """Cartons with the carbon dioxide that their fibre took up; the product states that carbon."""
        carbon = round(kg_each * 0.43, 5)
        for row in self.products:
            row["packaging_biogenic_carbon_kg"] = number(carbon)
        for span in spans:
            pieces = round(self.made_in(span))
            delivered = {} if hauled else {"delivered": "yes"}
            self.used(process, span, "cartons", "packaging", round(pieces * kg_each, 1), "kg", self.factor("carton"),
                      **delivered)
            self.used(process, span, "carbon dioxide taken up by the cartons", "emission",
                      -round(pieces * carbon * 44 / 12, 2), "kg", "gas:CO2_biogenic")

    def lives_on(self, years=0, kwh_each=0.0, survey=False):
        """Distribution, use and end of life; `kwh_each` is what one piece uses in a year of its `years` of life.

        A survey of users in the year before is about 1,000 pieces, and applies to what is made in ten years.
        """
        pieces, span, nowhere = self.total, self.year_span, {"site": "", "data": "secondary"}
        self.made("distribution", span, pieces, site="")
        self.hauled("distribution", span, "goods to retail by lorry", round(pieces * self.goods.mass / 1000, 3),
                    self.rng.randint(200, 900), site="")
        if years:
            users, when = (1000, whole(self.year - 1)[0]) if survey else (pieces, span)
            applies = {"applies_to_start": when[0], "applies_to_end": f"{self.year + 10}-01-01"} if survey else {}
            row = self.used("operation", when, f"electricity in {years} years of use", "energy",
                            round(users * kwh_each * years), "kWh", self.grid(), **nowhere, **applies)
            row.update(output=number(users), output_unit="piece")
        self.made("end of life", span, pieces, site="")
        treatment = "landfill" if self.goods.scrap_to == "regrind" else self.goods.scrap_to
        self.used("end of life", span, "worn goods", "waste", round(pieces * self.goods.mass), "kg",
                  self.factor(treatment), **nowhere)


LIFE = (("transport", "distribution"), ("use", "operation"), ("recycling", "end of life"))
