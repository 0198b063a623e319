"""The checks `states`, `complete` and `status` (schemas/proof.md)."""
from .names import differ
from .selection import Question, lies
from .statement import tag
from .states import Shown


def about(activity, product):
    """Whether an activity is in the set of a product, by its header alone."""
    tags = {tag(product.all["tagSalt"], i) for i in product.all["ids"]}
    process = next((x for x in product.all["processes"]
                    if (x["stage"], x["name"]) == (activity.all["stage"], activity.all["process"])), None)
    for_all = "*" in activity.served and process is not None and activity.by in process["signers"]
    return for_all or bool(set(activity.tags + activity.served) & tags)


class Standing:
    """What the states of a proof say of its publication. `book` is the log so far as it is disclosed."""

    def __init__(self, proof, book, say):
        self.proof, self.book, self.say = proof, book, say
        self.shown = [Shown(s, proof.by_id[s.statement].said) for s in proof.states]
        self.size = proof.publication.size
        self.index = proof.publication.statement.index
        self.operator_like = [s for s in proof.statements if s.type in ("ledger", "authority")]
        self.signers = sorted({s.by for s in proof.statements} - {"operator", "recovery"})
        self.run()

    def run(self):
        bad = [(s.size, e.at) for s in self.shown for e in s.holds()]
        ordered = [s for s in self.shown if s.size > s.statement.index]
        if not self.shown:
            self.say("states", None, "no state in the file")
        else:
            self.say("states", not bad and not ordered, "; ".join(
                ["an entry of size %d at %d does not lead to the root" % b for b in bad]
                + ["a state of a size that the log had not" for _ in ordered])
                or "sizes %s" % ", ".join(str(s.size) for s in self.shown))
        trusted = not bad and not ordered
        at_size = next((s for s in self.shown if s.size == self.size), None)
        self.complete(at_size if trusted else None)
        newest = max(self.shown, key=lambda s: s.size, default=None)
        self.status(newest if trusted and newest is not None and newest.size > self.index else None)

    def common(self, shown):
        """What a state is asked in every case; words where the file and the state differ, or something is not shown."""
        wrong = []
        seen, entry = shown.find("authority", bytes.fromhex(self.proof.genesis.id))
        own = sorted(s.id for s in self.operator_like if s.index < shown.size)
        if not seen or entry is None:
            wrong.append("the authority is not shown")
        elif entry.ids is not None and entry.ids != own:
            wrong.append("the authority statements in the file are not those in force")
        elif entry.ids is None and entry.count != len(own):
            wrong.append("another number of authority statements")
        for actor in self.signers:
            seen, entry = shown.find("actor", actor.encode())
            newest = [s.id for s in self.proof.statements
                      if s.type == "actor" and s.all["actor"] == actor and s.index < shown.size][-1:]
            if not seen:
                wrong.append("the actor %s is not shown" % actor)
            elif (entry.statement if entry else None) != (newest[0] if newest else None):
                wrong.append("the actor statement of %s in the file is not the one in force" % actor)
        return wrong

    def products(self):
        return [self.proof.by_id[i].said for i in self.proof.used
                if i in self.proof.by_id and self.proof.by_id[i].said.type == "product"]

    def ended(self, shown, ident):
        """(shown, the statement that ended it or None)."""
        seen, entry = shown.find("dead", bytes.fromhex(ident))
        return seen, entry.statement if entry else None

    def complete(self, shown):
        if shown is None:
            self.say("complete", None, "no state of the size that the figures rest on")
            return
        wrong, open_ends = self.common(shown), []
        for ident in self.proof.used:
            seen, cause = self.ended(shown, ident)
            if not seen:
                wrong.append("whether %s held is not shown" % ident)
            elif cause is not None:
                wrong.append("%s was ended by %s" % (ident, cause))
        products = self.products()
        if self.proof.sources is None:
            # Whether an activity of a product that is not shown was left out cannot be known.
            own = any(self.proof.publication.product in p.all["ids"] for p in products)
            hidden = [i for i in self.proof.activities if not own or not any(
                about(self.proof.by_id[i].said, p) for p in products if i in self.proof.by_id)]
            if hidden:
                open_ends.append("%d used activities are about products that are not shown" % len(hidden))
        if any(i not in self.proof.by_id for i in self.proof.used):
            open_ends.append("used statements are not disclosed")
        for p in products:
            seen, entry = shown.find("product", bytes.fromhex(p.id))
            if not seen or entry is None:
                wrong.append("the activities of %s are not shown" % p.all["ids"][0])
            elif entry.ids is None:
                open_ends.append("the activities of %s are not listed" % p.all["ids"][0])
            else:
                open_ends += ["the activity %s of %s is not used" % (i, p.all["ids"][0])
                              for i in entry.ids if i not in self.proof.used and not self.explained(i)]
                wrong += self.unlisted(p, entry.ids, shown.size)
        unspoken = " that are listed or shown (nothing is said of other sources)" if self.proof.sources is None else ""
        if wrong:
            self.say("complete", False, "; ".join(wrong))
        else:
            self.say("complete", None if open_ends else True, "; ".join(open_ends)
                     or "%d of %d statements%s, as of size %d; the operator's claim"
                     % (len(self.proof.used), len(self.proof.used), unspoken, shown.size))

    def explained(self, ident):
        """Whether the header of an activity that did not enter is in the file and says why."""
        held, p = self.proof.by_id.get(ident), self.proof.publication
        if held is None or held.said.type != "activity":
            return False
        if lies(held.said, Question(p.product, p.period, p.boundary, p.scenario, p.batch)) is None:
            return True
        own = [x for x in self.products() if p.product in x.all["ids"] and about(held.said, x)]
        return bool(own) and differ(held.said.batch, p.batch)

    def unlisted(self, product, ids, size):
        """Disclosed activities that put the product out and held, and are not in its set."""
        found = []
        for s in self.proof.statements:
            if s.type != "activity" or not self.book.held_at(s.id, size):
                continue
            if about(s, product) and s.id not in ids:
                found.append("%s is not in the set of %s" % (s.id, product.all["ids"][0]))
        return found

    def status(self, shown):
        publication = self.proof.publication
        cause = self.book.ended.get(publication.id)
        if cause is not None:
            self.say("status", False, "the publication was taken back by the %s %s" % (cause.type, cause.id))
            return
        if shown is None:
            self.say("status", None, "no state of a size after the publication")
            return
        wrong, words = self.common(shown), []
        seen, cause = self.ended(shown, publication.id)
        if not seen or cause is not None:
            wrong.append("the publication was ended by %s" % cause if seen else "whether the publication holds is not shown")
        seen, entry = shown.find("followed", bytes.fromhex(publication.id))
        if not seen:
            wrong.append("whether another footprint follows is not shown")
        elif entry is not None:
            words.append("the footprint %s follows" % entry.footprint)
        for ident in self.proof.used:
            seen, cause = self.ended(shown, ident)
            if not seen:
                wrong.append("whether %s still holds is not shown" % ident)
            elif cause is not None:
                words.append("%s has ended since" % ident)
        for p in self.products():
            seen, entry = shown.find("product", bytes.fromhex(p.id))
            dead = self.ended(shown, p.id)
            if not seen or (entry is None and dead[1] is None):
                wrong.append("the activities of %s are not shown" % p.all["ids"][0])
        for s in self.proof.statements:
            if s.type == "assurance" and s.index < shown.size:
                seen, cause = self.ended(shown, s.id)
                if not seen:
                    wrong.append("whether the opinion %s holds is not shown" % s.id)
                elif cause is not None:
                    wrong.append("the opinion %s was ended by %s" % (s.id, cause))
        self.say("status", not wrong, "; ".join(wrong or words) or "current as of size %d" % shown.size)
