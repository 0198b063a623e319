"""How a reading is shared among what was made (section 8)."""
from .names import fold, meet
from .numbers import ONE, ZERO, co2e, decimal, largest_remainder
from .selection import output_units, overlapping
from .joint import key as output_key
from .stop import Stop


class Shares:
    """Shares by (product, whether of the batch asked for), with who took part."""

    def __init__(self):
        self.share, self.took, self.concerned, self.notes, self.errors = {}, [], [], [], []


def is_whole(selector, reading, product):
    """8.1."""
    served = reading.all["for"]
    if len(served) != 1 or served == ["*"]:
        return False
    batch = selector.batch(product)
    return batch is None or (reading.batch is not None and fold(reading.batch) == fold(batch))


def of_reading(selector, reading):
    """The shares of a reading that is shared, calculated once."""
    if reading.id not in selector.shared:
        found = Shares()
        try:
            divide(selector, reading, found)
        except Stop as stop:
            found.errors.append(stop)
        selector.shared[reading.id] = found
    return selector.shared[reading.id]


def sharers(selector, reading, found):
    """8.2: (product, candidate) that take part wherever they lie in the period asked for."""
    stage, name = reading.all["stage"], reading.all["process"]
    pairs = []
    for product in selector.inventory.concerned(reading):
        if selector.inventory.process(product, stage, name) is None:
            continue
        found.concerned.append(product)
        own = selector.pick(product, stage, selector.with_units(product, stage, name))
        there = [c for c in own.productions if c.units and meet(c.s.site, reading.site) and meet(c.s.batch, reading.batch)]
        found.errors += [Stop("PartialPeriod", c.s.id) for c in there if c.how == "partial"]
        measured = [c for c in there if c.how == "measured"]
        for a, b in overlapping([c.s for c in measured]):
            found.errors.append(Stop("OverlappingPeriods", "%s and %s" % (a.id, b.id)))
        pairs += [(product, c) for c in measured]
    for field in ("site", "batch"):
        mark = reading.all.get(field)
        named = [p for p in pairs if p[1].s.all.get(field) is not None]
        if mark is not None and named:
            pairs = named
    return pairs


def span_of(reading, pairs):
    """8.3: the hull of the reading's period and every run of productions that overlaps it."""
    runs = []
    for period in sorted({c.s.period for _, c in pairs}):
        if runs and period[0] < runs[-1][1]:
            runs[-1] = runs[-1].hull(period)
        else:
            runs.append(period)
    span = reading.period
    for run in runs:
        if run.overlaps(reading.period):
            span = span.hull(run)
    return span


def is_nothing(flow):
    """Whether a flow adds nothing, whatever its source."""
    if "estimate" in flow:
        return co2e(flow["estimate"]) == 0
    return any(decimal(q["amount"]) == 0 for q in flow.get("of", [flow]))


def divide(selector, reading, found):
    inventory, question = selector.inventory, selector.question
    pairs = sharers(selector, reading, found)
    if found.errors:
        return
    method = reading.all.get("allocation")
    if method == "price" and not any(p.all.get("rules") for p in found.concerned):
        raise Stop("NeedsAllocation", reading.id)
    if method is None and len({p.id for p, _ in pairs}) > 1:
        raise Stop("NeedsAllocation", reading.id)

    def key(product, candidate):
        if method is None:
            return output_units(inventory, candidate.s, product)
        return output_key(inventory, candidate.s, inventory.output(candidate.s, product), method)

    span = span_of(reading, pairs)
    if span != reading.period:
        found.notes.append("shared-wider")
    taking = [(p, c) for p, c in pairs if span.covers(c.s.period)]
    keys = [key(p, c) for p, c in taking]
    if sum(keys) == 0:
        found.notes.append("standby")
        taking = [(p, c) for p, c in pairs if question.period.covers(c.s.period)]
        keys = [key(p, c) for p, c in taking]
        if sum(keys) == 0 and not (pairs and all(is_nothing(f) for f in reading.flows)):
            raise Stop("NothingToShareBy", reading.id)
    found.took = [c.s for _, c in taking]
    sums = {}
    for product in found.concerned:
        for of_batch in (False, True) if selector.batch(product) is not None else (False,):
            sums[(product.id, of_batch)] = [product, ZERO]
    if sum(keys) == 0:
        return  # Every share of nothing is 0.
    for (product, c), value in zip(taking, keys):
        sums[(product.id, in_batch(selector, reading, product, c))][1] += value
    # The rest stands before the batch, so that a tie between them goes to it.
    order = sorted(sums, key=lambda at: (sums[at][0].all["ids"][0].encode(), at[1]))
    shares = largest_remainder([(sums[at][0].all["ids"][0].encode(), sums[at][1]) for at in order])
    found.share = dict(zip(order, shares))


def in_batch(selector, reading, product, candidate):
    """Whether a production is of the batch that is asked for (8.4)."""
    batch = selector.batch(product)
    if batch is None:
        return False
    stage, name = reading.all["stage"], reading.all["process"]
    named = any(c.s.batch is not None and fold(c.s.batch) == fold(batch)
                for c in selector.units_productions(product, stage, name))
    if not named:
        return candidate.s.batch is None
    return candidate.s.batch is not None and fold(candidate.s.batch) == fold(batch)


def share(selector, reading, product):
    """The share of a product, and the shares it comes from (None where it counts whole)."""
    if is_whole(selector, reading, product):
        return ONE, None
    found = of_reading(selector, reading)
    if found.errors:
        return None, found
    return found.share.get((product.id, selector.batch(product) is not None), ZERO), found
