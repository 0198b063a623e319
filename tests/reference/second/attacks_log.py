"""Attacks on the log, its keys and its owners."""
import base64
import json

from . import forge
from .attacks import ALL, attack, end, start, usual
from .cases_more import PACT
from .forge import PRODUCT, Log, actor, factor, key, made, product, salt


@attack
def same_subject_twice():
    log = start()
    usual(log)
    log.submit("maker", made(kg="9", body={"allocation": "mass"}))
    return end(log)


@attack
def factor_of_another():
    log = start()
    log.submit("other", factor("other"))
    log.submit("maker", {**factor(), "salt": salt("again")}, product())
    log.submit("maker", made())
    return end(log, used=[s.id for s in log.statements() if s.type in ("factor", "product", "activity")])


@attack
def product_of_another():
    log = start()
    first = log.submit("other", product("other"))[0]
    log.submit("maker", factor(), product(name="B"))
    log.submit("maker", made())
    return end(log, used=[s.id for s in log.statements() if s.type in ("factor", "product", "activity") and s.id != first],
               drop=())


@attack
def rights_to_other_products():
    log = Log()
    log.submit("operator", {**actor("maker", ALL), "rights": {"types": list(ALL), "stages": ["production"],
                                                             "products": [PRODUCT + "x"]}})
    usual(log)
    return end(log)


@attack
def authority_by_actor():
    log = start()
    usual(log)
    return end(log, then=[("maker", {"type": "authority", "by": "maker", "operatorKey": key("op2")})])


@attack
def good_authority():
    log = start()
    log.submit("recovery", {"type": "authority", "by": "recovery", "operatorKey": key("op2"), "recoveryKey": key("rec2")})
    log.submit("op2", actor("fourth", ALL))
    usual(log)
    return end(log)


@attack
def operator_names_recovery():
    log = start()
    log.submit("operator", {"type": "authority", "by": "operator", "recoveryKey": key("rec2")})
    usual(log)
    return end(log)


@attack
def old_operator():
    log = start()
    log.submit("recovery", {"type": "authority", "by": "recovery", "operatorKey": key("op2")})
    log.submit("operator", actor("maker2", ALL))
    log.submit("maker2", factor("maker2"), product("maker2", signers=("maker2",)))
    log.submit("maker2", made("maker2"))
    return end(log, by="maker2", change=lambda d: d.update(by="maker2"))


@attack
def log_key_replaced_and_old_one_signs():
    log = start()
    log.submit("recovery", {"type": "authority", "by": "recovery", "logKey": key("log2")})
    usual(log)
    return end(log)


@attack
def checkpoint_of_stranger():
    log = start()
    usual(log)
    d = log.publication(PRODUCT)
    ident = log.submit("maker", d)[0]
    return log.proof(ident, signer="stranger", drop=(log.other, log.auditor))


@attack
def another_origin():
    log = start()
    usual(log)
    d = log.publication(PRODUCT)
    ident = log.submit("maker", d)[0]
    return log.proof(ident, origin="else.example/log", drop=(log.other, log.auditor))


@attack
def seal_of_another_ledger():
    log = start()
    log.submit("maker", factor(), product())
    log.submit("maker", made(), ledger=bytes(32))
    return end(log)


@attack
def unneeded_statement():
    log = start()
    usual(log)
    log.submit("maker", factor(name="more"))
    return end(log)


@attack
def same_key_two_actors():
    log = start()
    log.submit("operator", actor("fourth", ALL, keys=[key("maker")]))
    usual(log)
    return end(log)


@attack
def log_key_as_actor():
    log = start()
    log.submit("operator", actor("maker", ALL, replaces=log.maker, keys=[key("maker"), key("log")]))
    usual(log)
    return end(log)


@attack
def actor_does_not_replace():
    log = start()
    log.submit("operator", actor("maker", ALL, keys=[key("maker"), key("m2")]))
    usual(log)
    return end(log)


@attack
def unknown_preceding():
    log = start()
    usual(log)
    return end(log, preceding=["11111111-2222-4333-8444-555555555556"])


@attack
def supplier_digest_wrong():
    log = start()
    doc = base64.urlsafe_b64encode(json.dumps(PACT).encode()).decode().rstrip("=")
    log.submit("maker", ({"type": "supplierFootprint", "by": "maker", "footprint": PACT["id"]}, {"document": doc, "digest": "00" * 32}))
    log.submit("maker", factor(), product())
    log.submit("maker", made(body={"flows": [{"amount": "1", "unit": "piece", "footprint": PACT["id"], "kind": "material", "name": "x"}]}))
    return end(log)


@attack
def scalar_in_a_second_spelling():
    log = start()
    usual(log)
    seal = log.seals[5 if len(log.seals) > 5 else -1]
    s = int.from_bytes(seal[152:], "little") + forge.ed25519.L
    log.seals[-1] = seal[:152] + s.to_bytes(32, "little")
    return end(log)


@attack
def key_of_small_order():
    """The neutral point as a key: any message has the signature (R = s B, s)."""
    log = start()
    neutral = (1).to_bytes(32, "little")
    log.submit("operator", actor("maker", ALL, replaces=log.maker, keys=[key("maker"), base64.b64encode(neutral).decode()]))
    usual(log)
    seal = log.seals[-1]
    scalar = 7
    point = forge.compress(forge.ed25519.multiply(scalar, forge.ed25519.BASE))
    log.seals[-1] = seal[:40] + neutral + seal[72:120] + point + scalar.to_bytes(32, "little")
    return end(log)
