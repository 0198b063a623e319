"""Makes the ledgers of cases*.py with a pcf binary, publishes drafts, and checks every proof and every stop."""
import argparse
import json
import sys

from . import cases, cases_edge, cases_mended, cases_more, checks
from .inventory import Inventory
from .make import Ledger, pid
from .numbers import Period, date
from .result import Result
from .selection import Question
from .statement import Statement


# What is known to differ, by DEFECTS.md, until page or command is mended: (case, product).
KNOWN = {("loop-slow-ratings", "a"), ("batch-share-0", "a"), ("stand-in-of-3kg", "a"), ("stand-in-of-7g", "a")}


class Options:
    key = ledger_id = None


def inventory_of(ledger):
    statements = []
    for item in ledger.statements():
        s = Statement(item["header"], item.get("body"))
        s.index = item["index"]
        statements.append(s)
    gone = {s.all["replaces"] for s in statements if "replaces" in s.all} | \
        {s.all["statement"] for s in statements if s.type == "withdrawal"}
    ends = {s.all["replaces"]: s.index for s in statements if "replaces" in s.all}
    ended = [(s, ends[s.id]) for s in statements if s.type == "product" and s.id in ends]
    return Inventory([s for s in statements if s.id not in gone], ended)


def period_of(text):
    start, end = text.split("..") if ".." in text else (text + "-01-01", "%d-01-01" % (int(text) + 1))
    return Period(date(start), date(end))


def mine(ledger, name, when, asked):
    inventory = inventory_of(ledger)
    question = Question(inventory.product(pid(name)), period_of(when), asked.get("boundary"), asked.get("scenario"),
                        asked.get("batch"), asked.get("gwp", "AR6"))
    return Result(inventory, question)


def differ(a, b):
    from .calculated import differences
    return list(differences(a, b))


def failures(path):
    """What fails in a proof, and whether its figures were calculated again."""
    with open(path, "rb") as file:
        proof, found = checks.verify(file.read(), Options())
    outcomes = {c[0]: c[1] for c in found.checks}
    return proof, ["%s: %s" % (c[0], c[2]) for c in found.fails], outcomes["figures-recalculated"]


def wrong_proofs(ledger, path):
    """What is wrong with a proof that shows everything, and with proofs of the same publication that show less."""
    proof, wrong, recalculated = failures(path)
    if not recalculated and not wrong:
        wrong = ["everything is shown, and the figures are not calculated again"]
    processes = sorted({proof.by_id[i].said.all["process"] for i in proof.activities if i in proof.by_id})
    for show in (["none"], ["figures"], *([("process=" + name)] for name in processes)):
        part, less, recalculated = failures(ledger.prove(proof.publication.footprint, show)[0])
        wrong += ["shown %s: %s" % (show, words) for words in less]
        if recalculated and any(not part.by_id[i].said.whole for i in part.activities):
            wrong.append("shown %s: the figures count as calculated again" % show)
    return wrong


def one(ledger, name, when, asked, verbose):
    """What differs between the command and this program for a question."""
    own = mine(ledger, name, when, asked)
    done = ledger.footprint(name, when, **asked)
    if own.stops or done.returncode:
        codes = sorted({s.code for s in own.stops})
        if verbose or not own.stops or not done.returncode:
            print("    stops: mine %s\n      theirs %d %s" % ([str(s) for s in own.stops], done.returncode,
                                                             done.stderr.strip().replace("\n", "\n        ")))
        return [] if own.stops and done.returncode else ["only one stops: %s / %s" % (codes, done.stderr.strip())]
    theirs = json.loads(done.stdout)
    wrong = differ(own.figures, theirs["figures"])
    if str(own.used_count) != str(theirs["usedStatements"]):
        wrong.append("%d used, theirs %s" % (own.used_count, theirs["usedStatements"]))
    proof, done = ledger.publish(name, when, **asked)
    if proof is None:
        return wrong + ["not published: " + done.stdout + done.stderr]
    return wrong + wrong_proofs(ledger, proof)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pcf")
    parser.add_argument("names", nargs="*")
    parser.add_argument("-v", action="store_true")
    options = parser.parse_args()
    everything, bad = {**cases.CASES, **cases_more.CASES, **cases_edge.CASES, **cases_mended.CASES}, 0
    for case, (drafts, questions, suppliers, after) in everything.items():
        if options.names and not any(n in case for n in options.names):
            continue
        ledger = Ledger(options.pcf)
        try:
            for document in suppliers:
                ledger.supplier(document)
            done = ledger.record(drafts)
            if done.returncode and "attention" not in done.stdout and "stops" not in done.stdout:
                print("%s: not recorded: %s%s" % (case, done.stdout, done.stderr))
                bad += 1
                continue
            for step in after:
                step(ledger)
            for name, when, asked in questions:
                wrong = one(ledger, name, when, asked, options.v)
                known = (case, name) in KNOWN
                said = "same" if not wrong else "differs, as is known" if known else "DIFFERS"
                print("%-22s %s %s %s: %s" % (case, name, when, asked or "", said))
                for w in wrong:
                    print("    " + w)
                bad += bool(wrong) and not known
        finally:
            ledger.remove()
    print("%d differ" % bad)
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
