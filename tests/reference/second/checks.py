"""Every check of schemas/proof.md that needs no decision about trust."""
import json
import sys

from . import canon, merkle, note
from .calculated import calculated
from .canon import whole
from .document import Proof
from .published import adds_up, assured, claimed
from .rules import Book, Refused
from .standing import Standing


class Report:
    """Outcomes by name: True holds, False fails, None not checked."""

    def __init__(self):
        self.checks = []

    def say(self, name, outcome, words=""):
        self.checks.append((name, outcome, words))

    @property
    def fails(self):
        return [c for c in self.checks if c[1] is False]


class UnknownMethod(Exception):
    """A version of the method that this program does not know."""


def places(proof, report):
    """Seals, statements and paths."""
    size, root, ledger = proof.checkpoint.size, proof.checkpoint.root, bytes.fromhex(proof.genesis.id)
    strange = [s.index for s in proof.seals if s.seal.ledger != ledger]
    report.say("ledger-id", not strange, "seals %s name another ledger" % strange if strange else
               "all %d seals name %s" % (len(proof.seals), proof.genesis.id))
    unsigned = [s.index for s in proof.seals if not s.seal.holds()]
    report.say("seals-signed", not unsigned, "the signatures of the seals %s do not hold" % unsigned if unsigned else "")
    outside = [s.index for s in proof.seals if merkle.climb(s.index, size, merkle.leaf(s.raw), s.path) != root]
    report.say("seals-in-log", not outside, "the seals %s do not lead to the root of the log" % outside if outside else "")
    lost = []
    for h in proof.held:
        s = proof.by_index[h.index].seal
        if merkle.climb(h.ordinal, s.count, bytes.fromhex(h.said.id), h.path) != s.root:
            lost.append("%d/%d" % (h.index, h.ordinal))
    report.say("statements-sealed", not lost, "%s do not lead to the root of their seal" % ", ".join(lost) if lost else "")
    first = proof.by_index[0].seal
    d = proof.genesis.all
    good = first.count == 1 and first.key == d["operatorKey"] and d["origin"] == proof.checkpoint.origin
    report.say("genesis", good, "" if good else "not sealed alone by its operator key, or of another origin")


def log(proof, book, report, options):
    """Checkpoint, anchor and consistency."""
    checkpoint, newest = proof.checkpoint, book.log_key()
    good = checkpoint.signed_by(canon.unbase64(newest, 32))
    report.say("checkpoint-signature", good, "" if good else "the log key in force did not sign the checkpoint")
    anchors = []
    if options.ledger_id:
        anchors.append(options.ledger_id == proof.genesis.id)
    if options.key:
        name, key = note.verifier_key(options.key)
        mine = [k for _, k in book.log_keys]
        given = note.encode_key(name, key).rsplit("+", 1)[1]
        of_key = {note.encode_key(name, canon.unbase64(k, 32)).rsplit("+", 1)[1]: k for k in mine}.get(given)
        anchors.append(name == checkpoint.origin and (of_key == newest or (of_key in mine and bool(options.ledger_id))))
    report.say("trust-anchor", all(anchors) if anchors else None,
               "" if anchors else "no key was given: nobody can know from the file alone whose log it is")
    p = proof.publication
    index = p.statement.index
    good = p.size <= index < checkpoint.size and merkle.consistent(
        p.size, checkpoint.size, bytes.fromhex(p.root), checkpoint.root, proof.consistency)
    report.say("consistency", good, "" if good else "the log that it rests on is no beginning of the checkpoint's")


def signers(proof, report):
    """The rules about signers in log order; returns the book."""
    book = Book(proof.genesis)
    wrong = []
    for held in proof.seals:
        said = [s for s in proof.statements if s.index == held.index]
        try:
            book.admit(held.index, held.seal.key, said)
        except Refused as refusal:
            wrong.append("index %d: %s" % (held.index, refusal))
            for s in said:
                book.seen.setdefault(s.id, s)
    for s in proof.statements:
        key = book.keys.get(s.key)
        if key is not None and not key.counts(s.index):
            wrong.append("index %d: signed with a key that was revoked" % s.index)
    for actor in sorted({s.all["actor"] for s in proof.statements if s.type == "actor"}):
        chain = [s for s in proof.statements if s.type == "actor" and s.all["actor"] == actor]
        for before, after in zip([None] + chain, chain):
            if after.all.get("replaces") != (before.id if before else None):
                wrong.append("a version of the actor %s is left out" % actor)
    missing = sorted({s.by for s in proof.statements} - {"operator", "recovery"} - set(book.actors))
    wrong += ["no actor statement of %s" % a for a in missing]
    report.say("signers-enrolled", not wrong, "; ".join(wrong) or "%d statements" % len(proof.statements))
    return book


def belongs(proof, report):
    """Nothing is in the file but what the page lists; `actor` and `state` statements can only add to what is known."""
    p, used = proof.publication, set(proof.used)
    digest, strange = p.digest(), []
    for s in proof.statements:
        d = s.all
        # The header of an activity that did not enter says why.
        listed = (s.type == "activity" and not s.whole) or s.type in ("ledger", "authority", "actor", "state") \
            or s.id == p.id or s.id in used or (s.type == "assurance" and d["figures"] == digest) \
            or (s.type == "redaction" and d["statement"] in used) or (s.type == "withdrawal" and d["statement"] == p.id)
        if not listed:
            strange.append("%s %s" % (s.type, s.id))
    report.say("nothing-besides", not strange, "; ".join(strange))


SOURCES = ("factor", "product", "publication", "supplierFootprint")


def used_set(proof, book, report):
    p, activities, sources = proof.publication, proof.activities, proof.sources
    lists, said, wrong = {"activities": activities, "sources": sources}, p.used, []
    if sources is None:
        lists.pop("sources")
    for part, ids in lists.items():
        if ids != sorted(set(ids)) or merkle.id_root(ids).hex() != said[part]["root"]:
            wrong.append("other %s than the publication names, or not sorted" % part)
    if len(activities) != whole(said["activities"]["count"]):
        wrong.append("%d activities, and the publication names %s" % (len(activities), said["activities"]["count"]))
    if set(activities) & set(sources or []):
        wrong.append("a statement among the activities and among the sources")
    report.say("used-set", not wrong, "; ".join(wrong) or "%d activities, %s" % (
        len(activities), "no list of sources" if sources is None else "%d sources" % len(sources)))
    wrong, listed = [], set(activities)
    shown = [i for i in proof.used if i in proof.by_id]
    for ident in shown:
        s = proof.by_id[ident].said
        if s.index >= p.size:
            wrong.append("%s lies beyond size %d" % (ident, p.size))
        elif not book.held_at(ident, p.size):
            wrong.append("%s did not hold at size %d" % (ident, p.size))
        if s.type not in (("activity",) if ident in listed else SOURCES):
            wrong.append("%s, of the type %s, is no %s" % (ident, s.type, "activity" if ident in listed else "source"))
    report.say("disclosed-statements", not wrong, "; ".join(wrong) or "%d of %d used statements%s" % (
        len(shown), len(proof.used), " that are listed or shown" if sources is None else ""))


def verify(data, options):
    """All checks of a proof."""
    proof, report = Proof(data), Report()
    if proof.publication.version != "1":
        raise UnknownMethod(proof.publication.version)
    places(proof, report)
    book = signers(proof, report)
    log(proof, book, report, options)
    belongs(proof, report)
    used_set(proof, book, report)
    calculated(proof, book, report)
    adds_up(proof, report)
    claimed(proof, report)
    assured(proof, book, report)
    Standing(proof, book, report.say)
    report.say("split-view", None, "no witness is named here")
    report.say("names", None, "no keys are pinned here")
    return proof, report


def report(options):
    """Prints the checks; the exit code is the answer."""
    with open(options.file, "rb") as file:
        data = file.read()
    try:
        proof, found = verify(data, options)
    except UnknownMethod as version:
        print("not known: method version %s" % version, file=sys.stderr)
        return 3
    words = {True: "holds", False: "fails", None: "not checked"}
    if options.json:
        print(json.dumps({"publication": proof.publication.footprint, "holds": not found.fails,
                          "checks": [{"check": n, "outcome": words[o], "detail": w} for n, o, w in found.checks]}, indent=1,
                         ensure_ascii=False))
    else:
        for name, outcome, detail in found.checks:
            print("%-12s %s%s" % (words[outcome], name, ": " + detail if detail else ""))
        print("\n%s: %s" % (proof.publication.footprint, "does not hold" if found.fails else "holds"))
    return 1 if found.fails else 0
