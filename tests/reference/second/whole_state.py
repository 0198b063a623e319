"""Makes every state of a ledger again from its segment (schemas/state.md): `python3 -m second.whole_state LEDGER`."""
import base64
import os
import sys

from . import merkle
from .document import KINDS
from .rules import Book, Refused
from .seal import Seal
from .statement import Statement, tag


def submissions(folder):
    """(seal, statements) of every submission, as schemas/ledger-files.md has them."""
    found, held = [], []
    segments = os.path.join(folder, "segments")
    for name in sorted(n for n in os.listdir(segments) if n.isdigit()):
        with open(os.path.join(segments, name), "rb") as file:
            data = file.read()
        at = 96
        while at + 9 <= len(data):
            length, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4]
            part = data[at + 9:at + 9 + length]
            at += 9 + length
            if kind == 1:
                held.append([part.decode(), None])
            elif kind == 3:
                held[-1][1] = part.decode()
            elif kind == 2:
                seal = next(part[i:i + 184] for i in range(len(part) - 183) if part[i:i + 8] == b"PCFSEAL1")
                found.append((Seal(seal), held))
                held = []
    return found


def book_of(log):
    """The whole log, judged by the rules."""
    book, everything = None, []
    for index, (seal, held) in enumerate(log):
        said = []
        for ordinal, (header, body) in enumerate(held):
            s = Statement(header, body)
            s.index, s.ordinal, s.key = index, ordinal, seal.key
            said.append(s)
        everything += said
        if book is None:
            book = Book(said[0])
        try:
            book.admit(index, seal.key, said)
        except Refused as refusal:
            print("index %d is refused: %s" % (index, refusal))
    return book, everything


def puts_out(activity, product):
    """Whether an activity counts for a product statement; by tags alone."""
    d = activity.all
    tags = {tag(product.all["tagSalt"], i) for i in product.all["ids"]}
    if activity.served == ["*"]:
        return any((p["stage"], p["name"]) == (d["stage"], d["process"]) and activity.by in p["signers"]
                   for p in product.all["processes"])
    return bool(tags & set(activity.tags or activity.served))


def state(book, everything, size):
    """Root and number of entries at a size."""
    below = [s for s in everything if s.index < size]
    holds = [s for s in below if book.held_at(s.id, size)]
    entries = []

    def put(kind, what, value):
        entries.append((KINDS.index(kind), merkle.sha256(what), value))

    def many(statements):
        return len(statements).to_bytes(8, "big") + merkle.id_root([s.id for s in statements])

    put("authority", bytes.fromhex(book.genesis.id), many([s for s in below if s.type in ("ledger", "authority")]))
    for s in below:
        if not book.held_at(s.id, size):
            put("dead", bytes.fromhex(s.id), bytes.fromhex(book.ended[s.id].id))
        if s.type == "publication":
            followers = [f for f in holds if f.type == "publication" and f.all["status"] == "final"
                         and s.all["footprint"] in f.all.get("preceding", [])]
            if followers:
                put("followed", bytes.fromhex(s.id), bytes.fromhex(followers[-1].id) + followers[-1].all["footprint"].encode())
    for p in holds:
        if p.type == "product":
            put("product", bytes.fromhex(p.id), many([a for a in holds if a.type == "activity" and puts_out(a, p)]))
    newest = {s.all["actor"]: s for s in below if s.type == "actor"}
    for name, s in newest.items():
        put("actor", name.encode(), bytes.fromhex(s.id))
    entries.sort()
    return merkle.root([merkle.leaf(bytes([k]) + key + value) for k, key, value in entries]).hex(), len(entries)


def main():
    log = submissions(sys.argv[1])
    book, everything = book_of(log)
    bad = 0
    for s in everything:
        if s.type == "state":
            root, count = state(book, everything, int(s.all["size"]))
            same = root == s.all["root"]
            bad += not same
            print("size %s: %d entries, %s" % (s.all["size"], count, "same root" if same else "%s, theirs %s" % (root, s.all["root"])))
    root = base64.b64encode(merkle.root([merkle.leaf(seal.raw) for seal, _ in log])).decode()
    print("log of %d, root %s" % (len(log), root))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
