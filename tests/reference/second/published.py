"""What a publication says of itself: sums, claims and opinions."""
import re

from .numbers import ZERO, Period, co2e, decimal, plus_years
from .publication import intervals
from .shapes import CATEGORIES, STAGES

SETS = {"SAR", "TAR", "AR4", "AR5", "AR6"}


def sums(figure_set):
    """Whether the two totals follow from the categories."""
    c = {k: co2e(v) for k, v in figure_set["categories"].items()}
    return co2e(figure_set["excludingUptake"]) == sum(c[k] for k in CATEGORIES[:7]) \
        and co2e(figure_set["includingUptake"]) == sum(c[k] for k in CATEGORIES[:9])


def total(sets):
    sets = list(sets)
    return {c: sum((co2e(s["categories"][c]) for s in sets), start=ZERO) for c in CATEGORIES}


def read(figure_set):
    return {c: co2e(v) for c, v in figure_set["categories"].items()}


def adds_up(proof, report):
    """The check `figures-add-up`, of exact or of rounded figures."""
    f, product = proof.publication.figures, product_of(proof)
    wrong = exact_sums(f) if proof.publication.exact else rounded_sums(f)
    places = [STAGES.index(s["stage"]) for s in f.get("stages", [])]
    if places != sorted(set(places)):
        wrong.append("the order of the stages")

    def follows(which, stages):
        sets = [s["figures"] for s in f["stages"] if s["stage"] in stages]
        if proof.publication.exact:
            return total(sets) == read(f[which])
        return meet(total_intervals(sets), intervals(f[which]))

    def gate(design):
        return follows("gate", {"procurement", "production"} | ({"design"} if design else set()))

    if "stages" in f and not any(gate(d) for d in ([product.get("designAtGate", False)] if product else [False, True])):
        wrong.append("the gate")
    if ("grave" in f) != (proof.publication.boundary == "cradle-to-grave"):
        wrong.append("a grave that the boundary has not, or lacks")
    if "stages" in f and "grave" in f and not follows("grave", STAGES):
        wrong.append("the grave")
    report.say("figures-add-up", not wrong, "do not follow: " + ", ".join(wrong) if wrong else "")


def figure_sets(f):
    """(name, set) of every set of figures but those of processes."""
    found = [(name, f[name]) for name in ("gate", "grave") if name in f]
    return found + [("stage %s" % s["stage"], s["figures"]) for s in f.get("stages", [])]


def exact_sums(f):
    """Exact totals that differ from the sum of their categories, and stages from the sum of their processes."""
    sets = figure_sets(f) + [("process %s" % p["process"], p["figures"]) for p in f["processes"]]
    wrong = ["the totals of the %s" % name for name, s in sets if not sums(s)]
    order = [(STAGES.index(p["stage"]), p["process"].encode()) for p in f["processes"]]
    if order != sorted(set(order)):
        wrong.append("the order of the processes")
    for s in f["stages"]:
        if total(p["figures"] for p in f["processes"] if p["stage"] == s["stage"]) != read(s["figures"]):
            wrong.append("the stage %s" % s["stage"])
    if any(p["stage"] not in {s["stage"] for s in f["stages"]} for p in f["processes"]):
        wrong.append("a process of a stage that is not listed")
    return wrong


def total_intervals(sets):
    """Sums of the intervals of rounded sets, by category and total."""
    found = dict.fromkeys([*CATEGORIES, "excludingUptake", "includingUptake"], (ZERO, ZERO))
    for s in sets:
        found = {k: (low + found[k][0], high + found[k][1]) for k, (low, high) in intervals(s).items()}
    return found


def meet(some, others):
    """Whether intervals have a number in common, by category and total."""
    return all(some[k][0] <= others[k][1] and others[k][0] <= some[k][1] for k in some)


def rounded_sums(f):
    """Rounded totals that have no number in common with the sum of their categories."""
    wrong = []
    for name, s in figure_sets(f):
        of = intervals(s)
        for which, parts in (("excludingUptake", CATEGORIES[:7]), ("includingUptake", CATEGORIES[:9])):
            together = tuple(sum(of[c][end] for c in parts) for end in (0, 1))
            if not meet({which: together}, of):
                wrong.append("the total %s of the %s" % (which, name))
    return wrong


def product_of(proof):
    """The product's statement, where it is disclosed."""
    for i in proof.used:
        if i in proof.by_id:
            d = proof.by_id[i].said.all
            if proof.by_id[i].said.type == "product" and d["ids"][0] == proof.publication.product:
                return d
    return None


def claimed(proof, report):
    """PACT-3.0 where it is said to be checked (22)."""
    p, wrong = proof.publication, []
    for claim in p.claims:
        if claim["basis"] != "checked":
            continue
        if claim["standard"] != "PACT-3.0":
            wrong.append("%s is not checked by anybody" % claim["standard"])
            continue
        percent = p.figures.get("exemptedEmissionsPercent")
        if percent is None or decimal(percent) > 5:
            wrong.append("the exempted percent")
        if "unstated" in p.figures["gwp"] and not assumed(p):
            wrong.append("a GWP set that is not stated")
        reference = Period.read(p.coverage["referencePeriod"]) if p.coverage else p.period
        if p.validity[1] > plus_years(reference[1], 3):
            wrong.append("the validity")
        product = product_of(proof)
        if product is not None and ("packaging" not in product or "ccsIncluded" not in product
                                    or product.get("recycling", {}).get("method", "cut-off") != "cut-off"):
            wrong.append("packaging, capture or recycling")
    report.say("claims", not wrong, "not met: " + ", ".join(wrong) if wrong else "")


def assumed(publication):
    """Whether the first accepted finding `gwp-unstated` names exactly one set. Only the body has the reason that names
    it; where the body is withheld, any such finding counts."""
    for a in publication.accepted:
        if a["rule"] == "gwp-unstated":
            return not publication.exact or len(set(re.split(r"[^A-Za-z0-9]+", a["reason"])) & SETS) == 1
    return False


def assured(proof, book, report):
    p = proof.publication
    found = [s for s in proof.statements if s.type == "assurance"]
    if not found:
        report.say("assurance", None, "no opinion in the file")
        return
    last = max((proof.by_id[i].said.index for i in proof.used if i in proof.by_id), default=0)
    wrong = []
    for s in found:
        if s.all["figures"] != p.digest():
            wrong.append("the opinion %s is on other figures" % s.id)
        if s.id in book.ended:
            wrong.append("the opinion %s no longer holds" % s.id)
        if int(s.all["log"]["size"]) <= last:
            wrong.append("the opinion %s examined a log without every used statement" % s.id)
        if s.all["opinion"] == "adverse":
            wrong.append("the opinion %s is adverse" % s.id)
    if not wrong and all(s.by == p.by for s in found):
        report.say("assurance", None, "every opinion is the publisher's own")
        return
    report.say("assurance", not wrong, "; ".join(wrong) or "%d opinions name these figures" % len(found))
