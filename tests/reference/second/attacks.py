"""Proofs that break one rule each under good signatures; attacks_all.py asks both programs."""
from . import forge
from .forge import PRODUCT, Log, actor, factor, key, made, product, read, tag

ALL = ("factor", "product", "activity", "publication", "supplierFootprint", "assurance")
ATTACKS = {}
UNCHECKED = set()  # good proofs that do not show enough to calculate the figures again


def attack(function):
    ATTACKS[function.__name__] = function
    return function


def unchecked(function):
    UNCHECKED.add(function.__name__)
    return attack(function)


def start(types=ALL, **more):
    """A ledger with a maker, another actor, an auditor and a factor."""
    log = Log()
    log.maker = log.submit("operator", actor("maker", types, **more))[0]
    log.other = log.submit("operator", actor("other", ALL))[0]
    log.auditor = log.submit("operator", actor("auditor", ("assurance",), None))[0]
    return log


def usual(log, **more):
    log.steel, log.product = log.submit("maker", factor(), product(**more))
    log.act = log.submit("maker", made())[0]


def end(log, used=None, drop=(), by="maker", change=None, then=(), bend=None, alone=False, withheld=(), sources=True,
        **more):
    """The proof of a publication. `change` changes the publication before its header is made, `bend` the header.
    `alone` withholds the body of the publication, `withheld` lists other statements whose bodies are withheld."""
    d = log.publication(PRODUCT, used, **more)
    if change:
        change(d)
    ident = log.submit(by, forge.parts(d, bend))[0]
    for signer, *statements in then:
        log.submit(signer, *[s(ident, d) if callable(s) else s for s in statements])
    signed = {h["by"] for i, h in log.headers() if i not in drop}
    unneeded = [i for i, h in log.headers() if h["type"] == "actor" and h["actor"] not in signed]
    if alone:
        withheld = (*withheld, ident)
    return log.proof(ident, drop=(*drop, *unneeded), withheld=withheld, sources=sources)


@attack
def good():
    log = start()
    usual(log)
    return end(log)


@attack
def good_reading():
    log = start()
    usual(log)
    log.submit("maker", read())
    return end(log)


@attack
def reading_without_series():
    log = start()
    usual(log)
    r = read()
    del r[0]["series"]
    log.submit("maker", r)
    return end(log)


@attack
def signer_not_listed():
    log = start()
    log.submit("maker", factor(), product())
    log.submit("other", made("other"))
    return end(log)


@attack
def stage_not_allowed():
    log = start(stages=("use",))
    usual(log)
    return end(log)


@attack
def type_not_allowed():
    log = start(types=("factor", "product", "publication"))
    usual(log)
    return end(log)


@attack
def publisher_is_not_the_owner():
    log = start()
    usual(log)
    return end(log, by="other", change=lambda d: d.update(by="other"))


@attack
def by_another():
    log = start()
    log.submit("maker", factor(), product(signers=("maker", "other")))
    log.submit("maker", made("other"))
    return end(log)


@attack
def key_not_enrolled():
    log = start()
    log.submit("maker", factor(), product())
    log.submit("stranger", made())
    return end(log)


@attack
def operator_states_activity():
    log = start()
    log.submit("maker", factor(), product(signers=("operator",)))
    log.submit("operator", made("operator"))
    return end(log)


@attack
def actor_by_actor():
    log = start()
    log.submit("maker", {**actor("third", ALL), "by": "maker"})
    usual(log)
    log.submit("third", read("third"))
    return end(log)


@attack
def tag_of_another():
    log = start()
    log.submit("maker", factor(), product())
    log.submit("maker", made(header={"outputs": [{"product": tag(forge.TAG_SALT, PRODUCT + "x")}]}))
    return end(log)


@attack
def more_in_header_than_body():
    log = start()
    log.submit("maker", factor(), product())
    log.submit("maker", made(header={"outputs": [{"product": tag(forge.TAG_SALT, PRODUCT)}, {"product": "00" * 32}]}),
               bend=lambda t: t)
    return end(log)


@attack
def actor_left_out():
    log = start()
    usual(log)
    return end(log, drop=(log.maker,))


@attack
def actor_version_left_out():
    log = start()
    gone = log.submit("operator", actor("maker", ("product",), replaces=log.maker))[0]
    log.submit("operator", actor("maker", ALL, replaces=gone))
    usual(log)
    return end(log, drop=(gone,))


@attack
def good_two_versions():
    log = start()
    second = log.submit("operator", actor("maker", ("product",), replaces=log.maker))[0]
    log.submit("operator", actor("maker", ALL, replaces=second, keys=[key("maker"), key("maker2")]))
    log.submit("maker2", factor(), product())
    log.submit("maker", made())
    return end(log)


@attack
def key_taken_away():
    log = start()
    log.submit("operator", actor("maker", ALL, replaces=log.maker, keys=[key("maker2")]))
    usual(log)
    return end(log, by="maker2")


@attack
def revoked_back():
    log = start()
    usual(log)
    return end(log, then=[("operator", actor("maker", ALL, replaces=log.maker, keys=[key("maker2")],
                                             revoked=[{"from": "4", "key": key("maker")}]))])


@attack
def good_revoked_after():
    log = start()
    usual(log)
    return end(log, then=[("operator", actor("maker", ALL, replaces=log.maker, keys=[key("maker2")],
                                             revoked=[{"from": "7", "key": key("maker")}]))])


@attack
def revoked_key_of_another():
    log = start()
    usual(log)
    return end(log, then=[("operator", actor("maker", ALL, replaces=log.maker, revoked=[{"from": "7", "key": key("other")}]))])


@attack
def used_was_withdrawn():
    log = start()
    usual(log)
    log.submit("maker", {"type": "withdrawal", "by": "maker", "reason": "x", "statement": log.act})
    return end(log)


@attack
def used_was_replaced():
    log = start()
    usual(log)
    used = log.publication(PRODUCT) and log.used["activities"] + log.used["sources"]
    log.submit("maker", made(kg="7", header={"replaces": log.act}))
    return end(log, used=used)


@attack
def used_lies_beyond_size():
    log = start()
    usual(log)
    return end(log, change=lambda d: d.update(log={"root": forge.merkle.root(log.leaves()[:5]).hex(), "size": "5"}))


@attack
def wrong_root():
    log = start()
    usual(log)
    return end(log, change=lambda d: d["log"].update(root="00" * 32))


@attack
def size_beyond_index():
    log = start()
    usual(log)
    return end(log, change=lambda d: d["log"].update(size="9"))


@attack
def one_digit_of_the_figures():
    log = start()
    usual(log)

    def change(d):
        for s in [d["figures"]["gate"], d["figures"]["processes"][0]["figures"], d["figures"]["stages"][1]["figures"]]:
            for holder, name in ((s["categories"], "fossilGhgEmissions"), (s, "excludingUptake"), (s, "includingUptake")):
                holder[name] = holder[name][:-1] + "8"
    return end(log, change=change)


@attack
def total_that_does_not_follow():
    log = start()
    usual(log)
    return end(log, change=lambda d: d["figures"]["gate"].update(includingUptake="1"))


@attack
def used_besides():
    log = start()
    usual(log)
    extra = log.submit("maker", factor(name="more"))[0]
    log.publication(PRODUCT)
    return end(log, used=[*log.used["activities"], *log.used["sources"], extra])


@attack
def used_missing():
    log = start()
    usual(log)
    return end(log, change=lambda d: d["used"]["activities"].update(count="9"))
