"""Which statements count for a process of a product (sections 7.2 to 7.8)."""
from .names import differ, fold, meet
from .numbers import ZERO, decimal
from .stop import Stop
from . import units

READ_TWICE = ("energy", "emission")


class Question:
    """What is asked (section 6). `batch` restricts the product asked for alone."""

    def __init__(self, product, period, boundary=None, scenario=None, batch=None, gwp="AR6"):
        self.product, self.period, self.boundary = product, period, boundary
        self.scenario, self.batch, self.gwp = scenario, batch, gwp


class Candidate:
    """A statement that is not out, with how it lies and what of it counts."""

    def __init__(self, statement, how, only_applies):
        self.s, self.how, self.only_applies = statement, how, only_applies
        self.flows = bool(statement.flows)
        self.units = bool(statement.outputs)

    @property
    def base(self):
        return self.s.scenario is None


def lies(statement, question):
    """7.2: measured, applied, partial or None where it is out."""
    p, q = statement.period, question.period
    if statement.scenario is not None and fold(statement.scenario) != fold(question.scenario):
        return None
    longer = statement.applies or (p if statement.recipe else None)
    if q.covers(p):
        return "measured"
    if longer is not None and longer.covers(q):
        return "applied"
    return "partial" if (longer or p).overlaps(q) else None


def meets_any(site, sites):
    return any(meet(site, other) for other in sites)


class Picked:
    """The candidates of one process of one product after 7.5, and what was found on the way."""

    def __init__(self, productions, readings, recipes):
        self.productions, self.readings, self.recipes = productions, readings, recipes
        self.errors, self.notes, self.scope = [], [], productions + readings + recipes
        self.lost = []  # candidates whose flows count no more

    def all(self):
        return self.productions + self.readings + self.recipes

    def stop(self, code, words=""):
        self.errors.append(Stop(code, words))


def pick(inventory, question, product, stage, name):
    """7.2 to 7.5 for a process; partial candidates that are left are still among the lists."""
    lists = ([], [], [])
    for s in inventory.of[product.id]:
        if (s.all["stage"], s.all["process"]) != (stage, name):
            continue
        how = lies(s, question)
        if how is None:
            continue
        only = how == "applied" or (how == "partial" and s.applies is not None and not s.period.overlaps(question.period))
        lists[2 if s.recipe else 0 if s.outputs else 1].append(Candidate(s, how, only))
    picked = Picked(*lists)
    if question.scenario is not None:
        replace(picked)
    picked.productions = what_applies(picked, picked.productions)
    picked.recipes = what_applies(picked, picked.recipes)
    return picked


def replace(picked):
    """7.4: a scenario replaces, site by site."""
    own = [c for c in picked.all() if not c.base]
    flows = [c.s.site for c in own if c.flows]
    made = [c.s.site for c in own if c.units and not c.s.recipe]
    for c in picked.all():
        if not c.base:
            continue
        if c.flows and meets_any(c.s.site, flows):
            c.flows = False
            picked.lost.append(c.s)
        if c.units and not c.s.recipe and meets_any(c.s.site, made):
            c.units = False
    picked.productions = [c for c in picked.productions if c.flows or c.units]
    picked.readings = [c for c in picked.readings if c.flows]
    picked.recipes = [c for c in picked.recipes if c.flows]
    gone = {fold(f["name"]) for s in picked.lost for f in s.flows} - {fold(f["name"]) for c in own for f in c.s.flows}
    if gone:
        picked.notes.append("scenario-lacks: " + ", ".join(sorted(gone)))


def what_applies(picked, candidates):
    """7.5 for productions or recipes: those that stay."""
    measured = [c.s.site for c in candidates if c.how == "measured" and c.units]
    left = []
    for c in candidates:
        if c.only_applies and meets_any(c.s.site, measured):
            picked.notes.append("superseded: %s" % c.s.id)
            picked.lost.append(c.s)
        else:
            left.append(c)
    applied = [c for c in left if c.how == "applied"]
    dropped, kept = set(), []
    for end in sorted({c.s.period[1] for c in applied}, reverse=True):
        today = []
        for c in (c for c in applied if c.s.period[1] == end):
            if any(meet(c.s.site, k.s.site) for k in kept):
                dropped.add(id(c))
                picked.notes.append("superseded: %s" % c.s.id)
                picked.lost.append(c.s)
            else:
                if any(meet(c.s.site, t.s.site) for t in today):
                    picked.stop("AppliesTwice", c.s.id)
                today.append(c)
        kept += today
    return [c for c in left if id(c) not in dropped]


def output_units(inventory, statement, product):
    """How many declared units the output of a production is (4.3)."""
    output, d = inventory.output(statement, product), product.all
    mass = d.get("massPerDeclaredUnit")
    return units.divide(decimal(output["amount"]), output["unit"], decimal(d["declaredUnit"]["amount"]),
                        d["declaredUnit"]["unit"], None if mass is None else decimal(mass), "OutputUnit", "Value")


def apart(a, b, marks):
    """Whether both statements name one of the marks and differ in it."""
    return any(differ(a.all.get(m), b.all.get(m)) for m in marks)


def overlapping(statements):
    """Pairs of statements that state output twice (7.8)."""
    found = []
    ordered = sorted(statements, key=lambda s: s.period)
    for at, a in enumerate(ordered):
        for b in ordered[at + 1:]:
            if b.period[0] >= a.period[1]:
                break
            if a.period.overlaps(b.period) and not apart(a, b, ("site", "batch")):
                found.append((a, b))
    return found


def read_twice(productions, readings):
    """Names of flows of energy and emission that are read twice (7.8)."""
    flows = []
    for statements, reading in ((productions, False), (readings, True)):
        for s in statements:
            flows += [(fold(f["name"]), s, reading) for f in s.flows if f["kind"] in READ_TWICE]
    found = set()
    by_name = {}
    for name, s, reading in flows:
        by_name.setdefault(name, []).append((s, reading))
    for name, places in by_name.items():
        for at, (a, reading) in enumerate(places):
            for b, _ in places[at + 1:]:
                if a is b:
                    if reading:
                        found.add(name)
                elif a.period.overlaps(b.period) and not apart(a, b, ("site", "batch", "meter")):
                    found.add(name)
    return sorted(found)


class Selector:
    """Selection for all products of one question, each process looked at once."""

    def __init__(self, inventory, question):
        self.inventory, self.question = inventory, question
        self.seen, self.shared = {}, {}

    def pick(self, product, stage, name):
        at = (product.id, stage, name)
        if at not in self.seen:
            self.seen[at] = pick(self.inventory, self.question, product, stage, name)
        return self.seen[at]

    def batch(self, product):
        return self.question.batch if product is self.question.product else None

    def with_units(self, product, stage, name):
        """The process whose good units are those of a process."""
        process = self.inventory.process(product, stage, name)
        return process.get("unitsOf", name)

    def units_productions(self, product, stage, name, partial=False):
        """Productions whose units are those of the process, of every batch (7.7)."""
        found = self.pick(product, stage, self.with_units(product, stage, name)).productions
        return [c for c in found if partial or c.how != "partial"]

    def chosen(self, product, candidates):
        """Those of the batch that is asked for, else those of no batch (7.7)."""
        batch = self.batch(product)
        if batch is None:
            return candidates
        own = [c for c in candidates if c.s.batch is not None and fold(c.s.batch) == fold(batch)]
        return own or [c for c in candidates if c.s.batch is None]

    def other_batch(self, product, statement):
        return differ(self.batch(product), statement.batch)

    def sum_units(self, product, candidates, errors):
        total = ZERO
        for c in candidates:
            if c.units:
                try:
                    total += output_units(self.inventory, c.s, product)
                except Stop as stop:
                    errors.append(stop)
        return total
