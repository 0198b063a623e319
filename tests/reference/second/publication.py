"""All that reads a publication: the one place that changes when its exact figures move into a body."""
import hashlib

from . import canon, shapes
from .canon import whole
from .numbers import Period, co2e

DIGESTED = ["accepted", "batch", "boundary", "coverage", "figures", "method", "period", "product", "scenario", "used"]
SHAPE = {**shapes.SALTED,
         "accepted?": [{"estimate?": shapes.C, "finding": shapes.H, "reason": shapes.text, "rule": shapes.text,
                        "sentence": shapes.text}],
         "batch?": shapes.text, "boundary": shapes.BOUNDARY,
         "claims?": [{"basis": shapes.one_of("checked", "stated"), "standard": shapes.text}], "comment?": shapes.text,
         "coverage?": {"days": shapes.W, "estimated": shapes.W, "measured": shapes.W, "referencePeriod": shapes.PERIOD},
         "created": shapes.instant, "figures": shapes.FIGURES, "footprint": shapes.uuid_of, "log": shapes.LOG,
         "method": {"gwp": shapes.GWP, "version": shapes.W}, "outboundExcluded?": shapes.yes, "period": shapes.PERIOD,
         "preceding?": [shapes.uuid_of], "product": shapes.product_id, "scenario?": shapes.text,
         "status": shapes.one_of("draft", "final"), "used": {"count": shapes.W, "root": shapes.H},
         "validity": shapes.PERIOD}


class Publication:
    """A publication as the rest of this program sees it."""

    def __init__(self, statement):
        d = statement.all
        self.statement, self.id, self.by = statement, statement.id, d["by"]
        self.product, self.batch, self.scenario = d["product"], d.get("batch"), d.get("scenario")
        self.boundary, self.status, self.footprint = d["boundary"], d["status"], d["footprint"]
        self.period, self.validity = Period.read(d["period"]), Period.read(d["validity"])
        self.gwp, self.version = d["method"]["gwp"], d["method"]["version"]
        self.size, self.root = whole(d["log"]["size"]), d["log"]["root"]
        self.used_count, self.used_root = whole(d["used"]["count"]), d["used"]["root"]
        self.accepted, self.claims = d.get("accepted", []), d.get("claims", [])
        self.preceding, self.coverage = d.get("preceding", []), d.get("coverage")
        self.figures = d["figures"]

    def estimates(self):
        """What accepted findings leave out, together."""
        return sum((co2e(a["estimate"]) for a in self.accepted if "estimate" in a), start=co2e("0"))

    def digest(self):
        """The digest of the figures, which an assurance names (21.2)."""
        d = self.statement.all
        return hashlib.sha256(canon.write({k: d[k] for k in DIGESTED if k in d}).encode()).hexdigest()

    def set_of(self, which):
        """Exact categories of `gate` or `grave`, or None."""
        found = self.figures.get(which)
        return None if found is None else {c: co2e(v) for c, v in found["categories"].items()}
