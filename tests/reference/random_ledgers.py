#!/usr/bin/env python3
"""Writes small random ledgers to compare the main program with figures.py.

Usage: python3 random_ledgers.py SEED COUNT OUTDIR

Each ledger is a folder with products.csv, activities.csv, sometimes factors.csv, and ask.json: a list of
{product, period, scenario, batch}. The same seed gives the same files. About half of the questions have a
figure; the others are refused, because a defect was put in or because the period cuts a statement.
The ledgers avoid the inputs that calculation.md leaves open; README.md names them.
"""

import csv
import datetime
import json
import os
import random
import sys

YEAR = 2025
ID = "urn:pact:acme.example:product-id:"
ACTIVITY_COLUMNS = ("stage,process,start,end,product,output,output_unit,flow,kind,amount,unit,source,site,batch,scenario,"
                    "applies_to_start,applies_to_end,data,allocation,key,allocation_keys,output_value,meter,recipe").split(",")
PRODUCT_COLUMNS = ("id,name,boundary,declared_amount,declared_unit,stage,process,signers,description,mass_kg,"
                   "fossil_carbon_kg,biogenic_carbon_kg,packaging_included,ccs_included,exemptions,units_of").split(",")
FACTOR_COLUMNS = "id,name,category,unit,scope,year,source,licence,data,kgco2e,gwp_set".split(",")
FACTORS = (
    ("grid", "Grid electricity at the socket", "electricity.lifecycle", "kWh", "life-cycle", "0.5777"),
    ("steel", "Steel sheet", "material", "kg", "life-cycle", "2.133"),
)
KEYS = ("machine hours", "oven heat")
SPELLINGS = {
    "Plant 7": ("Plant 7", "plant  7", "PLANT 7", "\uff30lant 7"),
    "Works East": ("Works East", "works east", "WORKS  EAST"),
}
DEFECTS = ("output-twice", "output-twice", "read-twice", "read-twice", "partly-reading", "partly-production",
           "wide-bill", "needs-allocation", "key-missing", "no-data", "wrong-site", "nothing-made",
           "studies-end-together", "no-production")


def date(month, day=1, year=YEAR):
    return datetime.date(year + (month - 1) // 12, (month - 1) % 12 + 1, day)


def year_of(year):
    return datetime.date(year, 1, 1), datetime.date(year + 1, 1, 1)


def parts_of_year(months):
    return [(date(m), date(m + months)) for m in range(1, 13, months)]


class Maker:
    """Builds one ledger."""

    def __init__(self, rng):
        self.rng = rng
        self.rows = []
        self.products = []
        self.batches = {}  # product letter -> batch names
        self.counter = 0
        self.has_joint = False
        self.copies = set()  # id() of rows that a defect added

    def chance(self, probability):
        return self.rng.random() < probability

    def amount(self, low=1, high=900):
        whole = self.rng.randint(low, high)
        return self.rng.choice((str(whole), str(whole), f"{whole}.5", f"{whole}.{self.rng.randint(1, 999):03d}"))

    def name(self, word):
        """Returns a flow name that no other series of the ledger uses."""
        self.counter += 1
        return f"{word} {self.counter}"

    def spell(self, site):
        return self.rng.choice(SPELLINGS[site]) if site else ""

    def sites(self):
        return self.rng.choice(([""], [""], ["Plant 7"], ["Plant 7", "Works East"]))

    def periods(self, fine=False):
        """Returns consecutive or scattered spans inside the year."""
        kind = self.rng.choice(("months", "quarters", "quarters") if fine else
                               ("year", "year", "halves", "quarters", "quarters", "months", "campaigns"))
        if kind == "year":
            return [year_of(YEAR)]
        if kind == "campaigns":
            days = sorted(self.rng.sample(range(1, 364), 2 * self.rng.randint(1, 4)))
            first = datetime.date(YEAR, 1, 1)
            return [(first + datetime.timedelta(a), first + datetime.timedelta(b)) for a, b in zip(days[::2], days[1::2])]
        return parts_of_year({"halves": 6, "quarters": 3, "months": 1}[kind])

    # ------------------------------------------------ rows

    def row(self, process, span, **fields):
        row = dict.fromkeys(ACTIVITY_COLUMNS, "")
        row.update(stage=process[0], process=process[1], start=span[0], end=span[1], data="primary")
        row.update(fields)
        self.rows.append(row)
        return row

    def output(self, product, zero=False, shared=True):
        """Returns the fields of an output; pieces may be stated by mass where no reading is shared by pieces."""
        amount = "0" if zero else self.amount()
        unit = product["unit"]
        if unit == "kg":
            unit = self.rng.choice(("kg", "kg", "kg", "t", "g"))
        elif product["mass"] and not shared and self.chance(0.1):
            unit = "kg"
        keys = "|".join(f"{k}={0 if zero else self.amount(1, 90)}" for k in KEYS)
        return {"product": product["id"], "output": amount, "output_unit": unit, "allocation_keys": keys}

    def flow(self, name, consumer=None):
        """Returns the fields of a flow; a consumer may take a later product of the ledger."""
        later = [p for p in self.products if consumer and p["letter"] > consumer["letter"]]
        if later and self.chance(0.5):
            p = self.rng.choice(later)
            unit = "kg" if p["mass"] and self.chance(0.3) else p["unit"]
            return {"flow": name, "kind": "material", "amount": self.amount(1, 40), "unit": unit,
                    "source": f"product:{p['id']}"}
        form = self.rng.randrange(4)
        if form == 0:
            return {"flow": name, "kind": "energy", "amount": self.amount(), "unit": self.rng.choice(("kWh", "MWh", "MJ")),
                    "source": "factor:grid"}
        if form == 1:
            return {"flow": name, "kind": "material", "amount": self.amount(), "unit": self.rng.choice(("kg", "t", "g")),
                    "source": "factor:steel"}
        return {"flow": name, "kind": "emission", "amount": self.amount(), "unit": self.rng.choice(("kg", "kg", "kg", "t", "g")),
                "source": "gas:CO2"}

    def list_process(self, product, process, units_of=""):
        product["processes"].append((process[0], process[1], units_of))

    # ------------------------------------------------ processes

    def add_products(self):
        for letter in "ABCD"[:self.rng.randint(1, 4)]:
            unit = self.rng.choice(("kg", "piece", "piece"))
            declared, mass = "1", "1"
            if unit == "piece":
                declared = self.rng.choice(("1", "1", "1", "10", "1000"))
                # Only a declared amount of 1 states a mass: what else mass_kg refers to is left
                # open.
                mass = self.rng.choice(("0.5", "2", "0.125", "12.75")) if declared == "1" else ""
            self.products.append({"letter": letter, "id": ID + letter, "unit": unit, "declared": declared, "mass": mass,
                                  "boundary": "cradle-to-gate", "processes": []})

    def add_hall(self):
        """A process that several products share, with readings of one, of several, and of all."""
        rng = self.rng
        process = ("production", "casting")
        members = rng.sample(self.products, rng.randint(1, len(self.products)))
        for p in members:
            self.list_process(p, process)
        sites = self.sites()
        with_batches = self.chance(0.35)
        own_flows = with_batches and self.chance(0.4)
        separate = list(members)
        if len(members) >= 2 and self.chance(0.3):
            joint = separate[:2]
            separate = separate[2:]
            self.add_joint(process, joint, sites)
        at = {p["letter"]: set(sites) for p in members}
        for p in separate:
            here = sites if len(sites) == 1 or self.chance(0.6) else [rng.choice(sites)]
            at[p["letter"]] = set(here)
            for site in here:
                self.add_schedule(process, p, site, with_batches, own_flows)
        for _ in range(rng.randint(1, 3)):
            self.add_meter(process, members, at, sites)
        if self.chance(0.3):
            self.add_hall_scenario(process, members, sites)

    def add_schedule(self, process, product, site, with_batches, own_flows):
        letter = product["letter"]
        # A letter in the batch keeps heads apart, so a production with own flows is never read as a
        # joint one.
        prefix = letter if own_flows or self.chance(0.5) else "Lot"
        spans = self.periods()
        flow_name = self.name("burner")
        for number, span in enumerate(spans):
            batch = ""
            if with_batches:
                batch = f"{prefix}-{number % 3}"
                if self.chance(0.2):
                    span = (span[0], min(span[1] + datetime.timedelta(9), date(13)))
                    batch = f"{prefix}-long {number}"
                self.batches.setdefault(letter, []).append(batch)
            zero = len(spans) > 2 and self.chance(0.15)
            fields = self.output(product, zero)
            common = {"site": self.spell(site), "batch": batch}
            if own_flows and not zero and self.chance(0.7):
                self.row(process, span, **fields, **common, **self.flow(flow_name))
            else:
                self.row(process, span, **fields, **common)

    def add_joint(self, process, pair, sites):
        """Productions with two outputs and flows of their own."""
        self.has_joint = True
        allocation = self.allocation(pair)
        names = [self.name("furnace") for _ in range(self.rng.randint(1, 2))]
        for site in sites:
            for span in self.periods():
                common = {"site": self.spell(site), "allocation": allocation}
                outputs = [self.output(p) for p in pair]
                if allocation == "casting hours":
                    for fields in outputs:
                        fields["key"] = self.amount(1, 90)
                for name in names:
                    self.row(process, span, **outputs[0], **common, **self.flow(name))
                self.row(process, span, **outputs[1], **common)

    def allocation(self, members, for_reading=False):
        choices = list(KEYS) if for_reading else [KEYS[0], "casting hours"]
        if all(p["mass"] for p in members):
            choices += ["mass", "mass"]
        if all(p["unit"] == "piece" for p in members):
            choices.append("pieces")
        return self.rng.choice(choices)

    def add_meter(self, process, members, at, sites):
        """A series of readings."""
        rng = self.rng
        per_site = sites != [""] and self.chance(0.5)
        name = self.name(rng.choice(("power", "gas", "steam")))
        meters = [""]
        if self.chance(0.2):
            meters = ["M1", "M2"]
        form = rng.choice(("*", "*", "several", "one"))
        for site in (sites if per_site else [""]):
            here = [p for p in members if not site or site in at[p["letter"]]]
            if not here:
                continue
            if form == "one":
                concerned = [rng.choice(here)]
                products = concerned[0]["id"]
            elif form == "several" and len(here) > 1:
                concerned = rng.sample(here, rng.randint(2, len(here)))
                products = "|".join(p["id"] for p in concerned)
            else:
                concerned, products = members, "*"
            allocation = ""
            if len(concerned) > 1:
                allocation = self.allocation(concerned, for_reading=True)
            elif self.chance(0.2):
                allocation = self.allocation(concerned, for_reading=True)
            batch = ""
            if form == "one" and self.batches.get(concerned[0]["letter"]) and not per_site and self.chance(0.4):
                batch = rng.choice(self.batches[concerned[0]["letter"]])
            elif products == "*" and self.batches and not per_site and self.chance(0.2):
                batch = rng.choice(rng.choice(sorted(self.batches.values())))
            elif products != "*" and self.chance(0.05):
                allocation = ""
            if products == "*" and allocation and not self.has_joint and self.chance(0.3):
                # An empty product also means all; the allocation keeps the head apart from those of
                # the productions.
                products = ""
            for meter in meters:
                for span in self.periods():
                    fields = self.flow(name)
                    if self.chance(0.08):
                        fields["amount"] = "0"
                    if self.chance(0.2):
                        fields["flow"] = fields["flow"].upper() + " "
                    self.row(process, span, product=products, site=self.spell(site), allocation=allocation,
                             batch=batch.upper() if self.chance(0.3) else batch, meter=meter, **fields)

    def add_hall_scenario(self, process, members, sites):
        """Readings of all products that replace the base, for all sites or for one."""
        site = self.rng.choice(sites) if self.chance(0.5) else ""
        if site and not any(r["process"] == process[1] and r["output"] and site[:3].lower() in r["site"].lower()
                            for r in self.rows):
            site = ""
        allocation = self.allocation(members, for_reading=True) if len(members) > 1 else ""
        name = self.name("solar heat")
        for span in self.periods():
            self.row(process, span, product="*", site=self.spell(site), allocation=allocation, scenario="solar",
                     **self.flow(name))

    def add_own_process(self, product, number):
        """A process of one product: productions with or without flows, studies, scenarios, a recipe."""
        rng = self.rng
        process = ("production", f"painting {product['letter']}{number}")
        self.list_process(product, process)
        form = rng.choice(("plain", "plain", "study", "study", "scenario", "scenario"))
        sites = self.sites()
        if form == "study":
            self.add_studies(process, product, sites)
        else:
            with_flows = self.chance(0.5)
            spans = self.periods()
            burner, lamp = self.name("drier"), self.name("lamps")
            for site in sites:
                for span in spans:
                    fields = self.output(product, zero=len(spans) > 2 and self.chance(0.1), shared=False)
                    common = {"site": self.spell(site)}
                    if with_flows:
                        for name in (burner, lamp)[:rng.randint(1, 2)]:
                            self.row(process, span, **fields, **common, **self.flow(name, product))
                    else:
                        self.row(process, span, **fields, **common)
            if not with_flows or self.chance(0.4):
                self.add_single_readings(process, product, sites)
        if form == "scenario":
            self.add_scenario(process, product, sites)
        if self.chance(0.2):
            self.add_recipe(process, product)

    def add_single_readings(self, process, product, sites):
        name = self.name("air")
        for site in (sites if self.chance(0.5) else [""]):
            for span in self.periods():
                self.row(process, span, product=self.rng.choice((product["id"], product["id"], "*")),
                         site=self.spell(site), **self.flow(name, product))

    def add_studies(self, process, product, sites):
        """Productions of earlier years that apply, some of them beside measured ones."""
        years = self.rng.choice(((2024,), (2024,), (2023, 2024), (2022, 2024)))
        for site in sites:
            for year in years:
                self.row(process, year_of(year), **self.output(product), site=self.spell(site),
                         applies_to_start=datetime.date(year, 1, 1),
                         applies_to_end=datetime.date(2026 + self.rng.randint(0, 1), 1, 1),
                         **self.flow(self.name("study"), product))
        measured = self.rng.choice(("none", "all", "one site"))
        here = [] if measured == "none" else sites if measured == "all" else sites[:1]
        name = self.name("drier")
        for site in here:
            for span in self.periods():
                self.row(process, span, **self.output(product, shared=False), site=self.spell(site),
                         **self.flow(name, product))
        if here == sites and self.chance(0.4):
            self.add_single_readings(process, product, sites)

    def add_scenario(self, process, product, sites):
        """Scenario statements of one product: flows only, outputs only, or both; for one site or all."""
        here = sites if self.chance(0.5) else sites[:1]
        form = self.rng.choice(("reading", "reading", "production", "outputs"))
        name = self.name("sun")
        for site in here:
            for span in self.periods():
                common = {"scenario": self.rng.choice(("solar", "solar", "Solar")), "site": self.spell(site)}
                if form == "reading":
                    self.row(process, span, product=product["id"], **common, **self.flow(name, product))
                elif form == "production":
                    self.row(process, span, **self.output(product), **common, **self.flow(name, product))
                else:
                    self.row(process, span, **self.output(product), **common)
        if self.chance(0.2):
            self.row(process, year_of(YEAR), product=product["id"], scenario="wind", **self.flow(self.name("wind")))

    def add_packing(self):
        """Packing makes the good units; cleaning takes them."""
        members = [p for p in self.products if self.chance(0.5)]
        if not members:
            return
        packing, cleaning = ("production", "packing"), ("production", "cleaning")
        sites = self.sites()
        for p in members:
            self.list_process(p, packing)
            self.list_process(p, cleaning, "packing")
            spans = self.periods()
            for site in sites:
                for span in spans:
                    self.row(packing, span, **self.output(p), site=self.spell(site))
        everywhere = {p["letter"]: set(sites) for p in members}
        self.add_meter(packing, members, everywhere, sites)
        name = self.name("water heat")
        for site in (sites if self.chance(0.4) else [""]):
            for span in self.periods():
                self.row(cleaning, span, product="*", site=self.spell(site),
                         allocation=self.allocation(members, for_reading=True) if len(members) > 1 else "",
                         **self.flow(name))
        for p in members:
            if self.chance(0.4):
                for span in self.periods():
                    self.row(cleaning, span, product=p["id"], **self.flow(f"rinse {p['letter']}", p))

    def add_recipe(self, process, product):
        """A bill of materials; an older one that also applies does not count."""
        recipes = [(2024, {"applies_to_start": datetime.date(2024, 1, 1), "applies_to_end": datetime.date(2027, 1, 1)})]
        if self.chance(0.3):
            recipes.append((2023, {"applies_to_start": datetime.date(2023, 1, 1), "applies_to_end": datetime.date(2026, 1, 1)}))
        if self.chance(0.3):
            recipes.append((YEAR, {"applies_to_start": datetime.date(2025, 1, 1), "applies_to_end": datetime.date(2026, 1, 1)}))
        for year, applies in recipes:
            fields = self.output(product)
            fields["allocation_keys"] = ""
            for number in range(self.rng.randint(1, 3)):
                self.row(process, year_of(year), **fields, **applies, recipe="yes",
                         **self.flow(f"part {product['letter']}{number}", product))

    def add_purchase(self, product):
        process = ("procurement", f"purchase {product['letter']}")
        self.list_process(product, process)
        if self.chance(0.7):
            self.add_recipe(process, product)
        else:
            self.row(process, year_of(YEAR), **self.output(product), **self.flow("parts " + product["letter"], product))

    def add_use(self, product):
        product["boundary"] = "cradle-to-grave"
        for stage in ("use", "recycling"):
            process = (stage, f"{stage} {product['letter']}")
            self.list_process(product, process)
            fields = self.output(product)
            for number in range(self.rng.randint(1, 2)):
                self.row(process, year_of(YEAR), **fields, **self.flow(f"{stage} {product['letter']}{number}"))
            if stage == "use" and self.chance(0.4):
                self.add_scenario(process, product, [""])

    # ------------------------------------------------ defects

    def add_defect(self, defect):
        """Puts one defect in; a defect that does not fit the ledger changes nothing."""
        rng = self.rng
        productions = [r for r in self.rows if r["output"] and not r["recipe"] and not r["scenario"]
                       and id(r) not in self.copies]
        readings = [r for r in self.rows if not r["output"] and not r["scenario"]]
        if defect == "output-twice" and productions and not self.copies:
            row = dict(rng.choice([r for r in productions if not r["applies_to_start"]] or productions))
            row.update(flow="", kind="", amount="", unit="", source="", allocation="", key="", output=self.amount(),
                       site="" if row["site"] else "Plant 7", applies_to_start="", applies_to_end="")
            if self.chance(0.5):
                row["batch"] = ""
            self.rows.append(row)
            self.copies.add(id(row))
        elif defect == "read-twice" and readings:
            row = dict(rng.choice(readings))
            row["flow"] = rng.choice((row["flow"], row["flow"].upper(), row["flow"] + " ", row["flow"].replace(" ", "  ")))
            row["meter"] = rng.choice(("", row["meter"], "M9"))
            row["amount"] = self.amount()
            if self.chance(0.5):
                row["start"], row["end"] = year_of(YEAR)
            if self.chance(0.3):
                row["product"], row["allocation"] = "*", row["allocation"] or KEYS[0]
            self.rows.append(row)
        elif defect == "partly-reading" and readings:
            row = rng.choice(readings)
            row["start"] = datetime.date(YEAR - 1, 12, 15)
        elif defect == "wide-bill" and readings:
            row = rng.choice(readings)
            row["start"], row["end"] = datetime.date(YEAR - 1, 7, 1), datetime.date(YEAR + 1, 7, 1)
        elif defect == "partly-production" and productions:
            row = rng.choice(productions)
            head = [r for r in productions if all(r[c] == row[c] for c in ("process", "start", "end", "site", "batch"))]
            for r in head:
                r["end"] = datetime.date(YEAR + 1, 1, 10)
        elif defect == "needs-allocation":
            shared = [r for r in readings if r["allocation"]]
            for r in shared:
                r["allocation"] = ""
                r["product"] = r["product"] or "*"
        elif defect == "key-missing":
            shared = [r for r in readings if r["allocation"]]
            if shared:
                rng.choice(shared)["allocation"] = "furnace load"
        elif defect == "no-data":
            process = rng.choice([p for product in self.products for p in product["processes"]])
            self.rows = [r for r in self.rows if r["process"] != process[1]] or self.rows
        elif defect == "no-production":
            process = rng.choice([p for product in self.products for p in product["processes"]])
            self.rows = [r for r in self.rows
                         if r["process"] != process[1] or not r["output"] or r["recipe"]] or self.rows
        elif defect == "wrong-site" and readings:
            rng.choice(readings)["site"] = "Plant 99"
        elif defect == "nothing-made" and productions:
            row = rng.choice(productions)
            for r in productions:
                if r["process"] == row["process"] and r["product"] == row["product"]:
                    r["output"] = "0"
        elif defect == "studies-end-together":
            # A recipe of the year itself would become two recipes inside the period, which is left
            # open.
            studies = [r for r in self.rows if r["applies_to_start"] and r["end"] <= datetime.date(YEAR, 1, 1)]
            if studies:
                row = dict(rng.choice(studies))
                row["start"] = datetime.date(row["end"].year - 1, 7, 1)
                self.rows.append(row)

    # ------------------------------------------------ the whole ledger

    def build(self):
        rng = self.rng
        self.add_products()
        if self.chance(0.75):
            self.add_hall()
        for p in self.products:
            for number in range(rng.choice((0, 1, 1, 2)) if p["processes"] else 1):
                self.add_own_process(p, number)
            if self.chance(0.4):
                self.add_purchase(p)
            if self.chance(0.2):
                self.add_use(p)
        if self.chance(0.35):
            self.add_packing()
        for _ in range(rng.choice((0, 1, 1, 2))):
            self.add_defect(rng.choice(DEFECTS))
        if self.chance(0.3):
            rng.shuffle(self.rows)

    def questions(self):
        asks = []
        scenarios = sorted({r["scenario"].lower() for r in self.rows} - {""})
        # Two recipes inside one period are left open, so a period of two years needs a ledger
        # without recipes.
        two_years = [] if any(r["recipe"] for r in self.rows) else ["2024-01..2025-12"]
        for p in self.products:
            def ask(period, scenario=None, batch=None, product=p):
                asks.append({"product": product["id"], "period": period, "scenario": scenario, "batch": batch})
            ask("2025")
            if scenarios:
                ask("2025", scenario=self.rng.choice(scenarios))
            names = sorted(set(self.batches.get(p["letter"], [])))
            made = {r["batch"] for r in self.rows if r["product"] == p["id"] and r["output"]}
            names = [n for n in names if n in made]
            for batch in self.rng.sample(names, min(2, len(names))):
                ask("2025", batch=batch)
            if self.chance(0.4):
                ask(self.rng.choice(["2025-01..2025-03", "2025-04..2025-06", "2025-07..2025-12", "2025-05",
                                     "2025-01-01..2025-04-01", "2026"] + two_years))
        return asks

    def write(self, folder):
        os.makedirs(folder, exist_ok=True)
        products = []
        for p in self.products:
            for stage, process, units_of in p["processes"]:
                products.append({
                    "id": p["id"], "name": p["letter"], "boundary": p["boundary"], "declared_amount": p["declared"],
                    "declared_unit": p["unit"], "stage": stage, "process": process, "signers": "acme", "description": "d",
                    "mass_kg": p["mass"], "fossil_carbon_kg": "0", "biogenic_carbon_kg": "", "packaging_included": "yes",
                    "ccs_included": "no", "exemptions": "none", "units_of": units_of})
        factors = [dict(zip(FACTOR_COLUMNS, (id_, name, category, unit, scope, str(YEAR), "own", "own", "secondary",
                                             value, "AR6")))
                   for id_, name, category, unit, scope, value in FACTORS]
        write_csv(os.path.join(folder, "products.csv"), PRODUCT_COLUMNS, products)
        write_csv(os.path.join(folder, "activities.csv"), ACTIVITY_COLUMNS, self.rows)
        if any(r["source"].startswith("factor:") for r in self.rows):
            write_csv(os.path.join(folder, "factors.csv"), FACTOR_COLUMNS, factors)
        with open(os.path.join(folder, "ask.json"), "w", encoding="utf-8") as file:
            json.dump(self.questions(), file, indent=1)
            file.write("\n")


def write_csv(path, columns, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(arguments):
    if len(arguments) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    seed, count, outdir = int(arguments[0]), int(arguments[1]), arguments[2]
    for number in range(count):
        maker = Maker(random.Random(f"{seed}/{number}"))
        maker.build()
        maker.write(os.path.join(outdir, f"{seed}-{number:05d}"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
