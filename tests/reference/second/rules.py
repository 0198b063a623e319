"""Who may sign what (section 25), folded in log order over the statements that a proof discloses."""
import hashlib

from . import canon, pact_in, shapes
from .canon import Bad, whole
from .names import fold
from .statement import tag

OPERATOR_TYPES = {"actor", "authority", "redaction", "state", "withdrawal"}
NEVER_ENDED = {"ledger", "authority", "actor", "withdrawal", "redaction", "state"}


class Refused(Exception):
    """A statement that its signer could not sign there."""


class Key:
    """Whose key it is, and between which indices it counts."""

    def __init__(self, actor, start):
        self.actor, self.start, self.end = actor, start, None

    def counts(self, index):
        return self.start <= index and (self.end is None or index < self.end)

    def stop(self, index):
        self.end = index if self.end is None else min(self.end, index)


def need(holds, refusal, words=""):
    if not holds:
        raise Refused("%s: %s" % (refusal, words) if words else refusal)


def subject(s):
    """What a statement is about."""
    d = s.all
    if s.type == "activity":
        site, batch, scenario, meter = (fold(d.get(k)) for k in ("site", "batch", "scenario", "meter"))
        reading = (meter, d.get("series")) if s.served else None
        return ("activity", tuple(sorted(s.tags or s.served)), d["stage"], d["process"], site,
                tuple(sorted(d["period"].items())), batch, scenario, bool(d.get("recipe")), reading)
    name = {"actor": "actor", "factor": "factor", "supplierFootprint": "footprint", "publication": "footprint",
            "assurance": "figures", "withdrawal": "statement", "redaction": "statement", "state": "size"}.get(s.type)
    if s.type == "product":
        return ("product", d["ids"][0])
    if s.type == "annual":
        return ("annual", d["subject"], d["year"])
    return (s.type, d.get(name) if name else None)


class Book:
    """What the log says so far."""

    def __init__(self, genesis):
        d = genesis.all
        self.genesis = genesis
        self.keys = {d["operatorKey"]: Key("operator", 0), d["recoveryKey"]: Key("recovery", 0)}
        self.log_keys = [(0, d["logKey"])]
        self.actors, self.seen, self.ended, self.owners = {}, {genesis.id: genesis}, {}, {}
        self.filed = {}

    def log_key(self):
        return self.log_keys[-1][1]

    def log_key_ever(self, key):
        return any(k == key for _, k in self.log_keys)

    def live(self, s):
        return s.id not in self.ended

    def end(self, target, cause):
        self.ended.setdefault(target, cause)

    def held_at(self, ident, size):
        """Whether a statement is below a size and was not ended below it (5.1)."""
        s, cause = self.seen.get(ident), self.ended.get(ident)
        return s is not None and s.index < size and (cause is None or cause.index >= size)

    def admit(self, index, key, statements):
        """One submission; `statements` are those of it that are disclosed, in order."""
        if index == 0:
            need(len(statements) == 1 and statements[0].type == "ledger" and key == statements[0].all["operatorKey"], "Genesis")
            for name in ("logKey", "operatorKey", "recoveryKey"):
                need(shapes.good_key(statements[0].all[name]), "Genesis", name)
            return
        known = self.keys.get(key)
        need(known is not None and index >= known.start, "UnknownKey", key)
        need(known.counts(index), "RevokedKey", key)
        rights = self.actors[known.actor].all["rights"] if known.actor in self.actors else {}
        for s in statements:
            self.statement(s, known.actor, rights)
        for s in statements:
            self.effect(s)

    def statement(self, s, actor, rights):
        """25.2, in its order."""
        d = s.all
        need(s.type != "ledger", "Genesis")
        need(d["by"] == actor, "OtherSigner", d["by"])
        if actor == "operator":
            need(s.type in OPERATOR_TYPES, "NoRight", s.type)
        elif actor == "recovery":
            need(s.type == "authority", "NoRight", s.type)
        else:
            need(s.type == "withdrawal" or s.type in rights.get("types", []), "NoRight", s.type)
        need(s.id not in self.seen, "Duplicate")
        for ident in self.own_ids(s):
            need(self.owners.setdefault(ident, actor) == actor, "Owned", str(ident))
        for other in self.seen.values():
            same = other.type == s.type and self.live(other) and subject(other) == subject(s)
            if same and s.type == "supplierFootprint":
                need(other.by == s.by, "Recorded")
            if same and other.id != d.get("replaces") and (other.by == s.by or s.type != "activity") \
                    and s.type not in ("assurance", "authority", "withdrawal"):
                need(False, "StillLive", other.id)
        if "replaces" in d and (d["replaces"] in self.seen or s.type == "actor"):
            old = self.seen.get(d["replaces"])
            need(old is not None and old.type == s.type and subject(old) == subject(s) and old.by == s.by and self.live(old),
                 "Target", d["replaces"])
        if s.type == "activity":
            self.activity(s, actor, rights)
        self.by_type(s, actor, rights)
        self.seen[s.id] = s
        if "replaces" in d:
            self.end(d["replaces"], s)
        if s.type == "product":
            self.filed[d["ids"][0]] = s

    @staticmethod
    def own_ids(s):
        d = s.all
        if s.type == "product":
            return [("product", i) for i in d["ids"]]
        if s.type == "factor":
            return [("factor", d["factor"])]
        return [("footprint", d["footprint"])] if s.type == "publication" else []

    def product_of(self, ident):
        """The product statement that holds, by any id, as far as one is disclosed."""
        return next((p for p in self.filed.values() if ident in p.all["ids"] and self.live(p)), None)

    def tagged(self, mark):
        """The product statement that holds and has an id with a tag, with the id; both None where none is disclosed."""
        return next(((p, i) for p in self.filed.values() if self.live(p) for i in p.all["ids"]
                     if tag(p.all["tagSalt"], i) == mark), (None, None))

    def activity(self, s, actor, rights):
        """25.3."""
        d = s.all
        need(d["stage"] in rights.get("stages", []), "NoStage", d["stage"])
        for at, mark in enumerate(s.tags or s.served):
            if mark == "*":
                continue
            if s.whole:
                ident = s.products()[at]
                p = self.product_of(ident)
                need(self.tagged(mark)[1] in (None, ident), "Reference", "the tag of another than %s" % ident)
            else:
                p, ident = self.tagged(mark)
            need("products" not in rights or ident is None or ident in rights["products"], "NoProduct", ident)
            if p is None:
                continue
            need(tag(p.all["tagSalt"], ident) == mark, "Reference", "the tag of %s" % ident)
            process = next((x for x in p.all["processes"] if (x["stage"], x["name"]) == (d["stage"], d["process"])), None)
            need(process is not None and actor in process["signers"], "NoProcess", "%s of %s" % (d["process"], ident))

    def by_type(self, s, actor, rights):
        """25.5."""
        d, index = s.all, s.index
        if s.type == "authority":
            for name in ("logKey", "operatorKey", "recoveryKey"):
                if name in d:
                    need(shapes.good_key(d[name]) and d[name] not in self.keys and not self.log_key_ever(d[name]), "Key", name)
        elif s.type == "actor":
            self.actor(s)
        elif s.type == "product":
            for i in d["ids"]:
                need("products" not in rights or i in rights["products"], "NoProduct", i)
                other = self.product_of(i)
                need(other is None or other.all["ids"][0] == d["ids"][0], "Reference", i)
        elif s.type == "supplierFootprint" and s.whole:
            raw = canon.unbase64url(d["document"])
            try:
                document = pact_in.Document(raw)
            except Bad as error:
                raise Refused("Document: %s" % error) from None
            need(document.id == d["footprint"] and hashlib.sha256(raw).hexdigest() == d["digest"], "Document")
        elif s.type == "publication":
            need("products" not in rights or d["product"] in rights["products"], "NoProduct")
            need(d["method"]["version"] == "1" and 1 <= whole(d["log"]["size"]) <= index, "Reference")
            need(self.owners.get(("product", d["product"]), actor) == actor, "Owned", d["product"])
        elif s.type == "assurance":
            need(1 <= whole(d["log"]["size"]) <= index, "Reference")
        elif s.type == "state":
            need(1 <= whole(d["size"]) <= index, "Reference")
        elif s.type == "withdrawal":
            target = self.seen.get(d["statement"])
            if target is not None:
                need(self.live(target) and target.type not in NEVER_ENDED and (actor in ("operator", target.by)), "Target")
        elif s.type == "redaction":
            target = self.seen.get(d["statement"])
            if target is not None:
                need(target.type in ("activity", "annual", "factor", "supplierFootprint") and target.index < index
                     and not target.all.get("open"), "Target")

    def actor(self, s):
        d = s.all
        for key in d["keys"]:
            known = self.keys.get(key)
            need(shapes.good_key(key) and not self.log_key_ever(key), "Key", key)
            need(known is None or (known.actor == d["actor"] and known.end is None), "Key", key)
        for r in d.get("revoked", []):
            known = self.keys.get(r["key"])
            need(known is not None and known.actor == d["actor"] and whole(r["from"]) <= s.index, "Key", r["key"])

    def effect(self, s):
        """What a statement changes for the submissions after it."""
        d, index = s.all, s.index
        if s.type == "withdrawal":
            self.end(d["statement"], s)
        elif s.type == "authority":
            for name, role in (("operatorKey", "operator"), ("recoveryKey", "recovery")):
                if name in d:
                    for key in self.keys.values():
                        if key.actor == role:
                            key.stop(index + 1)
                    self.keys[d[name]] = Key(role, index + 1)
            if "logKey" in d:
                self.log_keys.append((index + 1, d["logKey"]))
        elif s.type == "actor":
            for name, key in self.keys.items():
                if key.actor == d["actor"] and name not in d["keys"]:
                    key.stop(index)
            for name in d["keys"]:
                self.keys.setdefault(name, Key(d["actor"], index + 1))
            for r in d.get("revoked", []):
                self.keys[r["key"]].stop(whole(r["from"]))
                for other in self.seen.values():
                    if other.key == r["key"] and other.index >= whole(r["from"]):
                        self.end(other.id, s)
            self.actors[d["actor"]] = s
