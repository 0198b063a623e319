"""Attacks on what a publication and opinions say."""
from . import forge, publication
from .attacks import ATTACKS, attack, end, start, usual
from .forge import PRODUCT
from .numbers import co2e, half_even, spell


@attack
def another_method():
    log = start()
    usual(log)
    return end(log, change=lambda d: d["method"].update(version="2"))


@attack
def claim_nobody_checks():
    log = start()
    usual(log)
    return end(log, claims=[{"basis": "checked", "standard": "ISO14067"}])


@attack
def claim_not_met():
    log = start()
    usual(log)
    return end(log, claims=[{"basis": "checked", "standard": "PACT-3.0"}])


@attack
def good_claim():
    log = start()
    usual(log, exemptions="none", ccsIncluded=False, packaging={"included": False})
    return end(log, claims=[{"basis": "checked", "standard": "PACT-3.0"}])


@attack
def claim_valid_too_long():
    log = start()
    usual(log, exemptions="none", ccsIncluded=False, packaging={"included": False})
    return end(log, claims=[{"basis": "checked", "standard": "PACT-3.0"}], validity={"start": "2026-01-01", "end": "2029-01-02"})


@attack
def coverage_wrong():
    log = start()
    usual(log)
    return end(log, change=lambda d: d["coverage"].update(measured="364"))


@attack
def good_without_coverage():
    log = start()
    usual(log)
    return end(log, coverage=None)


def opinion(by, ledger, **more):
    def say(ident, d):
        return {"type": "assurance", "by": by, "figures": publication.digest(d), "level": "limited", "opinion": "unmodified", "scope": "all",
                "standard": "ISO", "log": ledger.position(), **more}
    return say


@attack
def good_opinion():
    log = start()
    usual(log)
    return end(log, then=[("auditor", opinion("auditor", log))])


@attack
def good_own_opinion():
    log = start()
    usual(log)
    return end(log, then=[("maker", opinion("maker", log))])


@attack
def adverse_opinion():
    log = start()
    usual(log)
    return end(log, then=[("auditor", opinion("auditor", log, opinion="adverse"))])


@attack
def early_opinion():
    log = start()
    early = log.position()
    usual(log)
    return end(log, then=[("auditor", opinion("auditor", log, log=early))])


@attack
def opinion_on_other_figures():
    log = start()
    usual(log)
    return end(log, then=[("auditor", opinion("auditor", log, figures="00" * 32))])


@attack
def taken_back():
    log = start()
    usual(log)
    return end(log, then=[("maker", lambda ident, d: {"type": "withdrawal", "by": "maker", "reason": "x", "statement": ident})])


@attack
def withdrawn_by_another():
    log = start()
    usual(log)
    return end(log, then=[("other", lambda ident, d: {"type": "withdrawal", "by": "other", "reason": "x", "statement": ident})])


def header_bent(name, change):
    """A header that does not follow from its body."""
    def run():
        log = start()
        usual(log)
        d = log.publication(PRODUCT)
        ident = log.submit("maker", forge.parts(d, change))[0]
        return log.proof(ident, drop=(log.other, log.auditor))
    ATTACKS["header_" + name] = run


def wider(header):
    header["figures"]["gate"]["excludingUptake"]["high"] = "9"


def another_digest(header):
    header["figuresDigest"] = "00" * 32


def with_stages(header):
    header["figures"]["stages"] = []


def with_unit(header):
    header["figures"]["unit"] = "0.1"


def with_accepted(header):
    header["accepted"] = [{"rule": "gwp-unstated"}]


def with_exact(header):
    header["comment"] = "x"


for bent_header in (wider, another_digest, with_stages, with_unit, with_accepted, with_exact):
    header_bent(bent_header.__name__, bent_header)


def finding(estimate):
    return {"estimate": estimate, "finding": "11" * 32, "reason": "small", "rule": "output-days", "sentence": "x"}


def good_with_estimate(estimate):
    def run():
        log = start()
        usual(log, exemptions="none")
        d = log.publication(PRODUCT)
        gate = co2e(d["figures"]["gate"]["excludingUptake"])
        percent = half_even(100 * co2e(estimate) / (gate + co2e(estimate)), 6)
        d["figures"]["exemptedEmissionsPercent"] = spell(percent, 6)
        d["accepted"] = [finding(estimate)]
        ident = log.submit("maker", d)[0]
        return log.proof(ident, drop=(log.other, log.auditor))
    ATTACKS["good_estimate_" + estimate] = run


for of_estimate in ("0", "0.0125", "0.000000000000001", "1", "1700000000", "1800000000"):
    good_with_estimate(of_estimate)
