#!/usr/bin/env python3
"""Reference calculation of a carbon footprint per declared unit.

Usage: python3 figures.py FOLDER PRODUCT PERIOD [--scenario S] [--batch B]

The program reads the CSV files of FOLDER and prints one JSON object: the figures in kg CO2e, or the
reasons for a refusal. It was written from the design document alone and shares no code with the main
program. All arithmetic is exact (fractions); a value is rounded half to even only where the design says so.

The program leaves out certificates, coverage by days, biogenic checks, recycling formulas, loops of
products, publications, withdrawals, signatures, and the split of bills.
"""

import csv
import datetime
import json
import os
import re
import sys
import unicodedata
from fractions import Fraction

QUANTUM_FIGURE = 10 ** 15  # figures and sources: 1e-15 kg CO2e
QUANTUM_RATIO = 10 ** 18  # amount per declared amount: 1e-18
TOLERANCE_UNITS = Fraction(2, 100)  # guard 3
FACTOR_OF_FIVE = 5  # order of allocation

CATEGORIES = ("fossil", "biogenic", "uptake", "released")
EXCLUDING_UPTAKE = ("fossil", "biogenic")
GATE_STAGES = ("procurement", "production")
GRAVE_STAGES = ("design", "procurement", "production", "transport", "storage", "use", "recycling")
STOPPING_KINDS = ("energy", "emission")  # guard 1b stops for these kinds only

# GWP-100 of AR6, from data/factors/gwp.csv.
GASES = {
    "CO2": ("fossil", Fraction(1)),
    "CH4_fossil": ("fossil", Fraction("29.8")),
    "N2O": ("fossil", Fraction(273)),
    "CH4_biogenic": ("biogenic", Fraction("27.0")),
    "N2O_biogenic": ("biogenic", Fraction(273)),
}

UNITS = {
    "mass": {"mg": Fraction(1, 10 ** 6), "g": Fraction(1, 1000), "kg": Fraction(1), "t": Fraction(1000)},
    "energy": {"Wh": Fraction(1, 1000), "kWh": Fraction(1), "MWh": Fraction(1000), "MJ": Fraction(10, 36),
               "GJ": Fraction(10000, 36)},
    "volume": {"ml": Fraction(1, 1000), "l": Fraction(1), "L": Fraction(1), "m3": Fraction(1000)},
    "count": {"piece": Fraction(1), "pieces": Fraction(1), "pcs": Fraction(1)},
    "distance": {"m": Fraction(1, 1000), "km": Fraction(1)},
    "mass-distance": {"kgkm": Fraction(1, 1000), "tkm": Fraction(1)},
}


class Refused(Exception):
    """One reason why there is no figure: a kind word and a sentence."""

    def __init__(self, kind, sentence):
        super().__init__(sentence)
        self.kind = kind
        self.sentence = sentence


class RefusedInput(Exception):
    """A product of the ledger that enters as an input is refused; holds its reasons."""

    def __init__(self, reasons):
        super().__init__("input refused")
        self.reasons = reasons


# ---------------------------------------------------------------- numbers and names

def round_to(value, quantum):
    """Rounds a fraction half to even to a multiple of 1/quantum."""
    return Fraction(round(value * quantum), quantum)


def decimal_text(value):
    """Writes a multiple of 1e-15 as a decimal without trailing zeros."""
    scaled = value * QUANTUM_FIGURE
    assert scaled.denominator == 1, "a figure is a multiple of 1e-15"
    digits = str(abs(scaled.numerator)).rjust(16, "0")
    text = (digits[:-15] + "." + digits[-15:]).rstrip("0").rstrip(".")
    return "-" + text if scaled < 0 else text


def fold(text):
    """Folds a name: NFKC, lower case, white space and dashes collapsed."""
    plain = re.sub("[-\u2010-\u2015\u2212\u00ad]", " ", unicodedata.normalize("NFKC", text or ""))
    return " ".join(plain.lower().split())


def different(a, b):
    """True if both names are given and their folded forms differ."""
    return bool(fold(a)) and bool(fold(b)) and fold(a) != fold(b)


def number(text, where):
    """Reads a decimal number exactly."""
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?", text.strip()):
        raise Refused("input", f"{where}: '{text}' is not a number")
    return Fraction(text.strip())


def dimension(unit):
    """Returns (dimension, size in the base unit), or None for an unknown unit."""
    for name, table in UNITS.items():
        if unit in table:
            return name, table[unit]
    return None


def convert(amount, unit, target, where):
    """Converts an amount inside one dimension."""
    if unit == target:
        return amount
    a, b = dimension(unit), dimension(target)
    if a is None or b is None or a[0] != b[0]:
        raise Refused("unit", f"{where}: {unit} does not convert to {target}")
    return amount * a[1] / b[1]


# ---------------------------------------------------------------- periods

def day(text):
    return datetime.date.fromisoformat(text.strip())


def first_of_next_month(year, month):
    return datetime.date(year + month // 12, month % 12 + 1, 1)


def period_of(text):
    """Reads a period as (first day, first day after).

    `2025` is a year, `2025-03` a month, `2025-Q2` a quarter. `2025-01..2025-02` is both months (and all
    between); `2025-06-01..2025-06-02` is one day, because a day at the end is the first day after.
    """
    def part(word):
        if re.fullmatch(r"\d{4}", word):
            return datetime.date(int(word), 1, 1), datetime.date(int(word) + 1, 1, 1)
        quarter = re.fullmatch(r"(\d{4})-Q([1-4])", word)
        if quarter:
            year, last = int(quarter[1]), 3 * int(quarter[2])
            return datetime.date(year, last - 2, 1), first_of_next_month(year, last)
        month = re.fullmatch(r"(\d{4})-(\d{2})", word)
        if month:
            year, number_ = int(month[1]), int(month[2])
            return datetime.date(year, number_, 1), first_of_next_month(year, number_)
        return day(word), day(word)

    words = text.strip().split("..")
    start, end = part(words[0])[0], part(words[-1])[1]
    if len(words) > 2 or start >= end:
        raise Refused("input", f"period '{text}' holds no days")
    return start, end


def overlap(a, b):
    return a[0] < b[1] and b[0] < a[1]


def inside(a, b):
    return b[0] <= a[0] and a[1] <= b[1]


def span_text(span):
    return f"{span[0]}..{span[1]}"


# ---------------------------------------------------------------- ledger

class Product:
    """A product statement: declared unit, boundary, and the list of unit processes."""

    def __init__(self, row):
        where = f"products.csv, {row['id']}"
        self.id = row["id"].strip()
        self.name = (row.get("name") or "").strip()
        self.boundary = (row.get("boundary") or "").strip()
        self.declared_amount = number(row["declared_amount"], where)
        self.declared_unit = row["declared_unit"].strip()
        mass = (row.get("mass_kg") or "").strip()
        self.mass_kg = number(mass, where) if mass else None
        self.processes = {}  # (stage, folded process) -> (process as written, units_of)

    def add_process(self, row):
        key = (fold(row["stage"]), fold(row["process"]))
        self.processes[key] = (row["process"].strip(), (row.get("units_of") or "").strip())

    def units_process(self, key):
        """Returns the process whose good units divide the emission of process `key`."""
        units_of = self.processes[key][1]
        if not units_of:
            return key
        found = [k for k in self.processes if fold(units_of) in (k[1], f"{k[0]}/{k[1]}")]
        if len(found) != 1 or self.processes[found[0]][1]:
            raise Refused("units-of", f"{self.name}: units of '{units_of}' names no process with units of its own")
        return found[0]

    def in_declared_amounts(self, amount, unit, where):
        """Converts an amount of the product and divides it by the declared amount, rounded once to 1e-18."""
        own, declared = dimension(unit), dimension(self.declared_unit)
        if own and own[0] == "mass" and (declared is None or declared[0] != "mass"):
            if not self.mass_kg:
                raise Refused("unit", f"{where}: {self.name} states no mass, so {unit} does not convert")
            return round_to(amount * own[1] / self.mass_kg, QUANTUM_RATIO)
        converted = convert(amount, unit, self.declared_unit, where)
        return round_to(converted / self.declared_amount, QUANTUM_RATIO)

    def mass(self, amount, unit, where):
        """Returns kg of an amount of the product."""
        own = dimension(unit)
        if own and own[0] == "mass":
            return amount * own[1]
        if not self.mass_kg:
            raise Refused("key-missing", f"{where}: {self.name} states no mass")
        return convert(amount, unit, self.declared_unit, where) / self.declared_amount * self.mass_kg

    def pieces(self, amount, unit, where):
        """Returns the count of an amount of the product."""
        own, declared = dimension(unit), dimension(self.declared_unit)
        if own and own[0] == "count":
            return amount * own[1]
        if own and own[0] == "mass" and declared and declared[0] == "count" and self.mass_kg:
            return amount * own[1] / self.mass_kg * self.declared_amount * declared[1]
        raise Refused("key-missing", f"{where}: {unit} of {self.name} does not count pieces")


class Flow:
    """One flow of a statement."""

    def __init__(self, row, where):
        self.name = row["flow"].strip()
        self.kind = fold(row.get("kind"))
        self.amount = number(row["amount"], where)
        self.unit = (row.get("unit") or "").strip()
        self.source = row["source"].strip()
        self.meter = (row.get("meter") or "").strip()
        self.where = where


class Output:
    """What a production made of one product, with the keys that it states."""

    def __init__(self, row, product, where):
        self.product = product
        self.amount = number(row["output"], where)
        self.unit = row["output_unit"].strip()
        self.where = where
        self.keys = {}
        for item in filter(None, (row.get("allocation_keys") or "").split("|")):
            name, _, amount = item.partition("=")
            self.keys[fold(name)] = number(amount, where)
        if (row.get("key") or "").strip():
            self.keys[fold(row.get("allocation"))] = number(row["key"], where)
        value = (row.get("output_value") or "").strip()
        self.value = number(value, where) if value else None


class Statement:
    """An activity statement: a production, a reading, or a recipe."""

    def __init__(self, kind, row, products, where):
        self.kind = kind
        self.process = (fold(row["stage"]), fold(row["process"]))
        self.span = (day(row["start"]), day(row["end"]))
        self.site = (row.get("site") or "").strip()
        self.batch = (row.get("batch") or "").strip()
        self.scenario = fold(row.get("scenario"))
        self.allocation = fold(row.get("allocation"))
        applies = ((row.get("applies_to_start") or "").strip(), (row.get("applies_to_end") or "").strip())
        self.applies_to = (day(applies[0]), day(applies[1])) if all(applies) else None
        self.products = products  # a reading: set of product ids, or None for all
        self.outputs = []
        self.flows = []
        self.where = where
        if self.span[0] >= self.span[1]:
            raise Refused("input", f"{where}: the end is not after the start")

    def concerns(self, product):
        """True if the statement names the product, or all products of the process."""
        if self.kind == "reading":
            return self.products is None or product in self.products
        return any(o.product == product for o in self.outputs)

    def scope(self, period):
        """Returns `inside`, `applies`, `partly` or `outside`."""
        if inside(self.span, period):
            return "inside"
        if self.applies_to and inside(period, self.applies_to):
            return "applies"
        # The design says that a recipe holds for its period, so a period inside it is covered.
        if self.kind == "recipe" and inside(period, self.span):
            return "applies"
        return "partly" if overlap(self.span, period) else "outside"


HEAD = ("stage", "process", "start", "end", "site", "batch", "scenario", "applies_to_start", "applies_to_end",
        "allocation", "recipe", "evidence")


class Ledger:
    """All products, factors and statements of a folder."""

    def __init__(self, folder):
        self.products = {}
        self.factors = {}
        self.statements = []
        for row in read_csv(os.path.join(folder, "products.csv")):
            product = self.products.setdefault(row["id"].strip(), Product(row))
            product.add_process(row)
        for name in sorted(os.listdir(folder)):
            path = os.path.join(folder, name)
            if name == "factors.csv":
                for row in read_csv(path):
                    self.factors[row["id"].strip()] = (number(row["kgco2e"], name), row["unit"].strip())
            elif name.endswith(".csv") and name != "products.csv":
                rows = read_csv(path)
                if rows and "flow" in rows[0]:
                    self.add_rows(rows, name)

    def find(self, text):
        """Returns the product with this id or name."""
        text = text.strip()
        found = [p for p in self.products.values() if text == p.id or fold(text) == fold(p.name)]
        if len(found) != 1:
            raise Refused("unknown-product", f"'{text}' names no product of the ledger")
        return found[0]

    def listing(self, process):
        """Returns the ids of the products that list a process."""
        return sorted(p.id for p in self.products.values() if process in p.processes)

    def add_rows(self, rows, file):
        """Groups the rows of one file into statements."""
        heads = {}
        readings = {}
        for line, row in enumerate(rows, start=2):
            where = f"{file} line {line}"
            head = tuple((row.get(c) or "").strip() for c in HEAD)
            if (row.get("output") or "").strip():
                heads.setdefault(head, []).append((row, where))
                continue
            if not (row.get("flow") or "").strip():
                raise Refused("input", f"{where}: the row has neither an output nor a flow")
            names = (row.get("product") or "").strip()
            products = None if names in ("", "*") else frozenset(self.find(n).id for n in names.split("|"))
            meter = (row.get("meter") or "").strip()
            key = (head, meter, fold(row["flow"]), products)
            if key not in readings:
                readings[key] = Statement("reading", row, products, where)
                self.statements.append(readings[key])
            readings[key].flows.append(Flow(row, where))
        for head, members in heads.items():
            self.add_productions(members)
        for statement in self.statements:
            self.check(statement)

    def add_productions(self, members):
        """Makes the productions (or recipes) of the rows that share one head and state an output."""
        kind = "recipe" if fold(members[0][0].get("recipe")) == "yes" else "production"
        with_flows = {}
        outputs_only = []
        for row, where in members:
            product = self.find(row["product"]).id
            if (row.get("flow") or "").strip():
                with_flows.setdefault(product, []).append((row, where))
            else:
                outputs_only.append((product, row, where))
        statements = []
        for product, lines in with_flows.items():
            statement = Statement(kind, lines[0][0], None, lines[0][1])
            self.add_output(statement, product, *lines[0])
            for row, where in lines:
                if number(row["output"], where) != statement.outputs[0].amount:
                    raise Refused("input", f"{where}: another output than {statement.where} under the same head")
                statement.flows.append(Flow(row, where))
            statements.append(statement)
        if with_flows and outputs_only:
            # Rows without a flow name the joint outputs of the one production that has flows under
            # this head.
            if len(statements) > 1:
                raise Refused("input", f"{outputs_only[0][2]}: joint output of which production?")
            for product, row, where in outputs_only:
                self.add_output(statements[0], product, row, where)
        else:
            for product, row, where in outputs_only:
                statement = Statement(kind, row, None, where)
                self.add_output(statement, product, row, where)
                statements.append(statement)
        self.statements.extend(statements)

    @staticmethod
    def add_output(statement, product, row, where):
        output = Output(row, product, where)
        for other in statement.outputs:
            if other.product == product:
                if other.amount != output.amount:
                    raise Refused("input", f"{where}: another output of one product under the same head")
                return
        statement.outputs.append(output)

    @staticmethod
    def check(statement):
        """Checks the rules that hold when a statement is recorded."""
        if statement.applies_to and not (statement.outputs and statement.flows):
            raise Refused("applies-to", f"{statement.where}: appliesTo needs both flows and outputs")


def read_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


# ---------------------------------------------------------------- what is in scope for one product and process

class Entry:
    """A statement in scope for one product and process, and which sides of it count."""

    def __init__(self, statement, scope, flows_count, output_counts):
        self.statement = statement
        self.scope = scope
        self.flows_count = flows_count
        self.output_counts = output_counts
        self.measured = scope == "inside"


class View:
    """The entries of one product and process after guards 6 and 7."""

    def __init__(self, ledger, product, process, period, scenario):
        self.product = product
        self.findings = []
        self.ties = []
        candidates = [(s, s.scope(period)) for s in ledger.statements
                      if s.process == process and s.concerns(product.id) and s.scenario in ("", scenario)]
        candidates = [(s, scope) for s, scope in candidates if scope != "outside"]
        entries = self.apply_scenario(candidates, scenario)
        self.partly = [e for e in entries if e.scope == "partly"]
        rest = [e for e in entries if e.scope != "partly"]
        dropped = set()
        for kind in ("production", "recipe"):
            dropped |= self.replaced_by_measured([e for e in rest if e.statement.kind == kind])
        rest = [e for e in rest if id(e) not in dropped]
        self.readings = [e for e in rest if e.statement.kind == "reading"]
        self.recipes = [e for e in rest if e.statement.kind == "recipe"]
        # A production whose outputs the scenario replaces keeps its flows, and they count whole.
        self.flow_carriers = [e for e in rest if e.statement.kind == "production" and e.flows_count]
        self.productions = [e for e in rest if e.statement.kind == "production" and e.output_counts]
        self.is_empty = not rest

    def apply_scenario(self, candidates, scenario):
        """Guard 6: the scenario asked for replaces flows and outputs of the base per process and site."""
        rivals = [s for s, scope in candidates if scenario and s.scenario == scenario and scope != "partly"]
        entries = []
        lacks = set()
        for s, scope in candidates:
            flows_count, output_counts = bool(s.flows), bool(s.outputs)
            if s.scenario == "":
                near = [t for t in rivals if not different(t.site, s.site)]
                if flows_count and any(t.flows for t in near):
                    flows_count = False
                    names = {fold(f.name) for t in near for f in t.flows}
                    lacks |= {f.name for f in s.flows if fold(f.name) not in names}
                # A recipe's units are no production, so they replace none.
                if s.kind == "production" and any(t.outputs and t.kind == "production" for t in near):
                    output_counts = False
                if s.kind == "recipe":
                    output_counts = flows_count
            if flows_count or output_counts:
                entries.append(Entry(s, scope, flows_count, output_counts))
        if lacks:
            self.findings.append("scenario-lacks")
        return entries

    def replaced_by_measured(self, entries):
        """Guard 7: returns the ids of the entries that only apply and do not count."""
        measured = [e for e in entries if e.measured and e.output_counts]
        applied = [e for e in entries if e.scope == "applies" and e.output_counts]
        dropped = set()
        kept = []
        for e in sorted(applied, key=lambda x: x.statement.span[1], reverse=True):
            if any(not different(e.statement.site, m.statement.site) for m in measured):
                dropped.add(id(e))
                self.findings.append("measured-replaces-applied")
                continue
            near = [k for k in kept if not different(e.statement.site, k.statement.site)]
            if any(k.statement.span[1] == e.statement.span[1] for k in near):
                self.ties.append((e.statement, near[0].statement))
            elif near:
                dropped.add(id(e))
                self.findings.append("newer-study-counts")
                continue
            kept.append(e)
        return dropped

    def output(self, entry):
        """Returns what a production of this view made of the product."""
        return next(o for o in entry.statement.outputs if o.product == self.product.id)

    def units(self, entry):
        o = self.output(entry)
        return self.product.in_declared_amounts(o.amount, o.unit, o.where)


# ---------------------------------------------------------------- calculation

class Calculation:
    """Footprints of a ledger for one period and one scenario."""

    def __init__(self, ledger, period, scenario):
        self.ledger = ledger
        self.period = period
        self.scenario = fold(scenario)
        self.views = {}
        self.gates = {}
        self.open_inputs = []

    def view(self, product, process):
        key = (product.id, process)
        if key not in self.views:
            self.views[key] = View(self.ledger, product, process, self.period, self.scenario)
        return self.views[key]

    # ------------------------------------------------ sources

    def gate_of_input(self, product):
        """Returns the gate figures by category of a product that enters another one."""
        if product.id in self.open_inputs:
            raise Refused("loop", f"{product.name} enters itself; this program does not solve loops")
        if product.id not in self.gates:
            self.open_inputs.append(product.id)
            self.gates[product.id] = ProductFigure(self, product, GATE_STAGES, None)
            self.open_inputs.pop()
        figure = self.gates[product.id]
        if figure.reasons:
            raise RefusedInput(figure.reasons)
        return figure.total(GATE_STAGES)

    def emission(self, flow):
        """Returns kg CO2e by category of a flow, exact."""
        result = dict.fromkeys(CATEGORIES, Fraction(0))
        if flow.kind == "excluded":
            return result
        form, _, name = flow.source.partition(":")
        if form == "gas":
            amount = round_to(convert(flow.amount, flow.unit, "kg", flow.where), QUANTUM_RATIO)
            if name == "CO2_biogenic":
                result["uptake" if amount < 0 else "released"] += amount
            elif name in GASES:
                category, gwp = GASES[name]
                result[category] += amount * gwp
            else:
                raise Refused("unknown-source", f"{flow.where}: gas '{name}' is unknown")
        elif form == "factor":
            if name not in self.ledger.factors:
                raise Refused("unknown-source", f"{flow.where}: factor '{name}' is unknown")
            per_unit, unit = self.ledger.factors[name]
            amount = round_to(convert(flow.amount, flow.unit, unit, flow.where), QUANTUM_RATIO)
            result["fossil"] += amount * per_unit
        elif form == "product":
            product = self.ledger.find(name)
            amount = product.in_declared_amounts(flow.amount, flow.unit, flow.where)
            for category, value in self.gate_of_input(product).items():
                result[category] += amount * value
        else:
            raise Refused("unknown-source", f"{flow.where}: source '{flow.source}' is unknown")
        return result

    # ------------------------------------------------ allocation

    def key_of(self, output, allocation):
        """Returns the key by which an output takes its part."""
        product = self.ledger.products[output.product]
        if not allocation:
            return product.in_declared_amounts(output.amount, output.unit, output.where)
        if allocation == "mass":
            return product.mass(output.amount, output.unit, output.where)
        if allocation == "pieces":
            return product.pieces(output.amount, output.unit, output.where)
        if allocation == "price":
            if output.value is None:
                raise Refused("key-missing", f"{output.where}: states no value")
            return output.value
        if allocation not in output.keys:
            raise Refused("key-missing", f"{output.where}: states no key '{allocation}'")
        return output.keys[allocation]

    def joint_share(self, statement, product):
        """Returns the share of one product in the flows of a production."""
        if len(statement.outputs) == 1:
            return Fraction(1)
        if not statement.allocation:
            raise Refused("needs-allocation", f"{statement.where}: joint outputs without an allocation")
        values = [o.value / o.amount for o in statement.outputs if o.value and o.amount]
        far_apart = len(values) > 1 and max(values) > FACTOR_OF_FIVE * min(values)
        if far_apart != (statement.allocation == "price") and len(values) > 1:
            raise Refused("allocation-order", f"{statement.where}: values differ by a factor of "
                          f"{'more than' if far_apart else 'at most'} five, which asks for "
                          f"{'price' if far_apart else 'a physical key'}")
        keys = {o.product: self.key_of(o, statement.allocation) for o in statement.outputs}
        total = sum(keys.values())
        if total == 0:
            raise Refused("keys-zero", f"{statement.where}: the keys of the joint outputs sum to zero")
        return keys[product] / total


class ProductFigure:
    """Figures of one product: by unit process, with reasons for a refusal and findings."""

    def __init__(self, calculation, product, stages, batch):
        self.calculation = calculation
        self.product = product
        self.batch = fold(batch)
        self.reasons = []
        self.findings = []
        self.figures = {}  # process -> category -> rounded figure
        self.gate_units = {}  # process -> measured units, for guard 3
        wanted = [p for p in product.processes if p[0] in stages]
        if not wanted:
            self.refuse("no-data", f"{product.name} lists no process of the stages {', '.join(stages)}")
        for process in wanted:
            try:
                self.figures[process] = self.process_figure(process)
            except Refused as reason:
                self.refuse(reason.kind, reason.sentence)
        units = [u for u in self.gate_units.values() if u > 0]
        if units and max(units) - min(units) > TOLERANCE_UNITS * max(units):
            self.note("uneven-units")

    def refuse(self, kind, sentence):
        if (kind, sentence) not in self.reasons:
            self.reasons.append((kind, sentence))

    def note(self, name):
        if name not in self.findings:
            self.findings.append(name)

    def total(self, stages):
        """Sums the rounded figures of some stages by category."""
        return {c: sum((f[c] for p, f in self.figures.items() if p[0] in stages), Fraction(0))
                for c in CATEGORIES}

    # ------------------------------------------------ one unit process

    def process_figure(self, process):
        """Calculates `f(p)` by category."""
        product, calculation = self.product, self.calculation
        units_process = product.units_process(process)
        view = calculation.view(product, process)
        units_view = calculation.view(product, units_process)
        label = f"{product.name}, {process[0]}/{process[1]}"

        for v in (view, units_view):
            for entry in v.partly:
                self.refuse_partly(entry.statement)
            for a, b in v.ties:
                self.refuse("studies-end-together", f"{label}: {a.where} and {b.where} apply and end together")
            self.guard_output_twice(v, v.productions)
            for name in v.findings:
                self.note(name)
        if view.is_empty:
            if not view.partly:
                self.refuse("no-data", f"{label}: no statement in scope")
            return dict.fromkeys(CATEGORIES, Fraction(0))
        if units_process != process and view.productions:
            raise Refused("units-of", f"{label}: takes the units of another process, so it has readings only")

        readings = [e for e in view.readings if not self.names_another_batch(e.statement)]
        self.guard_read_twice(view, readings)

        own = self.unit_productions(units_view)
        if units_process != process:
            own = [e for e in own if e.measured]
        total = dict.fromkeys(CATEGORIES, Fraction(0))
        self.add_own_flows(view, own, total)
        for entry in readings:
            self.add(total, entry.statement, self.reading_share(entry.statement, process, own))
        units = sum((units_view.units(e) for e in own), Fraction(0))
        if process[0] in GATE_STAGES and units_process == process:
            measured = [e for e in own if e.measured]
            if measured:
                self.gate_units[process] = sum((units_view.units(e) for e in measured), Fraction(0))

        result = self.per_unit(total, units, own, view, label)
        for entry in view.recipes:
            if not self.names_another_batch(entry.statement):
                for category, value in self.recipe_row(view, entry, label).items():
                    result[category] += value
        return result

    def per_unit(self, total, units, own, view, label):
        """Divides by the declared units and rounds once to 1e-15."""
        if not own and not view.recipes:
            self.refuse("no-production", f"{label}: no production of the product in scope")
        if units == 0:
            if own or any(total.values()):
                self.refuse("nothing-made", f"{label}: the units sum to zero")
            return dict.fromkeys(CATEGORIES, Fraction(0))
        return {c: round_to(v / units, QUANTUM_FIGURE) for c, v in total.items()}

    def recipe_row(self, view, entry, label):
        """Returns the figures of a recipe: its flows over its own units, rounded like a unit process."""
        row = dict.fromkeys(CATEGORIES, Fraction(0))
        self.add(row, entry.statement, calculate_share(self, entry.statement))
        units = view.units(entry)
        if units == 0:
            self.refuse("nothing-made", f"{label}: the recipe {entry.statement.where} is for zero units")
            return dict.fromkeys(CATEGORIES, Fraction(0))
        return {c: round_to(v / units, QUANTUM_FIGURE) for c, v in row.items()}

    def add(self, total, statement, share):
        """Adds a share of the flows of a statement."""
        for flow in statement.flows:
            try:
                emission = self.calculation.emission(flow)
            except Refused as reason:
                self.refuse(reason.kind, reason.sentence)
                continue
            except RefusedInput as input_:
                for kind, sentence in input_.reasons:
                    self.refuse(kind, f"input of {self.product.name}: {sentence}")
                continue
            for category in CATEGORIES:
                total[category] += emission[category] * share

    def add_own_flows(self, view, own, total):
        """Adds the flows of productions; with a batch asked for, of the productions that give the units."""
        for entry in view.flow_carriers:
            if self.batch and entry.output_counts and entry not in own:
                continue
            if self.batch and not entry.output_counts and self.names_another_batch(entry.statement):
                continue
            self.add(total, entry.statement, calculate_share(self, entry.statement))

    # ------------------------------------------------ batches

    def names_another_batch(self, statement):
        return bool(self.batch) and different(statement.batch, self.batch)

    def unit_productions(self, view):
        """Returns the productions that give the units."""
        if not self.batch:
            return list(view.productions)
        of_batch = [e for e in view.productions if fold(e.statement.batch) == self.batch]
        return of_batch or [e for e in view.productions if not fold(e.statement.batch)]

    # ------------------------------------------------ readings

    def reading_share(self, reading, process, own):
        """Returns the part of a reading that falls to the product (or to the batch asked for)."""
        try:
            concerned = self.concerned(reading, process)
            if not concerned:
                raise Refused("reading-without-production",
                              f"{reading.where}: no measured production matches the reading")
            whole = reading.products is not None and len(reading.products) == 1
            if whole and (not self.batch or fold(reading.batch) == self.batch):
                return Fraction(1)
            return self.shared_part(reading, concerned, own)
        except Refused as reason:
            self.refuse(reason.kind, reason.sentence)
            return Fraction(0)

    def concerned(self, reading, process):
        """Returns (view, entry) of the measured productions that a reading concerns."""
        ledger, calculation = self.calculation.ledger, self.calculation
        ids = ledger.listing(process) if reading.products is None else sorted(reading.products)
        result = []
        for product_id in ids:
            product = ledger.products[product_id]
            if process not in product.processes:
                raise Refused("unlisted-process", f"{reading.where}: {product.name} does not list the process")
            view = calculation.view(product, product.units_process(process))
            for entry in view.partly:
                if entry.statement.kind == "production" and entry.output_counts and matches(reading, entry):
                    self.refuse_partly(entry.statement)
            matching = [e for e in view.productions if e.measured and matches(reading, e)]
            self.guard_output_twice(view, matching)
            result.extend((view, e) for e in matching)
        # A site or batch that a reading names must match; what names none takes a part where none does.
        for part in ("site", "batch"):
            name = fold(getattr(reading, part))
            of_name = [(v, e) for v, e in result if fold(getattr(e.statement, part)) == name]
            if name and of_name:
                result = of_name
        return result

    def shared_part(self, reading, concerned, own):
        """Shares a reading by keys inside its span."""
        if reading.allocation == "price":
            raise Refused("price-of-a-reading", f"{reading.where}: a reading is shared by price only under a product rule")
        made = {view.product.id for view, _ in concerned}
        if not reading.allocation and len(made) > 1:
            raise Refused("needs-allocation", f"{reading.where}: shared by several products without an allocation")

        def keys(span):
            within = [(v, e) for v, e in concerned if inside(e.statement.span, span)]
            return [(e, self.calculation.key_of(v.output(e), reading.allocation), v) for v, e in within]

        span = hull(reading.span, [e.statement.span for _, e in concerned])
        found = keys(span)
        if sum(k for _, k, _ in found) == 0:
            span = self.calculation.period
            found = keys(span)
            self.note("standby")
        elif span != reading.span:
            self.note("shared-wider")
        total = sum(k for _, k, _ in found)
        if total == 0:
            if all(f.amount == 0 for f in reading.flows):
                return Fraction(0)
            raise Refused("keys-zero", f"{reading.where}: the keys of the whole period sum to zero")
        mine = sum((k for e, k, v in found if v.product.id == self.product.id and e in own), Fraction(0))
        return mine / total

    # ------------------------------------------------ guards

    def refuse_partly(self, statement):
        self.refuse("partly-inside", f"{statement.where}: {span_text(statement.span)} lies partly inside "
                                     f"{span_text(self.calculation.period)}")

    def guard_output_twice(self, view, productions):
        """Guard 1, for the productions of one product and process."""
        for i, a in enumerate(productions):
            for b in productions[i + 1:]:
                s, t = a.statement, b.statement
                if overlap(s.span, t.span) and not different(s.site, t.site) and not different(s.batch, t.batch):
                    self.refuse("output-twice", f"{s.where} and {t.where} both state what {view.product.name} "
                                                f"made on the same days")

    def guard_read_twice(self, view, readings):
        """Guard 1b, for the flows that concern the product in one process."""
        flows = [(e.statement, f) for e in view.flow_carriers + readings for f in e.statement.flows
                 if f.kind in STOPPING_KINDS]
        for i, (s, f) in enumerate(flows):
            for t, g in flows[i + 1:]:
                if s is t and s.kind == "production":
                    continue
                if (fold(f.name) == fold(g.name) and overlap(s.span, t.span) and not different(s.site, t.site)
                        and not different(s.batch, t.batch) and not different(f.meter, g.meter)):
                    self.refuse("read-twice", f"{f.where} and {g.where} both read '{f.name}' on the same days")


def calculate_share(figure, statement):
    """Returns the share of a product in the flows of a production; records a refusal."""
    try:
        return figure.calculation.joint_share(statement, figure.product.id)
    except Refused as reason:
        figure.refuse(reason.kind, reason.sentence)
        return Fraction(0)


def matches(reading, entry):
    """True if the production is at a site and of a batch that the reading does not exclude."""
    return (not different(reading.site, entry.statement.site)
            and not different(reading.batch, entry.statement.batch))


def hull(span, others):
    """Widens a span until none of the other spans overlaps its edge."""
    changed = True
    while changed:
        changed = False
        for other in others:
            if overlap(span, other) and not inside(other, span):
                span = (min(span[0], other[0]), max(span[1], other[1]))
                changed = True
    return span


# ---------------------------------------------------------------- answer

def refusal(reasons):
    return {"refused": [kind for kind, _ in reasons], "sentences": [sentence for _, sentence in reasons]}


def calculate(folder, product, period, scenario=None, batch=None):
    """Calculates one footprint and returns the JSON object as a dictionary."""
    try:
        ledger = Ledger(folder)
        asked = ledger.find(product)
        calculation = Calculation(ledger, period_of(period), scenario)
        whole_life = asked.boundary == "cradle-to-grave"
        # The product asked for is open while it is calculated, so that an input that needs it is a
        # loop.
        calculation.open_inputs.append(asked.id)
        figure = ProductFigure(calculation, asked, GRAVE_STAGES if whole_life else GATE_STAGES, batch)
    except Refused as reason:
        return refusal([(reason.kind, reason.sentence)])
    if figure.reasons:
        return refusal(figure.reasons)

    gate = figure.total(GATE_STAGES)
    grave = figure.total(GRAVE_STAGES) if whole_life else None

    def excluding(values):
        return decimal_text(sum(values[c] for c in EXCLUDING_UPTAKE))

    answer = {
        "processes": {f"{p[0]}/{asked.processes[p][0]}": excluding(f) for p, f in figure.figures.items()},
        "gate": excluding(gate),
        "grave": excluding(grave) if grave else None,
        "findings": sorted(figure.findings),
    }
    for category in ("uptake", "released"):
        if any(f[category] for f in figure.figures.values()):
            answer[category] = {"gate": decimal_text(gate[category]),
                                "grave": decimal_text(grave[category]) if grave else None}
    return answer


def main(arguments):
    options = {"--scenario": None, "--batch": None}
    words = []
    rest = iter(arguments)
    for word in rest:
        if word in options:
            options[word] = next(rest, None)
        else:
            words.append(word)
    if len(words) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    answer = calculate(*words, scenario=options["--scenario"], batch=options["--batch"])
    print(json.dumps(answer, indent=2, ensure_ascii=False))
    return 1 if "refused" in answer else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
