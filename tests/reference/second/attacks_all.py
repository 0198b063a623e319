"""Makes every attack and asks both programs: `python3 -m second.attacks_all PCF [NAME...] [-v]`. With `-` in place of
PCF it asks this program alone."""
import json
import os
import subprocess
import sys
import tempfile

from . import attacks_bent, attacks_log, attacks_said, attacks_shown, canon, checks, forge
from .attacks import ATTACKS, UNCHECKED
from .canon import Bad

MADE = (attacks_bent, attacks_log, attacks_said, attacks_shown)  # importing them fills ATTACKS
# What is known to differ, by DEFECTS.md.
KNOWN = set()
# Unusual statements that break no rule.
HARMLESS = {"bent_delivered_true", "bent_meter_of_production", "bent_allocation_alone", "bent_quality_of_six",
            "same_key_two_actors", "unknown_preceding"}


class Options:
    key = forge.verifier_key()
    ledger_id = None


RECALCULATED = "figures-recalculated"


def ours(data):
    """This program's exit code, outcome of `figures-recalculated`, and failures."""
    try:
        found = checks.verify(data, Options())[1].checks
    except Bad as error:
        return 2, None, str(error)
    except checks.UnknownMethod as error:
        return 3, None, "method %s" % error
    fails = ["%s: %s" % (c[0], c[2]) for c in found if c[1] is False]
    outcome = {True: "holds", False: "fails", None: "not checked"}[{c[0]: c[1] for c in found}[RECALCULATED]]
    return (1 if fails else 0), outcome, "; ".join(fails)


def theirs(pcf, data):
    """The command's exit code, outcome of `figures-recalculated`, and failures."""
    with tempfile.NamedTemporaryFile(suffix=".pcfproof", delete=False) as file:
        file.write(data)
    done = subprocess.run([pcf, "verify", file.name, "--key", Options.key, "--format", "json"], check=False,
                          capture_output=True, text=True)
    os.unlink(file.name)
    try:
        found = {c["check"]: c for c in json.loads(done.stdout)["proofs"][0]["checks"]}
    except (ValueError, KeyError, IndexError):
        return done.returncode, None, (done.stdout + done.stderr).strip().replace("\n", " | ")
    fails = ["%s: %s" % (name, c.get("detail", "")) for name, c in found.items() if c["outcome"] == "fails"]
    return done.returncode, found[RECALCULATED]["outcome"], "; ".join(fails)


def main():
    pcf, wanted = sys.argv[1], [a for a in sys.argv[2:] if a != "-v"]
    apart = wrong = 0
    for name, make in ATTACKS.items():
        if wanted and not any(w in name for w in wanted):
            continue
        try:
            data = canon.write(make()).encode()
        except (Bad, RuntimeError) as error:
            print("%-34s cannot be made: %s" % (name, str(error)[:150]))
            continue
        mine, mine_figures, why = ours(data)
        pcfs, pcfs_figures, reason = theirs(pcf, data) if pcf != "-" else (mine, mine_figures, "")
        split = (mine == 0) != (pcfs == 0) or (mine == pcfs == 0 and mine_figures != pcfs_figures)
        expected = name in HARMLESS or (name.startswith("good") == (mine == 0)
                                        and (mine != 0 or (mine_figures == "not checked") == (name in UNCHECKED)))
        apart += split and name not in KNOWN
        wrong += not expected
        print("%s %-34s mine %d, pcf %d%s" % ("!" if split or not expected else " ", name, mine, pcfs,
                                             ", figures %s" % mine_figures if name in UNCHECKED else ""))
        if split or not expected or "-v" in sys.argv:
            print("      mine: %s %s" % (mine_figures or "", why[:400]))
            print("      pcf:  %s %s" % (pcfs_figures or "", reason[:600]))
    print("%d apart, %d not as expected" % (apart, wrong))
    return 1 if apart or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
