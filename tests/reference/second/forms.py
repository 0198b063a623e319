"""Form of statements beyond types and spellings (section 26 of schemas/calculation.md)."""
from . import certificates, recycling_terms, shapes
from .canon import Bad
from .names import UNSEEN
from .numbers import Period, co2e, decimal

NOT_ABOVE_ZERO = {"landManagementBiogenicCO2Removals", "technologicalCO2Removals", "ccsTechnologicalCO2Capture",
                  "biogenicCO2Uptake"}
OPERATORS = {"actor", "authority", "ledger", "redaction", "state"}


def need(holds, words):
    if not holds:
        raise Bad(words)


def once(values, words):
    need(len(set(values)) == len(values), words)


def quality(d):
    for rating in d.get("quality", {}).values():
        need(1 <= decimal(rating) <= 5, "a rating outside 1 to 5")


def activity(d):
    outputs, flows, served = d.get("outputs", []), d.get("flows", []), d.get("for", [])
    need(outputs or flows, "neither outputs nor flows")
    quality(d)
    if outputs:
        need(not served, "a production with `for`")
        once([o["product"] for o in outputs], "an output twice")
        for o in outputs:
            need(all(decimal(v) >= 0 for v in [o["amount"], o.get("value", "0"), *o.get("keys", {}).values()]),
                 "an output, key or value below zero")
        need("allocation" in d or len(outputs) == 1 or not flows, "several outputs with flows and no allocation")
    else:
        need(served, "a reading without products")
        need(served == ["*"] or "*" not in served, "* beside a product")
        once(served, "a product twice")
        need("appliesTo" not in d and not d.get("recipe"), "a reading that applies longer, or is a recipe")
    if "appliesTo" in d:
        need(Period.read(d["appliesTo"]).covers(Period.read(d["period"])), "appliesTo does not cover the period")
        need(flows, "appliesTo without flows")
    need(flows or not d.get("recipe"), "a recipe without flows")
    total = 0
    for f in flows:
        flow(f)
        total += sum(certificates.read(i["id"]).count for i in f.get("instruments", []))
    need(total <= 10_000, "more than 10,000 certificates")
    split(d, outputs, flows)


def flow(f):
    excluded = f["kind"] == "excluded"
    need(("estimate" in f) == excluded and ("reason" in f) == excluded, "an estimate, a reason or the kind excluded alone")
    sources = [k for k in ("factor", "product", "footprint", "gas", "estimate") if k in f]
    need(len(sources) == 1, "a flow has exactly one source")
    need(("amount" in f) == ("unit" in f), "an amount without a unit, or a unit without an amount")
    need(not ("amount" in f and "of" in f), "an amount and the product of two")
    need("amount" in f or "of" in f or excluded, "a flow without an amount")
    need("of" not in f or len(f["of"]) == 2, "of two quantities, not more or less")
    need("gas" not in f or f["kind"] == "emission", "a gas is an emission")
    need("upstream" not in f or "factor" in f, "an upstream factor without a factor")
    need(all(decimal(f.get(k, "0")) >= 0 for k in ("fossilCarbon", "biogenicCarbon")), "carbon below zero")
    claims = f.get("instruments", [])
    if claims:
        need("amount" in f and decimal(f["amount"]) >= 0, "instruments need an amount that is not below zero")
        need(all(decimal(i["kWh"]) > 0 for i in claims), "a claim of no kWh")
        seen = [c for i in claims for c in certificates.read(i["id"]).all()]
        once(seen, "a certificate twice in one flow")
    if "substitutes" in f:
        need("amount" in f and decimal(f["amount"]) < 0 and "gas" not in f, "substitutes needs an amount below zero")


def split(d, outputs, flows):
    """Parts of a whole: all three places, and inside it."""
    if "splitFrom" not in d:
        need(not any("splitFrom" in x for x in outputs + flows), "a part without the whole's period")
        return
    whole, part = Period.read(d["splitFrom"]), Period.read(d["period"])
    need(whole.covers(part) and whole != part, "a part that is not shorter than the whole")
    need("appliesTo" not in d and not d.get("recipe"), "a part that is a recipe or applies longer")
    for o in outputs:
        need("splitFrom" in o and 0 <= decimal(o["amount"]) <= decimal(o["splitFrom"]), "a part of an output beyond the whole")
    for f in flows:
        need(f.get("data") != "primary" and "instruments" not in f, "a part that is primary or claims a certificate")
        amount = f["of"][0]["amount"] if "of" in f else f.get("amount")
        need(("splitFrom" in f) == (amount is not None), "the whole's amount stands beside an amount")
        if amount is not None:
            low, high = sorted((decimal("0"), decimal(f["splitFrom"])))
            need(low <= decimal(amount) <= high, "a part of a flow beyond the whole")


def product(d):
    need(d["ids"], "no id")
    need(decimal(d["declaredUnit"]["amount"]) > 0, "a declared amount that is not above zero")
    need(d["processes"], "no process")
    names = {(p["stage"], p["name"]): p for p in d["processes"]}
    need(len(names) == len(d["processes"]), "two processes of one stage and name")
    for p in d["processes"]:
        need(p["signers"], "a process without a signer")
        if "unitsOf" in p:
            other = names.get((p["stage"], p["unitsOf"]))
            need(other is not None and "unitsOf" not in other, "unitsOf names no process of the stage with units")
    numbers = [d.get("massPerDeclaredUnit"), d.get("unitTolerancePercent"), d.get("packaging", {}).get("biogenicCarbon"),
               *d.get("carbon", {}).values()]
    need(all(decimal(n) >= 0 for n in numbers if n is not None), "a mass, content or tolerance below zero")
    recycling_terms.check(d, names)


def factor(d):
    need(("values" in d) != ("gases" in d) and ("gwp" in d) == ("values" in d), "values with gwp, or gases without")
    for category, value in d.get("values", {}).items():
        need(category not in NOT_ABOVE_ZERO or co2e(value) <= 0, "%s above zero" % category)
        need(category != "biogenicCO2Released" or co2e(value) >= 0, "%s below zero" % category)
    exclusions = d.get("exclusions", [])
    need(exclusions == sorted(set(exclusions)), "exclusions are sorted, each once")
    quality(d)


def keys(kind, d):
    own = [d[k] for k in ("logKey", "operatorKey", "recoveryKey") if k in d]
    once(own, "the same key twice")
    need(own, "an authority names at least one key")
    if kind == "ledger":
        need(not any(c.isspace() or c == "+" for c in d["origin"]), "an origin with white space or +")
    need("recoveryKey" not in d or kind == "ledger" or d["by"] == "recovery", "a new recovery key is named by recovery")


def actor(d):
    need(d["actor"] not in ("operator", "recovery"), "a reserved actor id")
    need(not any(ord(c) in UNSEEN for c in d["name"]), "a name with an unseen character")
    need(not OPERATORS & set(d["rights"]["types"]), "a right to a type of the operator")
    revoked = [r["key"] for r in d.get("revoked", [])]
    once(d["keys"], "a key twice")
    once(revoked, "a key revoked twice")
    need(not set(d["keys"]) & set(revoked), "a key both in force and revoked")


def check(kind, d):
    """Refuses a statement that does not hold together."""
    if kind in OPERATORS:
        need(d["by"] == "operator" or (kind == "authority" and d["by"] == "recovery"), "%s by %s" % (kind, d["by"]))
    if kind == "activity":
        activity(d)
    elif kind == "product":
        product(d)
    elif kind == "factor":
        factor(d)
    elif kind in ("ledger", "authority"):
        keys(kind, d)
    elif kind == "actor":
        actor(d)
    elif kind == "publication":
        standards = [c["standard"] for c in d.get("claims", [])]
        need(standards == sorted(set(standards), key=lambda s: s.encode()), "claims are sorted, each once")
        need(all(co2e(a.get("estimate", "0")) >= 0 for a in d.get("accepted", [])), "an estimate below zero")
        findings = [a["finding"] for a in d.get("accepted", [])]
        need(findings == sorted(set(findings)), "accepted is sorted by finding, each once")
        need(d["figures"]["gwp"] == sorted(set(d["figures"]["gwp"])), "GWP sets are sorted, each once")
    elif kind not in shapes.TYPES:
        raise Bad("the unknown type %r" % (kind,))
