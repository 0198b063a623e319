"""Statements: header and body in, one flat object with all that was said out (schemas/statement.md)."""
import hashlib

from . import canon, forms, publication, shapes
from .canon import Bad
from .numbers import Period


def tag(tag_salt, product):
    """The tag by which a header names a product."""
    return hashlib.sha256(b"\3" + canon.unbase64url(tag_salt, 16) + product.encode()).hexdigest()


class Statement:
    """`all` holds every member of header and body; of an activity `outputs` and `for` are those of the body."""

    def __init__(self, header, body=None):
        raw = header.encode()
        self.header = canon.parse(raw)
        self.id = hashlib.sha256(b"\0" + raw).hexdigest()
        self.index = self.ordinal = 0
        self.key = None  # the sealing key, in base64
        self.type = self.header.get("type") if isinstance(self.header, dict) else None
        if not isinstance(self.type, str):
            raise Bad("a header that is no object, or without a type")
        if len(raw) > 1 << 20 or (body is not None and len(body.encode()) > 1 << 20):
            raise Bad("a header or body above 1 MiB")
        shapes.check(self.header, {**self.shape(), "type": shapes.one_of(*shapes.TYPES)}, str(self.type))
        self.tags = [o["product"] for o in self.header.get("outputs", [])] if self.type == "activity" else []
        self.served = [o["product"] for o in self.header.get("for", [])] if self.type == "activity" else []
        self.body = None
        self.all = dict(self.header)
        if self.type == "activity" and ("series" in self.header) != bool(self.served):
            raise Bad("a reading has a series, and nothing else has one")
        if "body" in self.header:
            self.whole = body is not None
            if body is not None:
                self.take(body)
        elif body is not None:
            raise Bad("a body beside a header that names none")
        else:
            self.whole = True
        self.finish()

    def shape(self):
        if self.type == "publication":
            return publication.HEADER
        if self.type == "factor":
            return shapes.OPEN_FACTOR if "open" in self.header else shapes.CLOSED_FACTOR
        if self.type not in shapes.HEADERS:
            raise Bad("the unknown type %r" % (self.type,))
        return shapes.HEADERS[self.type]

    def take(self, body):
        raw = body.encode()
        if hashlib.sha256(b"\2" + raw).hexdigest() != self.header["body"]:
            raise Bad("the body is not the one that the header of %s names" % self.id)
        self.body = canon.parse(raw)
        own = publication.BODY if self.type == "publication" else shapes.BODIES[self.type]
        shape = {**own, "salt": shapes.salt, "type": shapes.one_of(self.type + "Body"),
                 "v": shapes.HEAD["v"]}
        shapes.check(self.body, shape, self.type + "Body")
        if self.type == "publication":
            publication.agree(self.header, self.body)
        for k, v in self.body.items():
            if k not in ("type", "salt", "v"):
                self.all[k] = v
        if self.type == "activity":
            if "site" not in self.header and ("country" in self.body or "subdivision" in self.body):
                raise Bad("a country without a site")
            said = [o["product"] for o in self.body.get("outputs", [])]
            stars = self.served == ["*"]
            if len(said) != len(self.tags) or (not stars and len(self.body.get("for", [])) != len(self.served)):
                raise Bad("header and body name another number of products")
            if stars:
                if "for" in self.body:
                    raise Bad("products in the body of a reading of *")
                self.all["for"] = ["*"]

    def finish(self):
        """What drafts and sealed statements have in common: periods as such, and the form."""
        d = self.all
        self.by = d.get("by")
        self.site = d.get("site")
        self.period = Period.read(d["period"]) if "period" in d else None
        self.applies = Period.read(d["appliesTo"]) if "appliesTo" in d else None
        self.batch, self.scenario = d.get("batch"), d.get("scenario")
        if self.whole:
            forms.check(self.type, d)
        elif self.type == "publication":
            publication.alone(d)

    def tags_hold(self, product):
        """For a product statement and this activity: no id and tag contradict each other."""
        ids = product.all["ids"]
        salt = product.all.get("tagSalt")
        named = [o["product"] for o in self.all.get("outputs", [])] + [p for p in self.all.get("for", []) if p != "*"]
        tags = self.tags + [t for t in self.served if t != "*"]
        return all(tag(salt, i) == t for i, t in zip(named, tags) if i in ids)

    @property
    def outputs(self):
        return self.all.get("outputs", []) if self.whole else []

    @property
    def flows(self):
        return self.all.get("flows", []) if self.whole else []

    @property
    def recipe(self):
        return self.all.get("recipe", False)

    def products(self):
        """Ids of outputs, else of those that a reading serves."""
        return [o["product"] for o in self.outputs] or list(self.all.get("for", []))


class Draft(Statement):
    """A statement before it is sealed: one object; its id is the hash of its text, unless it is given."""

    def __init__(self, value, ident=None, by=None):  # pylint: disable=super-init-not-called
        if not isinstance(value, dict):
            raise Bad("a draft that is no object")
        self.id = ident or hashlib.sha256(b"\0" + canon.write(value).encode()).hexdigest()
        shapes.check(value, draft_shape(value.get("type")), "draft of %s" % value.get("type"))
        self.header = self.all = {**({"by": by} if by else {}), **value}
        self.body = self.key = None
        self.whole = True
        self.index = self.ordinal = 0
        self.type = value["type"]
        self.tags = self.served = []
        if isinstance(value.get("site"), dict):
            self.all["site"] = value["site"]["name"]
        self.finish()


FILLED_IN = ("by", "v", "salt", "tagSalt", "figuresSalt", "body", "open", "series")


def draft_shape(kind):
    """Header and body in one, where what the one who seals fills in may be missing."""
    if kind == "activity":
        site = {"name": shapes.text, "country?": shapes.COUNTRY, "subdivision?": shapes.SUBDIVISION}
        shape = {**shapes.HEAD, **shapes.COMMON_ACTIVITY, **shapes.BODY_ACTIVITY, "for?": [shapes.served], "site?": site,
                 "salt": shapes.salt}
    elif kind == "factor":
        shape = shapes.OPEN_FACTOR
    elif kind == "publication":
        shape = publication.DRAFT
    elif kind in shapes.HEADERS:
        shape = {**shapes.HEADERS[kind], **shapes.BODIES.get(kind, {})}
    else:
        raise Bad("the unknown type %r" % (kind,))
    return {"type": shapes.one_of(kind), **{k.rstrip("?") + "?" if k.rstrip("?") in FILLED_IN else k: v for k, v in shape.items()}}
