#!/usr/bin/env python3
"""Fifty honest works and fifty with one seeded fault each, run through `pcf` and judged by `pcf check`.

Exits with 1 if an honest work gets a finding that is no mere note, or if fewer than 48 faults are noticed.
A fault is noticed if the tool refuses it, stops, or finds more than a note that its honest twin does not get.
"""

import argparse
import os
import random
import shutil
import sys
import tempfile
import time

import faults
import habits
import plans
import plants
import run

HONEST_COUNT = 50
NEEDED = 48


def honest_works(seed):
    every = plans.PLANS + habits.PLANS + plants.PLANS
    for at in range(HONEST_COUNT):
        yield every[at % len(every)](random.Random(f"{seed}/honest/{at}"))


def judge_honest(pcf, seed, directory):
    """Prints each honest work; returns how many got a false alarm."""
    crying = 0
    for at, work in enumerate(honest_works(seed)):
        place = os.path.join(directory, f"honest-{at + 1:02}")
        alarms = run.judge(pcf, work, place).alarms()
        crying += bool(alarms)
        verdict = f"{len(alarms)} FALSE ALARMS" if alarms else "clean"
        print(f"honest {at + 1:2}  {work.name:24} {work.period:24} {verdict}", flush=True)
        show(alarms)
    return crying


def show(alarms):
    """Prints the first finding of each rule, and how many more there are."""
    shown = {alarm[0]: alarm for alarm in reversed(alarms)}
    for rule, severity, sentence in shown.values():
        print(f"             {rule} ({severity}): {sentence}")
    if len(alarms) > len(shown):
        print(f"             and {len(alarms) - len(shown)} more")


def judge_faults(pcf, seed, directory, sentences):
    """Prints each seeded fault with what noticed it; returns (noticed, all)."""
    noticed = total = 0
    for at, (kind, work, wrong) in enumerate(faults.seeded(seed)):
        place = os.path.join(directory, f"fault-{at + 1:02}")
        already = {alarm[0] for alarm in run.judge(pcf, work, place + "-twin").alarms()}
        alarms = [alarm for alarm in run.judge(pcf, wrong, place).alarms() if alarm[0] not in already]
        rules = sorted({rule for rule, _, _ in alarms})
        total += 1
        noticed += bool(rules)
        verdict = "noticed by " + ", ".join(rules) if rules else "MISSED"
        twin = f"   (its honest twin gets: {', '.join(sorted(already))})" if already else ""
        print(f"fault {at + 1:2}  {kind:44} {work.name:20} {verdict}{twin}", flush=True)
        if sentences:
            show(alarms)
    return noticed, total


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pcf", default="pcf", help="the command to test")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=["honest", "faults"])
    parser.add_argument("--sentences", action="store_true", help="prints what was found of each fault, too")
    parser.add_argument("--keep", metavar="DIR", help="keeps the works' files and ledgers in this new directory")
    options = parser.parse_args()
    options.pcf = shutil.which(options.pcf) or parser.error(f"there is no command {options.pcf}")
    options.pcf = os.path.abspath(options.pcf)
    if options.keep and os.path.exists(options.keep):
        parser.error(f"{options.keep} exists already")
    directory = os.path.abspath(options.keep) if options.keep else tempfile.mkdtemp(prefix="works-")
    os.makedirs(directory, exist_ok=True)
    began, good = time.monotonic(), True
    try:
        if options.only != "faults":
            crying = judge_honest(options.pcf, options.seed, directory)
            print(f"honest works with a false alarm: {crying} of {HONEST_COUNT}")
            good &= crying == 0
        if options.only != "honest":
            noticed, total = judge_faults(options.pcf, options.seed, directory, options.sentences)
            print(f"seeded faults noticed: {noticed} of {total}, {NEEDED} are needed")
            good &= noticed >= NEEDED
        print(f"seed {options.seed}, {time.monotonic() - began:.0f} s")
    except run.Broken as error:
        print(error, file=sys.stderr)
        return 3
    finally:
        if not options.keep:
            run.clear(directory)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
