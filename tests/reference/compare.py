"""Asks the program and the reference calculation the same questions of random ledgers.

python3 compare.py PCF SEED COUNT DIR: writes COUNT ledgers below DIR, records each with the program
PCF, asks both for every footprint of `ask.json`, and names each question that they answer
differently. Exits with 1 where there is one.
"""

import json
import os
import re
import subprocess
import sys
import unicodedata
from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import figures  # noqa: E402  (the module lies beside this file)

TYPES = ["activity", "product", "factor"]
STAGES = ["design", "procurement", "production", "transport", "storage", "use", "recycling"]


class Program:
    def __init__(self, pcf, folder):
        # Beside the tables, so that the reference does not read what the program was given.
        self.pcf, self.folder = pcf, folder / "program"
        self.folder.mkdir()
        self.run("init", "led", "--origin", "t.example/1", "--no-passphrase", must=True)
        self.run("key", "new", "acme.pem", "--no-passphrase", must=True)
        rights = [part for kind in TYPES for part in ("--type", kind)]
        rights += [part for stage in STAGES for part in ("--stage", stage)]
        enrol = ["actor", "add", "acme", "--name", "Acme", "--key", "acme.pem", *rights]
        self.run("--ledger", "led", *enrol, "--sign-with", "led-keys/operator.pem", must=True)

    def run(self, *args, must=False):
        env = {**os.environ, "NO_COLOR": "1"}
        done = subprocess.run([self.pcf, *args], cwd=self.folder, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, env=env, check=False)
        if must and done.returncode:
            sys.exit(f"{self.folder}: {' '.join(args)}: {done.stderr}")
        return done

    def record(self, path):
        """True where the table was taken; what the door refuses, nobody calculates."""
        text = unicodedata.normalize("NFKC", path.read_text(encoding="utf-8"))
        table = self.folder / "table.csv"
        table.write_text(re.sub(" +", " ", text), encoding="utf-8")
        return self.run("--ledger", "led", "record", "table.csv", "--sign-with", "acme.pem").returncode == 0

    def gate(self, asked):
        args = ["--ledger", "led", "footprint", asked["product"], "--period", asked["period"], "--format", "json"]
        for option in ("scenario", "batch"):
            if asked.get(option):
                args += [f"--{option}", asked[option]]
        done = self.run(*args)
        if done.returncode:
            return None
        return Fraction(json.loads(done.stdout)["figures"]["gate"]["excludingUptake"])


def differs(ours, theirs):
    """Shares have 30 digits here and are exact there."""
    if ours is None or theirs is None:
        return (ours is None) != (theirs is None)
    return abs(ours - theirs) > max(Fraction(1, 10**15), abs(theirs) / 10**14)


def main():
    pcf, seed, count, out = sys.argv[1], sys.argv[2], sys.argv[3], Path(sys.argv[4])
    made = [sys.executable, str(HERE / "random_ledgers.py"), seed, count, str(out)]
    subprocess.run(made, check=True, stdout=subprocess.DEVNULL)
    asked = refused = different = left_out = 0
    for folder in sorted(path for path in out.iterdir() if path.is_dir()):
        program = Program(pcf, folder)
        tables = [folder / name for name in ("factors.csv", "products.csv", "activities.csv")]
        if not all(program.record(table) for table in tables if table.exists()):
            left_out += 1
            continue
        for question in json.loads((folder / "ask.json").read_text(encoding="utf-8")):
            answer = figures.calculate(str(folder), question["product"], question["period"],
                                       question.get("scenario"), question.get("batch"))
            theirs = None if "refused" in answer else Fraction(answer["gate"])
            ours = program.gate(question)
            asked += 1
            refused += theirs is None
            if differs(ours, theirs):
                different += 1
                said = answer.get("sentences", "")
                print(f"{folder.name} {question}: program {ours and float(ours)}, reference {theirs and float(theirs)} {said}")
    print(f"asked {asked}, refused {refused}, different {different}, ledgers left out {left_out}")
    sys.exit(1 if different or not asked else 0)


if __name__ == "__main__":
    main()
