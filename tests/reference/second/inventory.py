"""What holds and enters (section 5.2), and whose statement an activity is (7.1)."""
from .canon import whole
from .stop import Stop


class Inventory:
    """Of statements that hold, in log order. `ended` are product statements that no longer hold, each with the index of
    its end, as (statement, index); None where the places of statements in the log are not known."""

    def __init__(self, statements, ended=()):
        self.ended = ended
        self.products, self.factors, self.footprints, self.publications = [], {}, {}, []
        self.activities = []
        for s in sorted(statements, key=lambda s: (s.index, s.ordinal)):
            if s.type == "product":
                self.products.append(s)
            elif s.type == "factor":
                self.factors[s.all["factor"]] = s
            elif s.type == "supplierFootprint":
                self.footprints[s.all["footprint"]] = s
            elif s.type == "activity":
                self.activities.append(s)
            elif s.type == "publication" and s.all["status"] == "final":
                self.publications.append(s)
        self.by_id = {}
        for p in self.products:
            for i in p.all["ids"][1:]:
                self.by_id.setdefault(i, p)
        for p in self.products:
            self.by_id[p.all["ids"][0]] = p  # an id that two have belongs to the one that is filed under it
        self.processes = {p.id: {(x["stage"], x["name"]): x for x in p.all["processes"]} for p in self.products}
        self.of = {p.id: [] for p in self.products}
        for a in self.activities:
            for p in self.concerned(a):
                self.of[p.id].append(a)

    def product(self, ident, code="UnknownProduct"):
        found = self.by_id.get(ident)
        if found is None:
            raise Stop(code, ident)
        return found

    def declared_then(self, publication):
        """The product statement that a publication's figures are per (15.2), or None where it is not known."""
        ident, size = publication.all["product"], whole(publication.all["log"]["size"])
        now = self.by_id.get(ident)
        if self.ended is None or (now is not None and now.index < size):
            return now
        held = [s for s, end in self.ended if ident in s.all["ids"] and s.index < size <= end]
        return held[-1] if held else None

    def process(self, product, stage, name):
        return self.processes[product.id].get((stage, name))

    def concerned(self, activity):
        """Products that a production puts out, or that a reading is for; each once, by filed id."""
        found = {}
        if activity.all.get("for") == ["*"]:
            for p in self.products:
                process = self.process(p, activity.all["stage"], activity.all["process"])
                if process is not None and activity.by in process["signers"]:
                    found[p.id] = p
        else:
            for i in activity.products():
                if i in self.by_id:
                    found[self.by_id[i].id] = self.by_id[i]
        return sorted(found.values(), key=filed)

    def output(self, activity, product):
        """The output of a production that is of this product."""
        return next((o for o in activity.outputs if self.by_id.get(o["product"]) is product), None)


def filed(product):
    return product.all["ids"][0].encode()
