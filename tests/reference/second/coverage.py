"""Coverage and reference period (section 20)."""
from . import units
from .names import fold
from .numbers import Period, co2e, decimal
from .stop import Stop

STAGES = ("procurement", "production")


def electricity(flow, inventory):
    if "factor" in flow:
        factor = inventory.factors.get(flow["factor"])
        return factor is not None and factor.all["category"].startswith("electricity.")
    try:
        unit = units.product_of(*((decimal(q["amount"]), q["unit"]) for q in flow["of"]))[1] if "of" in flow else flow["unit"]
    except (Stop, KeyError):
        return False
    return units.dimension(unit) == "energy"


def series_of(statement, inventory):
    """(name of a series, whether measured, estimated or excluded) of each flow."""
    for flow in statement.flows:
        if "estimate" in flow:
            if co2e(flow["estimate"]) != 0:
                yield ("flow", fold(flow["name"])), "excluded"
            continue
        kind = "estimated" if flow.get("data") == "estimated" else "measured"
        if flow["kind"] == "energy" and electricity(flow, inventory):
            yield ("electricity", ""), kind
        elif flow["kind"] in ("energy", "emission"):
            yield ("flow", fold(flow["name"])), kind


def days_of(periods):
    return {day for p in set(periods) for day in range(p[0], p[1])}


def hull(periods):
    return Period(min(p[0] for p in periods), max(p[1] for p in periods))


def reference_period(entered, asked):
    """20.2, of statements that entered; None where nothing did."""
    measured, applied, recipes = [], [], []

    def cut(start, end):
        return Period(start, end) if start < end else asked

    for s in entered:
        end = min(s.period[1], asked[1])
        if s.recipe and (s.applies is None or asked.covers(s.period)):
            recipes.append(cut(max(s.period[0], asked[0]), end))
        elif s.recipe:
            applied.append(cut(s.period[0], end))
        else:
            (measured if asked.covers(s.period) else applied).append(s.period)
    if not measured:
        return hull(applied or recipes) if applied or recipes else None
    return Period(hull(measured + applied)[0], hull(measured)[1])


def coverage(calculation):
    """The object of a publication, or None."""
    inventory, question, asked = calculation.inventory, calculation.question, calculation.asked
    rows = [r for r in asked.rows if r.stage in STAGES and r.kind in ("measured", "recipe")]
    reference = reference_period([s for r in rows for s, share, made in r.items if made or (share is not None and share != 0)],
                                 question.period)
    if reference is None:
        return None
    measured = covered = None
    for row in rows:
        if row.kind != "measured":
            continue
        made = [s for s, _, counts in row.items if counts and question.period.covers(s.period)]
        sites = {fold(s.site) for s in made if s.site is not None} or ({None} if made else set())
        for site in sites:
            def here(s, site=site):
                return site is None or s.site is None or fold(s.site) == site
            output = days_of(s.period for s in made if here(s))
            seen = {}
            for s, share, _ in row.items:
                if share is None or not question.period.covers(s.period) or not here(s):
                    continue
                for name, kind in series_of(s, inventory):
                    seen.setdefault(name, {}).setdefault(kind, []).append(s.period)
            sure, known = set(output), set(output)
            for kinds in seen.values():
                if set(kinds) == {"excluded"}:
                    continue
                exact = days_of(kinds.get("measured", []))
                sure &= exact
                known &= exact | days_of(kinds.get("estimated", []))
            measured = sure if measured is None else measured & sure
            covered = known if covered is None else covered & known
    period = set(range(*question.period))
    exact, known = (len((days or set()) & period) for days in (measured, covered))
    return {"days": str(len(period)), "estimated": str(known - exact), "measured": str(exact),
            "referencePeriod": reference.as_json()}
