"""The document of a proof (schemas/proof.md, Layout): read, and held to its one spelling."""
from . import canon, seal, shapes
from .canon import Bad, hash32, whole
from .named import sources_named
from .note import Checkpoint
from .publication import Publication
from .statement import Statement

KINDS = ["authority", "dead", "followed", "product", "actor"]
ENTRY = {"at": shapes.W, "count?": shapes.W, "root?": shapes.H, "footprint?": shapes.uuid_of, "ids?": [shapes.H],
         "key": shapes.H, "kind": shapes.one_of(*KINDS), "path": [shapes.H], "statement?": shapes.H}
SHAPE = {
    "checkpoint": lambda value: value.encode(), "consistency": [shapes.H], "publication": shapes.H,
    "seals": [{"index": shapes.W, "path": [shapes.H], "seal": lambda value: canon.unbase64(value, 184)}],
    "statements": [{"body?": lambda value: value.encode(), "header": lambda value: value.encode(), "ordinal": shapes.W,
                    "path": [shapes.H], "seal": shapes.W}],
    "states?": [{"count": shapes.W, "entries": [ENTRY], "statement": shapes.H}],
    "type": shapes.one_of("footprintProof"), "used": {"activities": [shapes.H], "sources?": [shapes.H]},
    "v": shapes.one_of("1"),
}


def strictly(values, words):
    if any(a >= b for a, b in zip(values, values[1:])):
        raise Bad(words + " are not sorted, each once")


class HeldSeal:
    def __init__(self, value):
        self.index = whole(value["index"])
        self.path = [hash32(h) for h in value["path"]]
        self.raw = canon.unbase64(value["seal"], 184)
        self.seal = seal.Seal(self.raw)
        if len(self.path) > 63:
            raise Bad("a path of more than 63 hashes")


class Held:
    """A statement with its place."""

    def __init__(self, value):
        self.ordinal, self.index = whole(value["ordinal"]), whole(value["seal"])
        self.path = [hash32(h) for h in value["path"]]
        if len(self.path) > 16:
            raise Bad("a path of more than 16 hashes under a seal")
        self.said = Statement(value["header"], value.get("body"))
        self.said.index, self.said.ordinal = self.index, self.ordinal


class Entry:
    """What a state has at a place."""

    def __init__(self, value):
        self.at, self.kind, self.key = whole(value["at"]), value["kind"], hash32(value["key"])
        self.path = [hash32(h) for h in value["path"]]
        self.statement, self.footprint, self.ids = value.get("statement"), value.get("footprint"), value.get("ids")
        self.count = whole(value["count"]) if "count" in value else None
        self.root = value.get("root")
        members = set(value) - {"at", "kind", "key", "path"}
        allowed = {"authority": [{"ids"}, {"count", "root"}], "product": [{"ids"}, {"count", "root"}],
                   "dead": [{"statement"}], "actor": [{"statement"}], "followed": [{"statement", "footprint"}]}
        if members not in allowed[self.kind]:
            raise Bad("an entry of the kind %s with other members" % self.kind)
        if self.ids is not None:
            strictly(self.ids, "the ids of a set")
            if len(self.ids) > 65_536:
                raise Bad("a set of more than 65,536 statements")
        if len(self.path) > 63:
            raise Bad("a path of more than 63 hashes")

    @property
    def order(self):
        return KINDS.index(self.kind), self.key


class State:
    def __init__(self, value):
        self.count, self.statement = whole(value["count"]), value["statement"]
        self.entries = [Entry(e) for e in value["entries"]]
        if not 1 <= len(self.entries) <= 65_536:
            raise Bad("a state that shows nothing, or more than 65,536 entries")
        strictly([e.order for e in self.entries], "the entries of a state")
        strictly([e.at for e in self.entries], "the places of the entries of a state")


class Proof:
    """`activities` and `sources` are the two lists of `used`; `sources` is None where the proof lists none. Then `used`
    holds, beside the activities, the sources in the file that a body names."""

    def __init__(self, data):
        if len(data) > 64 << 20:
            raise Bad("a proof above 64 MiB")
        value = canon.parse(data)
        shapes.KEPT_EMPTY.update({"consistency", "ids", "path"})
        shapes.check(value, SHAPE, "proof")
        self.checkpoint = Checkpoint(value["checkpoint"])
        self.consistency = [hash32(h) for h in value["consistency"]]
        if len(self.consistency) > 64:
            raise Bad("a consistency proof of more than 64 hashes")
        self.activities, self.sources = value["used"]["activities"], value["used"].get("sources")
        self.seals = [HeldSeal(s) for s in value["seals"]]
        self.held = [Held(s) for s in value["statements"]]
        if max(len(self.seals), len(self.held)) > 65_536:
            raise Bad("more than 65,536 seals or statements")
        strictly([s.index for s in self.seals], "seals")
        strictly([(h.index, h.ordinal) for h in self.held], "statements")
        self.by_index = {s.index: s for s in self.seals}
        if {h.index for h in self.held} != set(self.by_index):
            raise Bad("a seal without a statement, or a statement without a seal")
        self.by_id = {h.said.id: h for h in self.held}
        if len(self.by_id) != len(self.held):
            raise Bad("a statement twice")
        for h in self.held:
            h.said.key = self.by_index[h.index].seal.key
        self.statements = [h.said for h in self.held]
        first = self.held[0] if self.held else None
        if first is None or first.said.type != "ledger" or (first.index, first.ordinal) != (0, 0) or \
                any(h.index == 0 for h in self.held[1:]):
            raise Bad("the genesis is not first, or not alone under index 0")
        self.genesis = first.said
        if value["publication"] not in self.by_id or self.by_id[value["publication"]].said.type != "publication":
            raise Bad("the publication is not among the statements")
        self.publication = Publication(self.by_id[value["publication"]].said)
        others = self.sources
        if others is None:
            others = sources_named(self.statements, self.publication, self.activities)
        self.used = sorted({*self.activities, *others})
        self.states = [State(s) for s in value.get("states", [])]
        if len(self.states) > 2:
            raise Bad("more than two states")
        for s in self.states:
            if s.statement not in self.by_id or self.by_id[s.statement].said.type != "state":
                raise Bad("a state whose statement is not there")
        strictly([self.state_size(s) for s in self.states], "states")
        self.limits()

    def state_size(self, state):
        return whole(self.by_id[state.statement].said.all["size"])

    def limits(self):
        keys = revoked = 0
        for s in self.statements:
            if s.type == "actor":
                keys += len(s.all["keys"]) + 1
                revoked += len(s.all.get("revoked", []))
            elif s.type == "authority":
                keys += 4
        if keys > 8192 or revoked > 1024:
            raise Bad("more keys or revocations than a proof may have")
