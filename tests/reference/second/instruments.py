"""What flows claim of certificates for electricity (sections 12.2 and 12.3)."""
from . import certificates, numbers, units
from .names import fold
from .numbers import ZERO, Period, decimal
from .selection import Question, Selector, lies
from .stop import Stop


class Claim:
    def __init__(self, statement, instrument, use):
        self.statement, self.use = statement, use
        self.range = certificates.read(instrument["id"])
        self.kwh, self.period = decimal(instrument["kWh"]), Period.read(instrument["period"])


def near(a, b):
    """Within 24 months."""
    return a[0] <= numbers.plus_years(b[1], 2) and b[0] <= numbers.plus_years(a[1], 2)


def of_flow(statement, flow):
    """Claims with what the flow uses up of each, in kWh; and the stops of the flow."""
    left = units.convert(decimal(flow["amount"]), flow["unit"], "kWh")
    stops, found = [], []
    together = sum(decimal(i["kWh"]) for i in flow["instruments"])
    if left is None or together < left:
        stops.append(Stop("InstrumentShort", flow["name"]))
    for i in flow["instruments"]:
        if not near(Period.read(i["period"]), statement.period):
            stops.append(Stop("InstrumentPeriod", i["id"]))
        use = min(left or ZERO, decimal(i["kWh"]))
        left = (left or ZERO) - use
        found.append(Claim(statement, i, use))
    return found, stops


def counts(calculation, statement):
    """Whether claims of a statement count for the question (12.3)."""
    question, inventory = calculation.question, calculation.inventory
    if statement.scenario is not None and fold(statement.scenario) != fold(question.scenario):
        return False
    products = inventory.concerned(statement)
    if not products:
        return True
    selector = calculation.selector
    if lies(statement, question) is None:
        selector = Selector(inventory, Question(question.product, statement.period, None, question.scenario))
    for p in products:
        picked = selector.pick(p, statement.all["stage"], statement.all["process"])
        if any(c.s is statement and c.flows for c in picked.all()):
            return True
    return False


def judge(calculation):
    """Stops of the claims that touch a product of the calculation."""
    entered = {s.id for p in calculation.products.values() for r in p.rows for s, share, _ in r.items if share is not None}
    stops, claims = [], []
    for s in calculation.inventory.activities:
        flows = [f for f in s.flows if f.get("instruments")]
        if not flows or not (s.id in entered or counts(calculation, s)):
            continue
        for f in flows:
            found, wrong = of_flow(s, f)
            claims += found
            if s.id in entered:
                stops += wrong
    for group in groups(claims):
        if not any(c.statement.id in entered for c in group):
            continue
        first = group[0]
        if any((c.range, c.kwh, c.period) != (first.range, first.kwh, first.period) for c in group):
            stops.append(Stop("InstrumentApart", first.range.one(first.range.first)))
        elif sum(c.use for c in group) > first.kwh:
            stops.append(Stop("InstrumentOver", first.range.one(first.range.first)))
    return stops


def groups(claims):
    """Claims that have a certificate in common, directly or through others."""
    parent = list(range(len(claims)))

    def top(at):
        while parent[at] != at:
            at = parent[at]
        return at

    seen = {}
    for at, claim in enumerate(claims):
        for certificate in claim.range.all():
            if certificate in seen:
                parent[top(at)] = top(seen[certificate])
            seen[certificate] = at
    found = {}
    for at, claim in enumerate(claims):
        found.setdefault(top(at), []).append(claim)
    return list(found.values())
