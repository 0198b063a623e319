"""Bends a proof in every way that is easy to think of. Each bent proof must fail or be unreadable. A proof without
something that a publisher may withhold may hold, but its figures must not count as checked."""
import base64
import copy
import hashlib
import json
import os
import random
import sys

from . import canon, checks
from .canon import Bad
from .stop import Stop


class Options:
    key = ledger_id = None


def outcome(value):
    """`holds`, or why not."""
    try:
        data = canon.write(value).encode()
        found = checks.verify(data, Options())[1]
    except (Bad, checks.UnknownMethod, Stop) as error:
        return "unreadable: %s" % str(error)[:100]
    if found.fails:
        return "fails: " + ", ".join(c[0] for c in found.fails)
    # Bodies may be withheld: then nothing is wrong, and the figures are not said to be checked.
    return "holds" if ("figures-recalculated", True) in [c[:2] for c in found.checks] else "not checked"


def digit(text, dice):
    """Another digit somewhere."""
    places = [at for at, c in enumerate(text) if c.isdigit()]
    at = dice.choice(places)
    return text[:at] + str((int(text[at]) + 1 + dice.randrange(9)) % 10) + text[at + 1:]


def hexdigit(text, dice):
    at = dice.randrange(len(text))
    return text[:at] + "%x" % (int(text[at], 16) ^ (1 + dice.randrange(15))) + text[at + 1:]


def bends(proof, dice, count):
    """(what was bent, whether a publisher may withhold that, bent proof)."""
    def one(what, change, withheld=False):
        bent = copy.deepcopy(proof)
        change(bent)
        return what, withheld, bent

    for _ in range(count):
        at = dice.randrange(len(proof["statements"]))
        s = proof["statements"][at]
        yield one("a digit in header %d" % at, lambda p: p["statements"][at].update(header=digit(s["header"], dice)))
        with_body = [i for i, x in enumerate(proof["statements"]) if "body" in x]
        if with_body:
            b = dice.choice(with_body)
            yield one("a digit in body %d" % b, lambda p: p["statements"][b].update(
                body=digit(p["statements"][b]["body"], dice)))

            def with_digest(p):
                """The body and the digest in the header, so that only the path breaks."""
                x = p["statements"][b]
                x["body"] = digit(x["body"], dice)
                h = json.loads(x["header"])
                h["body"] = hashlib.sha256(b"\2" + x["body"].encode()).hexdigest()
                x["header"] = canon.write(h)
            yield one("a digit in body %d and its digest" % b, with_digest)
            yield one("without body %d" % b, lambda p: p["statements"][b].pop("body"), True)
        yield one("without statement %d" % at, lambda p: p["statements"].pop(at), True)

        def twice(p):
            p["statements"].append({**p["statements"][at], "ordinal": str(int(p["statements"][at]["ordinal"]) + 1)})
            p["statements"].sort(key=lambda x: (int(x["seal"]), int(x["ordinal"])))
        yield one("statement %d twice" % at, twice)
        paths = [(k, i) for k in ("seals", "statements") for i, x in enumerate(proof[k]) if x["path"]]
        kind, place = dice.choice(paths)
        yield one("a path of %s %d" % (kind, place), lambda p: p[kind][place]["path"].__setitem__(
            0, hexdigit(p[kind][place]["path"][0], dice)))
        yield one("a shorter path of %s %d" % (kind, place), lambda p: p[kind][place]["path"].pop())
        seal = dice.randrange(len(proof["seals"]))

        def byte(p):
            raw = bytearray(base64.b64decode(p["seals"][seal]["seal"]))
            raw[8 + dice.randrange(176)] ^= 1 << dice.randrange(8)
            p["seals"][seal]["seal"] = base64.b64encode(bytes(raw)).decode()
        yield one("a bit of seal %d" % seal, byte)
        for part, ids in proof["used"].items():
            if ids:
                used = dice.randrange(len(ids))
                yield one("without %s %d" % (part, used), lambda p, part=part, used=used: p["used"][part].pop(used))
            yield one("another of the %s" % part, lambda p, part=part: p["used"].update(
                {part: sorted(p["used"][part] + [hashlib.sha256(dice.randbytes(8)).hexdigest()])}))
        if "sources" in proof["used"]:
            def moved(p):
                """A source among the activities."""
                p["used"]["activities"] = sorted(p["used"]["activities"] + [p["used"]["sources"].pop(
                    dice.randrange(len(p["used"]["sources"])))])
            yield one("a source among the activities", moved)
            yield one("without the list of sources", lambda p: p["used"].pop("sources"), True)
        else:
            yield one("no source listed", lambda p: p["used"].update(sources=[]))
        if proof["consistency"]:
            place_c = dice.randrange(len(proof["consistency"]))
            yield one("a hash of the consistency proof", lambda p: p["consistency"].__setitem__(
                place_c, hexdigit(p["consistency"][place_c], dice)))
        yield one("a digit in the checkpoint", lambda p: p.update(checkpoint=digit(p["checkpoint"], dice)))
        for at_state in range(len(proof.get("states", []))):
            entries = proof["states"][at_state]["entries"]
            e = dice.randrange(len(entries))
            yield one("state %d without entry %d" % (at_state, e), lambda p, a=at_state, e=e: p["states"][a]["entries"].pop(e))
            yield one("state %d, the key of entry %d" % (at_state, e), lambda p, a=at_state, e=e: p["states"][a]["entries"][e].update(
                key=hexdigit(p["states"][a]["entries"][e]["key"], dice)))
            sets = [i for i, x in enumerate(entries) if x.get("ids")]
            if not sets:
                continue
            i = dice.choice(sets)
            yield one("state %d, a set without one" % at_state, lambda p, a=at_state, i=i: p["states"][a]["entries"][i]["ids"].pop())


def main():
    found = 0
    for path in sys.argv[1:]:
        with open(path, "rb") as file:
            proof = canon.parse(file.read())
        dice = random.Random(1)
        whole = outcome(proof)
        if whole not in ("holds", "not checked"):
            print("%s does not hold as it is: %s" % (path, whole))
            found += 1
        kinds, unseen = {}, 0
        for what, withheld, bent in bends(proof, dice, int(os.environ.get("PCF_BENDS", "3"))):
            if bent == proof:
                continue
            said = outcome(bent)
            kinds.setdefault("".join(c for c in what if not c.isdigit()), set()).add(said.split(":")[0])
            if said == "holds" or (said == "not checked" and not withheld):
                print("%s: %s" % (said.upper(), what))
                unseen += 1
        print("%s: %d kinds of bends, %s" % (path, len(kinds), "all seen" if not unseen else "%d not seen" % unseen))
        found += unseen
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
