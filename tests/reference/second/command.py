"""The command line of proof.py."""
import argparse
import json
import sys

from . import shapes
from .canon import Bad
from .inventory import Inventory
from .numbers import ZERO, Period, date
from .result import Result
from .selection import Question
from .statement import Draft, Statement
from .stop import Stop


def period_of(text):
    if len(text) == 4:
        return Period(date(text + "-01-01"), date("%04d-01-01" % (int(text) + 1)))
    start, end = text.split("..", 1)
    return Period(date(start), date(end))


def statements_of(path, by=None):
    """A JSON list of drafts, of `{header, body}`, or of `{draft, id}`; or one draft a line."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    items = json.loads(text) if text.lstrip().startswith("[") else [json.loads(l) for l in text.splitlines() if l.strip()]
    found = []
    for at, item in enumerate(items):
        if "header" in item:
            s = Statement(item["header"], item.get("body"))
        elif "draft" in item:
            s = Draft(item["draft"], item.get("id"), by)
        else:
            s = Draft(item, None, by)
        s.index = at
        found.append(s)
    return found


def ended(statements):
    """Ids that a `replaces` or a withdrawal of the list ends."""
    return {s.all["replaces"] for s in statements if "replaces" in s.all} | \
        {s.all["statement"] for s in statements if s.type == "withdrawal"}


def figures(options):
    statements = statements_of(options.file, options.by)
    gone = ended(statements)
    inventory = Inventory([s for s in statements if s.id not in gone], None)
    try:
        product = inventory.product(options.product)
    except Stop as stop:
        print(json.dumps({"stops": [stop.code]}))
        return 1
    result = Result(inventory, Question(product, period_of(options.period), options.boundary, options.scenario,
                                        options.batch, options.gwp), ZERO)
    if result.stops:
        print(json.dumps({"stops": sorted({s.code for s in result.stops}), "why": sorted({str(s) for s in result.stops})},
                         indent=1, ensure_ascii=False))
        return 1
    print(json.dumps({"product": product.all["ids"][0], "boundary": result.boundary, "coverage": result.coverage,
                      "figures": result.figures, "notes": sorted(set(result.notes)), "used": result.used}, indent=1,
                     ensure_ascii=False, sort_keys=True))
    return 0


def main(arguments):
    parser = argparse.ArgumentParser(prog="proof.py", description=__doc__)
    parser.add_argument("file", help="a footprint proof, or with --figures a file of statements")
    parser.add_argument("--key", help="the log's verifier key, from elsewhere")
    parser.add_argument("--ledger-id", help="the ledger's id, from elsewhere")
    parser.add_argument("--json", action="store_true", help="print the checks as JSON")
    parser.add_argument("--figures", action="store_true", help="print figures of statements")
    parser.add_argument("--product")
    parser.add_argument("--by", help="who says the drafts that do not say so")
    parser.add_argument("--period", help="a year, or START..END")
    parser.add_argument("--boundary", choices=["cradle-to-gate", "cradle-to-grave"])
    parser.add_argument("--scenario")
    parser.add_argument("--batch")
    parser.add_argument("--gwp", choices=shapes.SETS, default="AR6")
    options = parser.parse_args(arguments)
    try:
        if options.figures:
            if not options.product or not options.period:
                parser.error("--figures needs --product and --period")
            return figures(options)
        from .checks import report
        return report(options)
    except (Bad, OSError, ValueError) as error:
        print("unreadable: %s" % error, file=sys.stderr)
        return 2
