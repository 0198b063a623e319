"""The figures of a question as a publication spells them (sections 13.2, 17.4, 21 and 22)."""
from .figures import Calculation, add, excluding, including
from .instruments import judge
from .numbers import ZERO, half_even, spell
from .rows import gate_stages
from .shapes import CATEGORIES, STAGES
from .stop import Stop
from .coverage import coverage


def figure_set(categories):
    if any(abs(v) >= 10**18 for v in categories.values()):
        raise Stop("Result", "a figure beyond 10^18 kg")
    return {"categories": {c: spell(categories[c]) for c in CATEGORIES}, "excludingUptake": spell(excluding(categories)),
            "includingUptake": spell(including(categories))}


class Result:
    """`figures` and `coverage` as a publication has them, `used` as a proof lists it; or `stops`."""

    def __init__(self, inventory, question, estimates=ZERO):
        self.stops, self.figures, self.used, self.coverage, self.notes = [], None, None, None, []
        try:
            self.calculation = Calculation(inventory, question)
        except Stop as stop:
            self.stops = [stop]
            return
        asked = self.calculation.asked
        self.stops = self.calculation.reasons()
        self.stops += judge(self.calculation)
        self.notes = [n for p in self.calculation.products.values() for n in p.build.notes]
        if self.stops:
            return
        try:
            self.figures = self.write(asked, estimates)
        except Stop as stop:
            self.stops = [stop]
            return
        self.used = parted(used(self.calculation))
        self.coverage = coverage(self.calculation)

    @property
    def used_count(self):
        return sum(len(ids) for ids in self.used.values())

    @property
    def boundary(self):
        return self.calculation.boundary

    def write(self, p, estimates):
        rows = p.rows
        grave = self.boundary == "cradle-to-grave"
        gate = p.gate
        found = {"gate": figure_set(gate), "primaryDataShare": spell(p.primary, 6),
                 "gwp": sorted({g for r in rows for l in r.lines for g in l.source.gwp})}
        if p.quality is not None:
            found["dataQuality"] = {k: spell(v, 6) for k, v in p.quality.items()}
        if grave:
            found["grave"] = figure_set(add(r.figures for r in rows))
        if "exemptions" in p.statement.all:
            left = estimates + sum((half_even(sum(s * e for s, e in r.estimates) / r.units, 15)
                                    for r in rows if r.gate and r.estimates), start=ZERO)
            percent = half_even(100 * left / (abs(excluding(gate)) + left), 6) if left else ZERO
            found["exemptedEmissionsPercent"] = spell(percent, 6)
        processes = {}
        for r in rows:
            processes.setdefault((STAGES.index(r.stage), r.process.encode(), r.process), []).append(r.figures)
        found["processes"] = [{"figures": figure_set(add(sets)), "process": name, "stage": STAGES[stage]}
                              for (stage, _, name), sets in sorted(processes.items())]
        inside = set(STAGES) if grave else gate_stages(p.statement)
        found["stages"] = [{"figures": figure_set(add(r.figures for r in rows if r.stage == s)), "stage": s}
                           for s in STAGES if s in inside or any(r.stage == s for r in rows)]
        return found


def parted(statements):
    """Ids as `used` of a proof has them."""
    return {"activities": sorted(s.id for s in statements if s.type == "activity"),
            "sources": sorted(s.id for s in statements if s.type != "activity")}


def used(calculation):
    """21.1: the statements that enter any figure, each once."""
    found = {}
    todo, seen = [calculation.asked], []
    while todo:
        p = todo.pop()
        if p in seen:
            continue
        seen.append(p)
        found[p.statement.id] = p.statement
        if p.stand_in is not None:
            found[p.stand_in.id] = p.stand_in
            continue
        for r in p.rows:
            found.update(r.used)
        todo += [calculation.products[q] for q in p.inputs(gate=p is not calculation.asked)]
    return found.values()
