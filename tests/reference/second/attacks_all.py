"""Makes every attack and asks both programs: `python3 -m second.attacks_all PCF [NAME...] [-v]`."""
import os
import subprocess
import sys
import tempfile

from . import attacks_bent, attacks_log, attacks_said, canon, checks, forge
from .attacks import ATTACKS
from .canon import Bad

MADE = (attacks_bent, attacks_log, attacks_said)  # importing them fills ATTACKS
# What is known to differ, by DEFECTS.md.
KNOWN = set()


class Options:
    key = forge.verifier_key()
    ledger_id = None


def main():
    pcf, wanted = sys.argv[1], sys.argv[2:]
    apart = 0
    for name, make in ATTACKS.items():
        if wanted and not any(w in name for w in wanted):
            continue
        try:
            data = canon.write(make()).encode()
        except (Bad, RuntimeError) as error:
            print("%-34s cannot be made: %s" % (name, str(error)[:150]))
            continue
        try:
            fails = [c for c in checks.verify(data, Options())[1].checks if c[1] is False]
            mine, why = (1 if fails else 0), "; ".join("%s: %s" % (c[0], c[2]) for c in fails)
        except Bad as error:
            mine, why = 2, str(error)
        except checks.UnknownMethod as error:
            mine, why = 3, "method %s" % error
        with tempfile.NamedTemporaryFile(suffix=".pcfproof", delete=False) as file:
            file.write(data)
        done = subprocess.run([pcf, "verify", file.name, "--key", Options.key], check=False, capture_output=True, text=True)
        os.unlink(file.name)
        theirs = [l for l in (done.stdout + done.stderr).splitlines() if l.startswith(("FAILS", "error"))]
        good = name.startswith("good")
        off = (mine == 0) != (done.returncode == 0) or good != (mine == 0)
        apart += name not in KNOWN and (mine == 0) != (done.returncode == 0)
        print("%s %-34s mine %d, pcf %d" % ("!" if off else " ", name, mine, done.returncode))
        if off or "-v" in wanted:
            print("      mine: %s\n      pcf:  %s" % (why[:400], " | ".join(theirs)[:600]))
    print("%d apart" % apart)
    return 1 if apart else 0


if __name__ == "__main__":
    sys.exit(main())
