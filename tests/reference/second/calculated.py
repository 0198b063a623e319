"""Figures, used statements and coverage calculated again from the used statements alone."""
from collections import Counter

from .inventory import Inventory
from .result import Result
from .selection import Question
from .stop import Stop


def differences(mine, theirs, where=""):
    """Where two values of JSON differ, in words."""
    if isinstance(mine, dict) and isinstance(theirs, dict):
        for k in sorted(set(mine) | set(theirs)):
            yield from differences(mine.get(k), theirs.get(k), where + "." + k)
    elif isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs):
        for at, (a, b) in enumerate(zip(mine, theirs)):
            yield from differences(a, b, "%s[%d]" % (where, at))
    elif mine != theirs:
        yield "%s: %s calculated, %s published" % (where.lstrip("."), mine, theirs)


def gaps(proof):
    """Reasons why the figures cannot be calculated again, in words; none where the file has every used body."""
    found, withheld = [], Counter()
    if proof.sources is None:
        found.append("the sources are not listed")
    absent = sum(i not in proof.by_id for i in proof.used)
    if absent:
        found.append("%d of %d used statements are not in the file" % (absent, len(proof.used)))
    redacted = {s.all["statement"] for s in proof.statements if s.type == "redaction"}
    for s in (proof.by_id[i].said for i in proof.used if i in proof.by_id):
        if s.whole:
            continue
        if s.id in redacted:
            found.append("the operator took out the body of %s" % s.id)
        else:
            withheld["%s/%s" % (s.all["stage"], s.all["process"]) if s.type == "activity" else s.type, s.by] += 1
    return found + ["%s rests on %d withheld bodies of %s, whose word it is" % (place, count, by)
                    for (place, by), count in sorted(withheld.items())]


def calculated(proof, book, report):
    p, reasons = proof.publication, gaps(proof)
    if reasons:
        for check in ("figures-recalculated", "coverage"):
            report.say(check, None, "; ".join(reasons))
        return
    ended = [(s, book.ended[s.id].index) for s in proof.statements if s.type == "product" and s.id in book.ended]
    inventory = Inventory([proof.by_id[i].said for i in proof.used], ended)
    try:
        product = inventory.product(p.product)
    except Stop as stop:
        report.say("figures-recalculated", False, str(stop))
        return
    result = Result(inventory, Question(product, p.period, p.boundary, p.scenario, p.batch, p.gwp), p.estimates())
    if result.stops:
        report.say("figures-recalculated", False, "; ".join(sorted({str(s) for s in result.stops})))
        return
    figures(proof, product, result, report)
    if p.coverage is None and result.coverage is not None:
        report.say("coverage", None, "the publication says nothing")
    else:
        off = list(differences(result.coverage, p.coverage, "coverage"))
        report.say("coverage", not off, "; ".join(off))


def figures(proof, product, result, report):
    """The check `figures-recalculated`, of exact figures, or of rounded ones without the publication's body."""
    p = proof.publication
    off = list(differences(p.as_shown(result.figures), p.figures, "figures"))
    if p.states_estimates():
        off = [o for o in off if "exemptedEmissionsPercent" not in o]
    # A header has no percentage of an estimate where the gate is 0 or the estimate is huge.
    if not p.exact and p.accepted and off and all("exemptedEmissionsPercent" in o for o in off):
        report.say("figures-recalculated", None, "only the publication's body says whether estimates were accepted")
        return
    if product.all["ids"][0] != p.product:
        off.append("the product is named by another id than the one that it is filed under")
    for part, listed in (("activities", proof.activities), ("sources", proof.sources)):
        off += ["%s is said to be used and enters nothing" % i for i in sorted(set(listed) - set(result.used[part]))]
        off += ["%s enters and is not among the %s" % (i, part) for i in sorted(set(result.used[part]) - set(listed))]
    if not off and p.states_estimates():
        report.say("figures-recalculated", None, "estimates were accepted, and only the publication's body has them")
        return
    report.say("figures-recalculated", not off, "; ".join(off) or "every digit%s from %d statements" % (
        "" if p.exact else " of the rounded figures", len(proof.used)))
