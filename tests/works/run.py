"""Runs one work through the command, in a directory of its own, and reads what `pcf check` finds."""

import json
import os
import shutil
import subprocess

STAGES = ("design", "procurement", "production", "transport", "storage", "use", "recycling")


class Broken(Exception):
    """The command ended in a way that says nothing of the work: wrong usage, a crash, a full disk."""


class Outcome:
    """What the tool said of a work: a refusal at the door, or the findings."""

    def __init__(self, refusal=None, findings=()):
        self.refusal, self.findings = refusal, list(findings)

    def alarms(self):
        """(rule, severity, sentence) of all that is no mere note; a refusal is one."""
        if self.refusal:
            return [("refused", "stops", self.refusal)]
        return [(f["rule"], f["severity"], f["sentence"]) for f in self.findings if f["severity"] != "note"]


class Desk:
    """A fresh ledger with one enrolled actor, `works`."""

    def __init__(self, pcf, directory):
        self.pcf, self.directory = pcf, directory
        os.makedirs(directory)
        self.environment = {**os.environ, "PCF_LEDGER": "book"}
        self.demand("init", "book", "--origin", "works.example/book", "--no-passphrase")
        self.demand("key", "new", "works.pem", "--no-passphrase")
        rights = [word for kind in ("factor", "product", "activity") for word in ("--type", kind)]
        rights += [word for stage in STAGES for word in ("--stage", stage)]
        self.demand("actor", "add", "works", "--name", "Works (example)", "--key", "works.pem", *rights,
                    "--sign-with", "book-keys/operator.pem")

    def run(self, *words):
        return subprocess.run([self.pcf, *words], cwd=self.directory, env=self.environment, text=True,
                              capture_output=True, timeout=120, stdin=subprocess.DEVNULL)

    def demand(self, *words):
        done = self.run(*words)
        if done.returncode:
            raise Broken(f"pcf {' '.join(words)}: {done.stderr.strip()}")

    def signed(self, *words):
        return self.run(*words, "--sign-with", "works.pem")


def judge(pcf, work, directory):
    """Records the work in a fresh ledger and checks its period. Refusals count as the tool's answer."""
    desk = Desk(pcf, directory)
    files = work.write(desk.directory)
    steps = [("factor", "use", *sorted(work.library))] if work.library else []
    steps += [("factor", "add", "factors.csv")] if work.used_factors() else []
    steps += [("product", "add", "products.csv")]
    for at, name in enumerate(files):
        steps.append(("record", os.path.basename(name), *(work.later_options if at else work.record_options)))
    for step in steps:
        done = desk.signed(*step)
        if done.returncode not in (0, 1):
            raise Broken(f"pcf {' '.join(step)}: exit code {done.returncode}: {first_line(done)}")
        if done.returncode:
            return Outcome(refusal=f"pcf {step[0]}: {first_line(done)}")
    done = desk.run("check", "--period", work.period, "--format", "json")
    if done.returncode not in (0, 1):
        raise Broken(f"pcf check: exit code {done.returncode}: {first_line(done)}")
    return Outcome(findings=json.loads(done.stdout)["findings"])


def first_line(done):
    text = (done.stderr.strip() or done.stdout.strip()).splitlines()
    return " / ".join(line.strip() for line in text[:3])


def clear(directory):
    shutil.rmtree(directory, ignore_errors=True)
