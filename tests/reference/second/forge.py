"""Logs and proofs made with keys of our own, so that a rule can be broken under good signatures. For tests alone."""
import base64
import hashlib

from . import canon, ed25519, merkle, note, publication
from .inventory import Inventory
from .numbers import Period, date
from .result import Result, parted
from .selection import Question
from .statement import Statement, tag

ORIGIN = "forge.example/log"


def seed(name):
    return hashlib.sha256(name.encode()).digest()


def compress(point):
    z = pow(point[2], ed25519.P - 2, ed25519.P)
    x, y = point[0] * z % ed25519.P, point[1] * z % ed25519.P
    return (y | (x & 1) << 255).to_bytes(32, "little")


def secret(name):
    h = hashlib.sha512(seed(name)).digest()
    scalar = int.from_bytes(h[:32], "little") & ((1 << 254) - 8) | 1 << 254
    return scalar, h[32:]


def public(name):
    return compress(ed25519.multiply(secret(name)[0], ed25519.BASE))


def sign(name, message):
    scalar, prefix = secret(name)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % ed25519.L
    point = compress(ed25519.multiply(r, ed25519.BASE))
    k = int.from_bytes(hashlib.sha512(point + public(name) + message).digest(), "little") % ed25519.L
    return point + ((r + k * scalar) % ed25519.L).to_bytes(32, "little")


def key(name):
    return base64.b64encode(public(name)).decode()


def salt(what):
    return base64.urlsafe_b64encode(hashlib.sha256(repr(what).encode()).digest()[:16]).decode().rstrip("=")


def path(leaves, at):
    """Siblings from the leaf up."""
    if len(leaves) == 1:
        return []
    k = merkle.split(len(leaves))
    if at < k:
        return path(leaves[:k], at) + [merkle.root(leaves[k:])]
    return path(leaves[k:], at - k) + [merkle.root(leaves[:k])]


def consistency(leaves, old):
    def part(leaves, old, whole):
        if old == len(leaves):
            return [] if whole else [merkle.root(leaves)]
        k = merkle.split(len(leaves))
        if old <= k:
            return part(leaves[:k], old, whole) + [merkle.root(leaves[k:])]
        return part(leaves[k:], old - k, False) + [merkle.root(leaves[:k])]
    return part(leaves, old, True)


def parts(d, bend=None):
    """Header and body of a publication that is one object. `showsStages` puts stages into the header, `bend` changes
    the header."""
    shows_stages = d.get("showsStages", False)
    d = {k: v for k, v in d.items() if k != "showsStages"}
    header = {k: v for k, v in d.items() if k not in publication.BODY and k + "?" not in publication.BODY}
    header.update(publication.header_of(d, shows_stages))
    if bend:
        bend(header)
    return header, {k: v for k, v in d.items() if k not in header or k in ("accepted", "figures")}


class Log:
    """Submissions under our own keys."""

    def __init__(self, **genesis):
        self.submissions, self.seals, self.time = [], [], 1_760_000_000
        self.signer = {}
        d = {"by": "operator", "type": "ledger", "v": "1", "origin": ORIGIN, "logKey": key("log"), "operatorKey": key("operator"),
             "recoveryKey": key("recovery"), "salt": salt("genesis"), **genesis}
        self.ledger = merkle.leaf(canon.write(d).encode())
        self.submit("operator", d)

    def submit(self, signer, *statements, ledger=None, bend=None):
        """Statements are headers, (header, body), or a publication as one object; bodies get salt, type and digest.
        Returns their ids."""
        texts = []
        for s in statements:
            if isinstance(s, dict) and "figuresSalt" in s:
                s = parts(s)
            header, body = s if isinstance(s, tuple) else (s, None)
            header = {"v": "1", **header}
            if body is not None:
                body = {"salt": salt((header, body)), "type": header["type"] + "Body", "v": "1", **body}
                text = canon.write(body)
                header.setdefault("body", hashlib.sha256(b"\2" + text.encode()).hexdigest())
                texts.append((canon.write(header), text))
            else:
                header.setdefault("salt", salt((len(self.seals), header)))
                texts.append((canon.write(header), None))
        if bend:
            texts = bend(texts)
        leaves = [merkle.leaf(h.encode()) for h, _ in texts]
        raw = b"PCFSEAL1" + (ledger or self.ledger) + public(signer) + self.time.to_bytes(8, "big") + \
            len(leaves).to_bytes(8, "big") + merkle.root(leaves)
        self.seals.append(raw + sign(signer, raw))
        self.submissions.append(texts)
        return [l.hex() for l in leaves]

    def leaves(self):
        return [merkle.leaf(s) for s in self.seals]

    def position(self):
        leaves = self.leaves()
        return {"root": merkle.root(leaves).hex(), "size": str(len(leaves))}

    def statements(self):
        found = []
        for index, texts in enumerate(self.submissions):
            for ordinal, (header, body) in enumerate(texts):
                s = Statement(header, body)
                s.index, s.ordinal = index, ordinal
                found.append(s)
        return found

    def headers(self):
        """(id, header) of all statements, including those that `Statement` refuses."""
        return [(merkle.leaf(h.encode()).hex(), canon.parse(h)) for texts in self.submissions for h, _ in texts]

    def publication(self, product, used=None, **more):
        """A publication as one object, with the figures of what is in the log. `used` are ids in one list."""
        statements = [s for s in self.statements() if used is None or s.id in used]
        inventory = Inventory([s for s in statements if s.type in ("product", "factor", "activity", "supplierFootprint")])
        result = Result(inventory, Question(inventory.product(product), Period(date("2025-01-01"), date("2026-01-01"))))
        if result.stops:
            raise RuntimeError(str([str(s) for s in result.stops]))
        self.used = parted([s for s in statements if s.id in used]) if used else result.used
        found = {"by": "maker", "type": "publication", "boundary": result.boundary, "coverage": result.coverage,
                 "created": "2026-02-01T00:00:00Z", "figures": result.figures, "figuresSalt": salt("figures"),
                 "footprint": "11111111-2222-4333-8444-555555555555",
                 "log": self.position(), "method": {"gwp": "AR6", "version": "1"},
                 "period": {"start": "2025-01-01", "end": "2026-01-01"}, "product": product, "status": "draft",
                 "used": publication.used_of(**self.used),
                 "validity": {"start": "2026-01-01", "end": "2027-01-01"}, **more}
        return {k: v for k, v in found.items() if v is not None}

    def proof(self, ident, drop=(), signer="log", origin=ORIGIN, withheld=(), sources=True):
        """The proof of a publication, without the statements in `drop` and without the bodies of those in `withheld`.
        Where `sources` is false, `used` lists activities alone."""
        leaves = self.leaves()
        size, root = len(leaves), merkle.root(leaves)
        text = "%s\n%d\n%s\n" % (origin, size, base64.b64encode(root).decode())
        line = base64.b64encode(note.key_id(origin, 1, public(signer)) + sign(signer, text.encode())).decode()
        seals, statements, old = [], [], None
        for index, texts in enumerate(self.submissions):
            hashes, shown = [merkle.leaf(h.encode()) for h, _ in texts], False
            for ordinal, (header, body) in enumerate(texts):
                if hashes[ordinal].hex() == ident:
                    old = int(canon.parse(header)["log"]["size"])
                if hashes[ordinal].hex() in drop:
                    continue
                shown = True
                statements.append({"header": header, "ordinal": str(ordinal), "seal": str(index),
                                   "path": [p.hex() for p in path(hashes, ordinal)],
                                   **({"body": body} if body and hashes[ordinal].hex() not in withheld else {})})
            if shown:
                seals.append({"index": str(index), "path": [p.hex() for p in path(leaves, index)],
                              "seal": base64.b64encode(self.seals[index]).decode()})
        return {"checkpoint": "%s\n\u2014 %s %s\n" % (text, origin, line),
                "consistency": [h.hex() for h in consistency(leaves, min(old, size))],
                "publication": ident, "seals": seals, "statements": statements, "type": "footprintProof",
                "used": self.used if sources else {"activities": self.used["activities"]}, "v": "1"}


def verifier_key():
    return note.encode_key(ORIGIN, public("log"))


PRODUCT = "urn:pact:forge.example:product-id:a"
TAG_SALT = salt("tag")


def actor(name, types, stages=("production",), keys=None, **more):
    return {"type": "actor", "by": "operator", "actor": name, "name": name.title(), "keys": keys or [key(name)],
            "rights": {"types": list(types), **({"stages": list(stages)} if stages else {})}, **more}


def product(by="maker", ident=PRODUCT, signers=("maker",), **more):
    return {"type": "product", "by": by, "ids": [ident], "name": "A", "boundary": "cradle-to-gate", "tagSalt": TAG_SALT,
            "declaredUnit": {"amount": "1", "unit": "piece"},
            "processes": [{"name": "make", "signers": list(signers), "stage": "production"}], **more}


def factor(by="maker", name="steel", value="2"):
    return {"type": "factor", "by": by, "factor": name, "category": "material", "data": "secondary", "gwp": "AR6", "licence": "x",
            "name": "n", "open": True, "scope": "life-cycle", "source": "s", "unit": "kg", "values": {"fossilGhgEmissions": value},
            "year": "2024"}


def made(by="maker", amount="3", kg="1", ident=PRODUCT, header=None, body=None, flows=True):
    return ({"type": "activity", "by": by, "stage": "production", "process": "make",
             "period": {"start": "2025-01-01", "end": "2026-01-01"}, "outputs": [{"product": tag(TAG_SALT, ident)}], **(header or {})},
            {"outputs": [{"amount": amount, "product": ident, "unit": "piece"}],
             **({"flows": [{"amount": kg, "factor": "steel", "kind": "material", "name": "steel", "unit": "kg"}]} if flows else {}),
             **(body or {})})


def read(by="maker", header=None, body=None):
    return ({"type": "activity", "by": by, "stage": "production", "process": "make", "series": salt("series"),
             "period": {"start": "2025-01-01", "end": "2026-01-01"}, "for": [{"product": tag(TAG_SALT, PRODUCT)}], **(header or {})},
            {"flows": [{"amount": "5", "factor": "steel", "kind": "material", "name": "s2", "unit": "kg"}], "for": [PRODUCT],
             **(body or {})})
