"""From rows to figures (sections 13, 15, 16 and 17)."""
from . import loops, sources, units
from .numbers import ZERO, Period, co2e, decimal, half_even
from .rows import Build
from .selection import Question, Selector
from .shapes import CATEGORIES
from .stop import Stop

COUNTED = CATEGORIES[:7]
ROUNDS = 64  # as 15.5 says; the command of December 2026 makes one more
RATED = ("geography", "technology", "time")


def add(sets):
    found = dict.fromkeys(CATEGORIES, ZERO)
    for s in sets:
        for c in CATEGORIES:
            found[c] += s[c]
    return found


def excluding(categories):
    return sum(categories[c] for c in COUNTED)


def including(categories):
    return sum(categories[c] for c in CATEGORIES[:9])


class Product:
    """One product as it is calculated."""

    def __init__(self, statement, build):
        self.statement, self.build = statement, build
        self.rows = build.rows
        self.errors, self.inputs_failed = list(build.errors), []
        self.gate = self.primary = self.quality = None
        self.gwp = set()
        self.stand_in = self.per = None
        self.done = False

    def gate_rows(self):
        return [r for r in self.rows if r.gate]

    def inputs(self, gate=True):
        found = {}
        for r in self.rows:
            if r.gate or not gate:
                for line in r.lines:
                    if line.source.product is not None:
                        found[line.source.product.id] = line.source.product
        return found

    @property
    def failed(self):
        return bool(self.errors or self.inputs_failed)


def row_figures(row):
    """R5."""
    if row.fixed is not None:
        return dict(row.fixed)
    return {c: half_even(sum((l.share * l.ratio * l.of(c) for l in row.lines), start=ZERO) / row.units, 15)
            for c in CATEGORIES}


class Calculation:
    """All products that a question needs."""

    def __init__(self, inventory, question):
        self.inventory, self.question = inventory, question
        self.selector = self.plain = Selector(inventory, question)
        if question.batch is not None:
            # A batch restricts the product asked for and none of its inputs: where it is its own input, it is another node.
            self.plain = Selector(inventory, Question(question.product, question.period, question.boundary, question.scenario,
                                                      None, question.gwp))
        self.products = {}
        asked = question.product
        boundary = question.boundary or asked.all["boundary"]
        self.boundary = boundary
        if boundary == "cradle-to-grave" and asked.all["boundary"] == "cradle-to-gate":
            raise Stop("BeyondBoundary", asked.all["ids"][0])
        self.asked_key = asked.id + ("" if question.batch is None else " batch")
        self.need(asked, self.asked_key)
        todo = [self.asked_key]
        while todo:
            for q in self.products[todo.pop()].build.wanted.values():
                if q.id not in self.products:
                    self.need(q, q.id)
                    todo.append(q.id)
        self.resolve(dict(self.products))
        self.asked = self.products[self.asked_key]
        self.asked.inputs_failed = [q for q in self.asked.inputs(gate=False)
                                    if self.products[q].failed and self.products[q].stand_in is None]
        if not self.asked.failed:
            self.beyond()

    def need(self, product, key):
        boundary = self.question.boundary or product.all["boundary"]
        asked = key == self.asked_key
        self.products[key] = Product(product, Build(self.selector if asked else self.plain, product, asked, boundary))

    def edges(self, product, among):
        return [q for q in product.inputs() if q in among]

    def resolve(self, among):
        """Strongly connected parts, inputs first (Tarjan)."""
        index, low, stack, on, parts = {}, {}, [], set(), []

        def visit(start):
            work = [(start, iter(sorted(self.edges(among[start], among))))]
            index[start] = low[start] = len(index)
            stack.append(start)
            on.add(start)
            while work:
                at, rest = work[-1]
                for q in rest:
                    if q not in index:
                        index[q] = low[q] = len(index)
                        stack.append(q)
                        on.add(q)
                        work.append((q, iter(sorted(self.edges(among[q], among)))))
                        break
                    if q in on:
                        low[at] = min(low[at], index[q])
                else:
                    work.pop()
                    if work:
                        low[work[-1][0]] = min(low[work[-1][0]], low[at])
                    if low[at] == index[at]:
                        part = {}
                        while True:
                            q = stack.pop()
                            on.discard(q)
                            part[q] = among[q]
                            if q == at:
                                break
                        parts.append(part)

        for p in sorted(among):
            if p not in index:
                visit(p)
        for part in parts:
            self.part(part)

    def part(self, part):
        """One product, or a loop."""
        for p in part.values():
            p.inputs_failed = [q for q in p.inputs(gate=p is not self.products[self.asked_key])
                               if q not in part and self.products[q].done and self.products[q].failed
                               and self.products[q].stand_in is None]
        bad = {i: p for i, p in part.items() if p.failed}
        for p in bad.values():
            p.done = True
            p.stand_in = self.standing(p)
        if bad:
            rest = {i: p for i, p in part.items() if i not in bad}
            if rest:
                self.resolve(rest)
            return
        for p in part.values():
            self.fill(p.gate_rows(), part)
        loop = len(part) > 1 or any(i in p.inputs() for i, p in part.items())
        try:
            if loop:
                loops.figures({p.statement: p.gate_rows() for p in part.values()})
            else:
                for p in part.values():
                    for r in p.gate_rows():
                        r.figures = row_figures(r)
        except Stop as stop:
            for p in part.values():
                p.errors.append(stop)
                p.done = True
            return
        for p in part.values():
            p.gate = add(r.figures for r in p.gate_rows())
            p.gwp = {g for r in p.gate_rows() for l in r.lines for g in l.source.gwp}
            p.primary, p.quality = ZERO, None
            p.done = True
        sets = {g for p in part.values() for g in p.gwp}
        for p in part.values():
            p.gwp = set(sets)
        for turn in range(ROUNDS if loop else 1):
            for p in part.values():
                self.fill(p.gate_rows(), {})
            found = {i: shares(p.gate_rows()) for i, p in part.items()}
            same = all((p.primary, p.quality) == found[i] for i, p in part.items())
            for i, p in part.items():
                p.primary, p.quality = found[i]
            if same and turn > 0:
                break
        for p in part.values():
            p.errors += carbon(p)

    def standing(self, p):
        """15.2: the publication that takes the place of an input that lacks data alone."""
        if p.statement is self.question.product or not self.lacks(p):
            return None  # never in place of the product asked for
        for s in reversed(self.inventory.publications):
            if self.inventory.by_id.get(s.all["product"]) is p.statement and "batch" not in s.all \
                    and Period.read(s.all["validity"]).covers(self.question.period):
                p.per = self.per(p.statement, self.inventory.declared_then(s))
                if p.per is not None:
                    return s
                p.errors.append(Stop("PublishedPer", p.statement.all["ids"][0]))
                return None
        return None

    @staticmethod
    def per(now, then):
        """Today's declared unit in that of then (R1); None where it does not convert."""
        if then is None:
            return None
        unit, old, mass = now.all["declaredUnit"], then.all["declaredUnit"], then.all.get("massPerDeclaredUnit")
        try:
            return units.divide(decimal(unit["amount"]), unit["unit"], decimal(old["amount"]), old["unit"],
                                None if mass is None else decimal(mass), "PublishedPer", "TooSmall")
        except Stop:
            return None

    def lacks(self, p):
        return all(e.code in ("NoData", "PublishedPer") for e in p.errors) and all(self.lacks(self.products[q]) for q in p.inputs_failed)

    def fill(self, rows, part):
        """Sets the categories of sources that are products outside the loop."""
        for r in rows:
            for line in r.lines:
                s = line.source
                if s.product is None or s.product.id in part:
                    continue
                p = self.products[s.product.id]
                if p.stand_in is not None:
                    f = p.stand_in.all["figures"]
                    s.kind = "publication"
                    s.categories = {c: half_even(p.per * co2e(f["gate"]["categories"][c]), 15) for c in CATEGORIES}
                    s.gwp, s.primary = set(f["gwp"]), decimal(f["primaryDataShare"]) / 100
                    s.quality = sources.ratings(f.get("dataQuality"))
                elif p.gate is not None:
                    s.categories, s.gwp, s.primary, s.quality = p.gate, p.gwp, p.primary / 100, p.quality

    def beyond(self):
        """Rows beyond the gate of the product asked for, and what only then can be judged."""
        rows = [r for r in self.asked.rows if not r.gate]
        self.fill(rows, {})
        for r in rows:
            r.figures = row_figures(r)
        for r in self.asked.rows:
            for line in r.lines:
                if r.stage == "recycling" and r.kind != "material" and line.source.kind != "gas" and \
                        half_even(line.ratio * line.source.categories["fossilGhgEmissions"], 15) < 0:
                    self.asked.errors.append(Stop("RecyclingCredit", line.flow["name"]))

    def reasons(self, p=None, seen=None):
        """The conditions that stop a product; those of failing inputs in their place."""
        p, seen = p or self.asked, seen if seen is not None else []
        if p in seen:
            return []
        seen.append(p)
        return p.errors + [e for q in p.inputs_failed for e in self.reasons(self.products[q], seen)]


def weight(row, line):
    """17.1."""
    if row.kind == "material":
        return abs(sum(half_even(line.ratio * line.source.categories[c], 15) for c in COUNTED))
    return abs(half_even(line.share * line.ratio * line.source.excluding() / row.units, 15))


def shares(rows):
    """Primary data share in percent and ratings of the lines of a gate (17.2, 17.3)."""
    total = primary = ZERO
    rated = {k: [ZERO, ZERO] for k in RATED}
    for row in rows:
        for line in row.lines:
            w, source = weight(row, line), line.source
            total += w
            if row.kind == "material":
                p = ZERO
            elif source.kind in ("gas", "factor"):
                p = source.primary if line.flow.get("data") == "primary" else ZERO
            else:
                p = source.primary
            primary += w * p
            own = sources.ratings(line.statement.all.get("quality")) if line.statement is not None else None
            for k in RATED:
                both = [q[k] for q in (own, source.quality) if q]
                if both:
                    rated[k][0] += w * max(both)
                    rated[k][1] += w
    share = half_even(100 * primary / total, 6) if total else ZERO
    if any(rated[k][1] == 0 for k in RATED):
        return share, None
    return share, {k: half_even(rated[k][0] / rated[k][1], 6) for k in RATED}


def carbon(p):
    """16."""
    d = p.statement.all
    u = p.gate["biogenicCO2Uptake"] + p.gate["biogenicCO2Released"]
    stated = d.get("carbon", {}).get("biogenic")
    if stated is None:
        return [] if u == 0 else [Stop("CarbonUnstated", d["ids"][0])]
    c = decimal(stated) + decimal(d.get("packaging", {}).get("biogenicCarbon", "0"))
    off = abs(12 * u + 44 * c)
    if off <= decimal("0.000000012") or 100 * off <= 5 * 44 * c:
        return []
    return [Stop("CarbonBalance", d["ids"][0])]

