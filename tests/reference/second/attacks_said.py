"""Attacks on what a publication and opinions say."""
from . import canon, forge
from .attacks import attack, end, start, usual
from .publication import DIGESTED


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
        digest = forge.hashlib.sha256(canon.write({k: d[k] for k in DIGESTED if k in d}).encode()).hexdigest()
        return {"type": "assurance", "by": by, "figures": digest, "level": "limited", "opinion": "unmodified", "scope": "all",
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
