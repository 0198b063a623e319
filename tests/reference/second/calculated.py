"""Figures, used statements and coverage calculated again from the used statements alone."""
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


def calculated(proof, book, report):
    p = proof.publication
    used = [proof.by_id[i].said for i in proof.used if i in proof.by_id]
    without = [i for i in proof.used if i not in proof.by_id or not proof.by_id[i].said.whole]
    if without:
        for check in ("figures-recalculated", "coverage"):
            report.say(check, None, "the text of %d of %d used statements is not in the file" % (len(without), len(proof.used)))
        return
    inventory = Inventory(used, [(s, book.ended[s.id].index) for s in proof.statements
                                 if s.type == "product" and s.id in book.ended])
    try:
        product = inventory.product(p.product)
    except Stop as stop:
        report.say("figures-recalculated", False, str(stop))
        return
    result = Result(inventory, Question(product, p.period, p.boundary, p.scenario, p.batch, p.gwp), p.estimates())
    if result.stops:
        report.say("figures-recalculated", False, "; ".join(sorted({str(s) for s in result.stops})))
        return
    wrong = list(differences(result.figures, p.figures, "figures"))
    if product.all["ids"][0] != p.product:
        wrong.append("the product is named by another id than the one that it is filed under")
    missing = sorted(set(proof.used) - set(result.used))
    wrong += ["%s is said to be used and enters nothing" % i for i in missing]
    wrong += ["%s enters and is not said to be used" % i for i in sorted(set(result.used) - set(proof.used))]
    report.say("figures-recalculated", not wrong, "; ".join(wrong) or "every digit from %d statements" % len(used))
    if p.coverage is None and result.coverage is not None:
        report.say("coverage", None, "the publication says nothing")
    else:
        off = list(differences(result.coverage, p.coverage, "coverage"))
        report.say("coverage", not off, "; ".join(off))
