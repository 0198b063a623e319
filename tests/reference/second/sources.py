"""What one unit of a source gives, and which factor may stand on a flow (sections 10.1 and 10.3)."""
from . import gases, pact_in
from .canon import Bad, unbase64url
from .numbers import ONE, ZERO, co2e, decimal
from .shapes import CATEGORIES
from .stop import Stop

COUNTED = CATEGORIES[:7]


class Source:
    """`per` of `unit` gives `categories`; `mass` is the link of 4.3. `product` is set where it is still to be calculated."""

    def __init__(self, kind, per, unit, categories, gwp=(), mass=None, quality=None, primary=ZERO, product=None):
        self.kind, self.per, self.unit, self.categories = kind, per, unit, categories
        self.gwp, self.mass, self.quality, self.primary, self.product = set(gwp), mass, quality, primary, product

    def excluding(self):
        return sum(self.categories[c] for c in COUNTED)


def full(values):
    return {c: values.get(c, ZERO) for c in CATEGORIES}


def ratings(quality):
    return None if not quality else {k: decimal(v) for k, v in quality.items()}


def of_factor(statement, which):
    d = statement.all
    if "values" in d:
        categories, sets = full({c: co2e(v) for c, v in d["values"].items()}), [d["gwp"]]
    else:
        categories, sets = gases.of_factor({g: decimal(v) for g, v in d["gases"].items()}, which), [which]
    return Source("factor", ONE, d["unit"], categories, sets, quality=ratings(d.get("quality")),
                  primary=ONE if d["data"] == "primary" else ZERO)


def of_gas(gas, amount, which):
    return Source("gas", ONE, "kg", full({gases.category(gas, amount): gases.gwp(gas, which)}), [which], primary=ONE)


def of_footprint(statement, period):
    try:
        document = pact_in.Document(unbase64url(statement.all["document"]))
    except Bad as error:
        raise Stop("Value", "the supplier's document: %s" % error) from None
    if document.validity is not None and not document.validity.covers(period):
        raise Stop("FootprintNotValid", statement.all["footprint"])
    return Source("footprint", document.amount, document.unit, document.categories, document.gwp, document.mass,
                  document.quality, document.primary / 100)


def may_stand(flow, factor, upstream):
    """Stops where the factor may not stand on the flow (10.3)."""
    d, up = factor.all, upstream.all if upstream else None
    exclusions = d.get("exclusions", [])
    loss = up is not None and up["category"] == "electricity.td_loss"
    if d["category"] == "electricity.generation":
        raise Stop("DirectElectricity", d["factor"])
    if "grid-losses" in exclusions:
        if not loss:
            raise Stop("GridLossesMissing", d["factor"])
    else:
        if up is None and d["scope"] == "direct" and d["category"] in ("fuel.combustion", "transport.freight", "heat"):
            raise Stop("UpstreamMissing", d["factor"])
        if up is not None and (d["scope"] != "direct" or loss):
            raise Stop("UpstreamTwice", d["factor"])
        if up is not None and up["scope"] != "upstream":
            raise Stop("UpstreamScope", up["factor"])
    if "combustion" in exclusions:
        contents = [flow.get(k) for k in ("fossilCarbon", "biogenicCarbon")]
        if any(c is not None and decimal(c) > 0 for c in contents):
            raise Stop("WasteHoldsCarbon", d["factor"])
        if None in contents:
            raise Stop("WasteCarbonUnstated", d["factor"])
