"""All that knows how a publication lies in its header and body: shapes, rounded figures and the figures digest."""
import hashlib
from fractions import Fraction

from . import canon, merkle, shapes
from .canon import Bad, whole
from .numbers import Period, co2e, decimal, spell

DIGESTED = ["accepted", "batch", "boundary", "coverage", "figures", "method", "period", "product", "scenario", "used"]
INTERVAL = {"high": shapes.C, "low": shapes.C}
ROUNDED_SET = {"categories": {c: INTERVAL for c in shapes.CATEGORIES}, "excludingUptake": INTERVAL,
               "includingUptake": INTERVAL}
ROUNDED = {"dataQuality?": shapes.QUALITY, "exemptedEmissionsPercent?": shapes.D, "gate": ROUNDED_SET, "grave?": ROUNDED_SET,
           "gwp": [shapes.STATED], "primaryDataShare": shapes.D, "stages?": [{"figures": ROUNDED_SET, "stage": shapes.STAGE}],
           "unit": shapes.C}
COMMON = {**shapes.HEAD, "batch?": shapes.text, "boundary": shapes.BOUNDARY,
          "claims?": [{"basis": shapes.one_of("checked", "stated"), "standard": shapes.text}],
          "coverage?": {"days": shapes.W, "estimated": shapes.W, "measured": shapes.W, "referencePeriod": shapes.PERIOD},
          "created": shapes.instant, "footprint": shapes.uuid_of, "log": shapes.LOG,
          "method": {"gwp": shapes.GWP, "version": shapes.W}, "outboundExcluded?": shapes.yes, "period": shapes.PERIOD,
          "preceding?": [shapes.uuid_of], "product": shapes.product_id, "scenario?": shapes.text,
          "status": shapes.one_of("draft", "final"),
          "used": {"activities": {"count": shapes.W, "root": shapes.H}, "sources": {"root": shapes.H}},
          "validity": shapes.PERIOD}
HEADER = {**COMMON, "accepted?": [{"percent?": shapes.D, "rule": shapes.text}], "body": shapes.H, "figures": ROUNDED,
          "figuresDigest": shapes.H}
BODY = {"accepted?": [{"estimate?": shapes.C, "finding": shapes.H, "reason": shapes.text, "rule": shapes.text,
                       "sentence": shapes.text}],
        "comment?": shapes.text, "figures": shapes.FIGURES, "figuresSalt": shapes.salt}
DRAFT = {**COMMON, **BODY, "salt": shapes.salt, "showsStages?": shapes.yes}


def even_multiple(value, unit):
    """The nearest multiple of a unit; of two, the even one."""
    return round(Fraction(value) / unit) * unit


def power_below(value):
    """The exponent of the first significant digit of a value above 0."""
    exponent = len(str(int(value))) - 1 if value >= 1 else -1
    while Fraction(10) ** exponent > value:
        exponent -= 1
    return exponent


def two_digits(value, least):
    """Two significant digits, ties to even; `least` is the exponent of the last digit of the format."""
    if value == 0:
        return value
    return even_multiple(value, Fraction(10) ** max(power_below(abs(value)) - 1, least))


def unit_of(gate):
    """The width of all intervals: the third significant digit of the total to the gate, at least 1e-14 kg."""
    total = abs(co2e(gate["excludingUptake"])) or max(abs(co2e(v)) for v in gate["categories"].values())
    return Fraction(10) ** max(power_below(total) - 2, -14) if total else Fraction(1)


def rounded(figures, stages):
    """What the header shows of exact figures."""
    unit = unit_of(figures["gate"])

    def interval(value):
        middle = even_multiple(co2e(value), unit)
        return {"high": spell(middle + unit / 2), "low": spell(middle - unit / 2)}

    def of_set(exact):
        return {"categories": {c: interval(v) for c, v in exact["categories"].items()},
                "excludingUptake": interval(exact["excludingUptake"]), "includingUptake": interval(exact["includingUptake"])}

    def of_decimal(value):
        return spell(two_digits(decimal(value), -12), 12)

    found = {"gate": of_set(figures["gate"]), "gwp": figures["gwp"], "primaryDataShare": of_decimal(figures["primaryDataShare"]),
             "unit": spell(unit)}
    if "dataQuality" in figures:
        found["dataQuality"] = {k: of_decimal(v) for k, v in figures["dataQuality"].items()}
    if "exemptedEmissionsPercent" in figures:
        found["exemptedEmissionsPercent"] = of_decimal(figures["exemptedEmissionsPercent"])
    if "grave" in figures:
        found["grave"] = of_set(figures["grave"])
    if stages and figures["stages"]:
        found["stages"] = [{"figures": of_set(s["figures"]), "stage": s["stage"]} for s in figures["stages"]]
    return found


PERCENT_ESTIMATE_END = Fraction(2**127, 10**29)  # kg; above it a header states no percentage


def accepted_shown(accepted, figures):
    """Rule and percentage of accepted findings."""
    gate, found = abs(co2e(figures["gate"]["excludingUptake"])), []
    for a in accepted:
        shown = {"rule": a["rule"]}
        if "estimate" in a and gate and co2e(a["estimate"]) < PERCENT_ESTIMATE_END:
            percent = Fraction(int(100 * co2e(a["estimate"]) / gate * 10**12), 10**12)
            if percent < 10**18:
                shown["percent"] = spell(two_digits(percent, -12), 12)
        found.append(shown)
    return found


def digest(d):
    """The figures digest of header and body in one."""
    text = canon.write({k: d[k] for k in DIGESTED if d.get(k)})
    return hashlib.sha256(b"\5" + canon.unbase64url(d["figuresSalt"], 16) + text.encode()).hexdigest()


def header_of(whole_publication, shows_stages=False):
    """The part of a header that follows from the body."""
    d = whole_publication
    found = {"figures": rounded(d["figures"], shows_stages), "figuresDigest": digest(d)}
    shown = accepted_shown(d.get("accepted", []), d["figures"])
    return {**found, "accepted": shown} if shown else found


def agree(header, body):
    """Holds header and body of a publication against each other, digit for digit."""
    expected = header_of({**{k: v for k, v in header.items() if k != "accepted"}, **body}, "stages" in header["figures"])
    for k in ("figures", "figuresDigest", "accepted"):
        if expected.get(k) != header.get(k):
            raise Bad("%s of a publication's header: does not follow from its body" % k)


def alone(header):
    """Refuses the header of a withheld body where no body could have this header (Rounded figures)."""
    f = header["figures"]
    sets = [f[k] for k in ("gate", "grave") if k in f] + [s["figures"] for s in f.get("stages", [])]
    unit = co2e(f["unit"])
    if unit <= 0 or unit != Fraction(10) ** power_below(unit) or unit < Fraction(1, 10**14):
        raise Bad("the unit of rounded figures is no power of ten of at least 1e-14 kg")
    if any((low + high) / 2 % unit or high - low != unit for s in sets for low, high in intervals(s).values()):
        raise Bad("an interval that is not one unit wide, or whose middle is no multiple of the unit")
    middles = {k: abs(low + high) / 2 / unit for k, (low, high) in intervals(f["gate"]).items()}
    largest = middles["excludingUptake"] or max(middles[c] for c in shapes.CATEGORIES)
    # With the least unit a total may have fewer digits, or round to 0.
    least = unit == Fraction(1, 10**14) and middles["excludingUptake"] <= 1000
    if not (100 <= largest <= 1000 or least or (unit == 1 and not any(middles.values()))):
        raise Bad("the unit of rounded figures is not the third significant digit of the total to the gate")
    standards = [c["standard"] for c in header.get("claims", [])]
    if standards != sorted(set(standards), key=lambda s: s.encode()) or f["gwp"] != sorted(set(f["gwp"])):
        raise Bad("claims or GWP sets are not sorted, each once")
    if any(decimal(a.get("percent", "0")) < 0 for a in header.get("accepted", [])):
        raise Bad("an estimate below zero")


def intervals(rounded_set):
    """(low, high) of the categories and totals of a rounded set of figures."""
    totals = {k: v for k, v in rounded_set.items() if k != "categories"}
    return {k: (co2e(v["low"]), co2e(v["high"])) for k, v in {**rounded_set["categories"], **totals}.items()}


def used_of(activities, sources):
    """`used` of a header, from lists of ids (21.1)."""
    return {"activities": {"count": str(len(activities)), "root": merkle.id_root(activities).hex()},
            "sources": {"root": merkle.id_root(sources).hex()}}


class Publication:
    """A publication as the rest of this program sees it. `figures` are exact with the body, rounded without it."""

    def __init__(self, statement):
        d = statement.all
        self.statement, self.id, self.by, self.exact = statement, statement.id, d["by"], statement.whole
        self.product, self.batch, self.scenario = d["product"], d.get("batch"), d.get("scenario")
        self.boundary, self.status, self.footprint = d["boundary"], d["status"], d["footprint"]
        self.period, self.validity = Period.read(d["period"]), Period.read(d["validity"])
        self.gwp, self.version = d["method"]["gwp"], d["method"]["version"]
        self.size, self.root = whole(d["log"]["size"]), d["log"]["root"]
        self.used = d["used"]
        self.accepted, self.claims = d.get("accepted", []), d.get("claims", [])
        self.preceding, self.coverage = d.get("preceding", []), d.get("coverage")
        self.figures = d["figures"]

    def estimates(self):
        """The sum of the accepted estimates; 0 without the body, which alone has them."""
        if not self.exact:
            return co2e("0")
        return sum((co2e(a["estimate"]) for a in self.accepted if "estimate" in a), start=co2e("0"))

    def states_estimates(self):
        """Whether findings with estimates were accepted, and the body with the estimates is withheld."""
        return not self.exact and any("percent" in a for a in self.accepted)

    def as_shown(self, figures):
        """Exact figures, rounded where `figures` are."""
        return figures if self.exact else rounded(figures, "stages" in self.figures)

    def digest(self):
        """The digest of the figures, which an assurance names (21.2)."""
        return self.statement.all["figuresDigest"]
