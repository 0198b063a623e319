"""What a state shows: presence and absence of entries (schemas/state.md, and States in schemas/proof.md)."""
from . import merkle
from .document import KINDS


def key_of(kind, what):
    """The key of an entry: what it speaks of as bytes."""
    return KINDS.index(kind), merkle.sha256(what)


def leaf(entry):
    if entry.kind in ("authority", "product"):
        count, root = entry.count, entry.root
        if entry.ids is not None:
            count, root = len(entry.ids), merkle.id_root(entry.ids).hex()
        value = count.to_bytes(8, "big") + bytes.fromhex(root)
    else:
        value = bytes.fromhex(entry.statement) + (entry.footprint or "").encode()
    return merkle.leaf(bytes([KINDS.index(entry.kind)]) + entry.key + value)


class Shown:
    """One state with what is shown of it."""

    def __init__(self, state, statement):
        self.state, self.statement = state, statement
        self.size, self.root = int(statement.all["size"]), statement.all["root"]
        self.entries = {e.order: e for e in state.entries}
        self.ordered = state.entries

    def holds(self):
        """The entries that do not lead to the root."""
        return [e for e in self.ordered if e.at >= self.state.count
                or merkle.climb(e.at, self.state.count, leaf(e), e.path) != bytes.fromhex(self.root)]

    def find(self, kind, what):
        """(shown, entry): the entry, or None where its absence is shown; not shown is (False, None)."""
        wanted = key_of(kind, what)
        if wanted in self.entries:
            return True, self.entries[wanted]
        before = [e for e in self.ordered if e.order < wanted]
        after = [e for e in self.ordered if e.order > wanted]
        if before and after:
            return before[-1].at + 1 == after[0].at, None
        if before:
            return before[-1].at == self.state.count - 1, None
        return bool(after) and after[0].at == 0, None
