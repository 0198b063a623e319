"""Rows of a product: what is summed and divided once, with the lines in them (sections 7.8, 7.10, 10.2, 10.4 and 14.4)."""
from . import recycling_terms, sharing, sources, units
from .joint import Joint
from .names import meet
from .numbers import ONE, ZERO, co2e, decimal, half_even
from .selection import lies, overlapping, read_twice
from .shapes import CATEGORIES, STAGES
from .stop import Stop


class Line:
    """One flow with one source."""

    def __init__(self, statement, flow, share, ratio, source):
        self.statement, self.flow, self.share, self.ratio, self.source = statement, flow, share, ratio, source
        self.whole = {"aircraft": "aircraftGhgEmissions", "packaging": "packagingGhgEmissions"}.get(flow.get("kind"))

    def of(self, category):
        """What one unit of the source counts in a category; an aircraft or packaging flow is one as a whole (10.5)."""
        return self.source.excluding() if category == self.whole else self.source.categories[category]


class Row:
    """`estimates` are what is left out; `fixed` are the figures of recycled material."""

    def __init__(self, stage, process, kind, divisor, gate):
        self.stage, self.process, self.kind, self.units, self.gate = stage, process, kind, divisor, gate
        self.lines, self.estimates, self.fixed, self.used, self.figures = [], [], None, {}, None
        self.unrounded = None
        self.items = []  # (statement, share or None where it has no flows that count, counts as units)

    def use(self, *statements):
        for s in statements:
            self.used[s.id] = s

    @property
    def sort_key(self):
        return STAGES.index(self.stage), self.process.encode(), {"measured": 0, "recipe": 1}.get(self.kind, 2)


def gate_stages(product):
    return {"procurement", "production"} | ({"design"} if product.all.get("designAtGate") else set())


class Build:
    """Rows, errors and notes of one product for the halves that are needed."""

    def __init__(self, selector, product, beyond, boundary):
        self.selector, self.inventory, self.question = selector, selector.inventory, selector.question
        self.product, self.boundary = product, boundary
        self.rows, self.errors, self.notes = [], [], []
        self.wanted = {}  # inputs, also those of flows that stop
        gate = gate_stages(product)
        for process in sorted(product.all["processes"], key=lambda p: (STAGES.index(p["stage"]), p["name"].encode())):
            inside = process["stage"] in gate
            if inside or beyond:
                self.process(process["stage"], process["name"], inside, inside or boundary == "cradle-to-grave")
        listed = self.inventory.processes[product.id]
        for s in self.inventory.of[product.id]:
            stage = s.all["stage"]
            if lies(s, self.question) is None or not (stage in gate or beyond):
                continue
            if (stage, s.all["process"]) not in listed:
                self.stop("UnlistedProcess", "%s %s" % (stage, s.all["process"]))
            if sum(self.inventory.by_id.get(o["product"]) is product for o in s.outputs) > 1:
                self.stop("OutputTwice", s.id)
        self.materials(beyond)
        self.rows.sort(key=lambda r: r.sort_key)

    def stop(self, code, words=""):
        self.errors.append(Stop(code, words))

    def process(self, stage, name, gate, needs_data):
        """7.6 to 7.10 of one process."""
        before = len(self.errors)
        picked = self.selector.pick(self.product, stage, name)
        self.errors += picked.errors
        self.notes += picked.notes
        for c in picked.all():
            if c.how == "partial" and not self.selector.other_batch(self.product, c.s):
                self.stop("PartialPeriod", c.s.id)
        process = self.inventory.process(self.product, stage, name)
        if "unitsOf" in process and any(c.s.outputs and not c.s.recipe for c in picked.scope):
            self.stop("OwnOutputs", name)
        made = self.selector.chosen(self.product, self.selector.units_productions(self.product, stage, name))
        own = [] if "unitsOf" in process else made
        readings, recipes = ([c for c in group if c.how != "partial" and c.flows
                              and not self.selector.other_batch(self.product, c.s)]
                             for group in (picked.readings, picked.recipes))
        self.guard(stage, name, made, own, readings, recipes)
        flows = [c for c in own if c.flows] + readings
        if flows or any(c.units for c in own):
            self.measured(stage, name, gate, made, own, readings)
        if recipes:
            divisor = self.selector.sum_units(self.product, recipes, self.errors)
            row = Row(stage, name, "recipe", divisor, gate)
            self.add(row)
            for c in recipes:
                self.production(row, c.s)
                row.items.append((c.s, None, True))
        others = [c for c in picked.scope if c.how == "partial" and self.selector.other_batch(self.product, c.s)]
        nothing = not flows and not recipes and not any(c.units for c in own) and len(self.errors) == before
        if needs_data and (nothing or len(others) == len(picked.scope)):
            self.stop("NoData", "%s %s" % (stage, name))

    def guard(self, stage, name, made, own, readings, recipes):
        """7.8."""
        for group in (made, recipes):
            for a, b in overlapping([c.s for c in group if c.units]):
                self.stop("OverlappingPeriods", "%s and %s" % (a.id, b.id))
        if readings:
            for flow in read_twice([c.s for c in own if c.flows], [c.s for c in readings]):
                self.stop("ReadTwice", flow)
        everything = self.selector.units_productions(self.product, stage, name)
        for c in readings:
            if sharing.is_whole(self.selector, c.s, self.product) and not any(
                    m.how == "measured" and m.units and meet(m.s.site, c.s.site) and meet(m.s.batch, c.s.batch)
                    for m in everything):
                self.stop("ReadingWithoutProduction", c.s.id)

    def add(self, row):
        if row.units == 0:
            self.stop("NothingMade", "%s %s" % (row.stage, row.process))
        self.rows.append(row)

    def measured(self, stage, name, gate, made, own, readings):
        row = Row(stage, name, "measured", self.selector.sum_units(self.product, made, self.errors), gate)
        self.add(row)
        for c in own:
            share = self.production(row, c.s) if c.flows else None
            if c.flows or c.units:
                row.items.append((c.s, share, c.units))
                row.use(c.s)
        for c in made:
            if c.units:
                row.use(c.s)
                if c not in own:
                    row.items.append((c.s, None, True))
        for c in readings:
            share, found = sharing.share(self.selector, c.s, self.product)
            row.use(c.s)
            if found is not None:
                self.errors += [e for e in found.errors if e not in self.errors]
                self.notes += found.notes
                row.use(*found.took, *found.concerned)
            row.items.append((c.s, share, False))
            self.flows(row, c.s, share)

    def production(self, row, statement):
        """The flows of a production or recipe with the share of its output."""
        row.use(statement)
        try:
            joint = Joint(self.inventory, statement)
        except Stop as stop:
            self.errors.append(stop)
            self.flows(row, statement, None)
            return None
        self.notes += joint.notes
        row.use(*joint.needed)
        output = self.inventory.output(statement, self.product)
        share = joint.shares.get(output["product"])
        self.flows(row, statement, share)
        return share

    def flows(self, row, statement, share):
        for flow in statement.flows:
            try:
                self.flow(row, statement, flow, share)
            except Stop as stop:
                self.errors.append(stop)

    def flow(self, row, statement, flow, share):
        if "estimate" in flow:
            if self.product.all.get("exemptions") != "listed":
                raise Stop("Excluded", flow["name"])
            if co2e(flow["estimate"]) < 0:
                raise Stop("NegativeEstimate", flow["name"])
            if share is not None:
                row.estimates.append((share, co2e(flow["estimate"])))
            return
        if "of" in flow:
            amount, unit = units.product_of(*((decimal(q["amount"]), q["unit"]) for q in flow["of"]))
        else:
            amount, unit = decimal(flow["amount"]), flow["unit"]
        for source in self.sources(row, flow, amount):
            ratio = units.divide(amount, unit, source.per, source.unit, source.mass, "UnitMismatch", "TooSmall")
            if share is not None:
                row.lines.append(Line(statement, flow, share, ratio, source))

    def sources(self, row, flow, amount):
        if "factor" in flow:
            factor = self.factor(flow["factor"])
            upstream = self.factor(flow["upstream"]) if "upstream" in flow else None
            sources.may_stand(flow, factor, upstream)
            found = [factor] + ([upstream] if upstream else [])
            row.use(*found)
            return [sources.of_factor(f, self.question.gwp) for f in found]
        if "gas" in flow:
            return [sources.of_gas(flow["gas"], amount, self.question.gwp)]
        if "footprint" in flow:
            statement = self.inventory.footprints.get(flow["footprint"])
            if statement is None:
                raise Stop("UnknownFootprint", flow["footprint"])
            row.use(statement)
            return [sources.of_footprint(statement, self.question.period)]
        product = self.inventory.product(flow["product"], "UnknownInput")
        if row.gate or self.product is self.question.product:
            self.wanted[product.id] = product
        d = product.all
        mass = d.get("massPerDeclaredUnit")
        return [sources.Source("product", decimal(d["declaredUnit"]["amount"]), d["declaredUnit"]["unit"], None,
                               mass=None if mass is None else decimal(mass), product=product)]

    def factor(self, ident):
        found = self.inventory.factors.get(ident)
        if found is None:
            raise Stop("UnknownFactor", ident)
        return found

    def materials(self, beyond):
        """14.4: up to five rows a material."""
        recycling = self.product.all.get("recycling", {})
        grave = beyond and self.boundary == "cradle-to-grave"
        for m in recycling.get("materials", []):
            try:
                terms = recycling_terms.terms(m, recycling["method"])
            except Stop as stop:
                self.errors.append(stop)
                continue
            groups = [(" (content)", [t for t in terms if t[4] == "content"])]
            if grave:
                for part, plus, minus in (("shared", " (shared content)", " (credits of shared content)"),
                                          ("end", " (end of life)", " (credits at the end of life)")):
                    groups += [(plus, [t for t in terms if t[4] == part and t[1] > 0]),
                               (minus, [t for t in terms if t[4] == part and t[1] < 0])]
            for ending, group in groups:
                if group:
                    stage = recycling_terms.NAMES[ending]
                    try:
                        self.material(m, m["material"] + ending, stage, group, stage == "procurement")
                    except Stop as stop:
                        self.errors.append(stop)

    def material(self, m, name, stage, terms, gate):
        row = Row(stage, name, "material", ONE, gate)
        total = dict.fromkeys(CATEGORIES, ZERO)
        for what, amount, unit, field, _ in terms:
            factor = self.inventory.factors.get(m.get(field))
            if factor is None:
                raise Stop("Recycling", "%s of %s" % (field, m["material"]))
            sources.may_stand({}, factor, None) if "combustion" not in factor.all.get("exclusions", []) else None
            source = sources.of_factor(factor, self.question.gwp)
            converted = units.convert(amount, unit, source.unit)
            if converted is None or "combustion" in factor.all.get("exclusions", []):
                raise Stop("Recycling", "%s of %s" % (field, m["material"]))
            row.use(factor)
            line = Line(None, {"name": what}, ONE, converted, source)
            row.lines.append(line)
            for c in CATEGORIES:
                total[c] += converted * source.categories[c]
        row.fixed = {c: half_even(v, 15) for c, v in total.items()}
        self.rows.append(row)
