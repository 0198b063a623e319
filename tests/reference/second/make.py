"""Short words to write drafts with, and a ledger of the given command to try them in."""
import json
import os
import shutil
import subprocess
import tempfile

ORIGIN = "urn:pact:acme.example:product-id:"
STAGES = ["design", "procurement", "production", "transport", "storage", "use", "recycling"]


def pid(name):
    return name if name.startswith("urn:") or name == "*" else ORIGIN + name


def period(text):
    if ".." in text:
        start, end = text.split("..")
        return {"start": start, "end": end}
    return {"start": text + "-01-01", "end": "%d-01-01" % (int(text) + 1)}


def qty(text):
    amount, unit = text.split(" ")
    return {"amount": amount, "unit": unit}


def factor(name, fossil=None, unit="kg", **more):
    d = {"type": "factor", "factor": name, "category": "material", "data": "secondary", "licence": "x", "name": name,
         "scope": "life-cycle", "source": "made up", "unit": unit, "year": "2024", **more}
    if fossil is not None:
        d["values"] = {"fossilGhgEmissions": fossil, **d.get("values", {})}
    if "values" in d:
        d.setdefault("gwp", "AR6")
    return d


def product(name, processes="production/make", unit="1 piece", boundary="cradle-to-gate", **more):
    listed = []
    for p in processes.split(","):
        stage, rest = p.strip().split("/")
        own, _, of = rest.partition("=")
        listed.append({"stage": stage, "name": own, "signers": ["acme"], **({"unitsOf": of} if of else {})})
    return {"type": "product", "ids": [pid(name)], "name": name, "processes": listed, "declaredUnit": qty(unit),
            "boundary": boundary, "exemptions": "listed", **more}


def flow(amount, source, kind="material", name=None, **more):
    """`source` is `kind:name`: f (factor), p (product), g (gas), s (supplier's footprint)."""
    key, ident = source.split(":", 1)
    d = {"kind": "emission" if key == "g" else kind, "name": name or ident,
         {"f": "factor", "p": "product", "g": "gas", "s": "footprint"}[key]: pid(ident) if key == "p" else ident, **more}
    if "*" in amount:
        d["of"] = [{"name": "n%d" % at, **qty(part.strip())} for at, part in enumerate(amount.split("*"))]
    else:
        d.update(qty(amount))
    return d


def left_out(name, estimate, **more):
    return {"kind": "excluded", "name": name, "estimate": estimate, "reason": "small", **more}


def activity(when, place, outputs=(), served=(), flows=(), **more):
    stage, process = place.split("/")
    d = {"type": "activity", "period": period(when), "stage": stage, "process": process, **more}
    if outputs:
        d["outputs"] = [{"product": pid(o[0]), **qty(o[1]), **(o[2] if len(o) > 2 else {})} for o in outputs]
    if served:
        d["for"] = [pid(s) for s in served]
    if flows:
        d["flows"] = list(flows)
    if "appliesTo" in d:
        d["appliesTo"] = period(d["appliesTo"])
    if isinstance(d.get("site"), str):
        d["site"] = {"name": d["site"]}
    return d


def made(when, name, amount, flows=(), place="production/make", **more):
    return activity(when, place, [(name, amount)], (), flows, **more)


def read(when, served, flows, place="production/make", **more):
    return activity(when, place, (), served.split(","), flows, **more)


class Ledger:
    """A ledger of one actor in a new folder."""

    template = None

    def __init__(self, pcf, folder=None):
        self.pcf, self.dir = pcf, folder or tempfile.mkdtemp(prefix="pcf-second-")
        if Ledger.template is None:
            Ledger.template = tempfile.mkdtemp(prefix="pcf-second-")
            here, self.dir = self.dir, Ledger.template
            self.run("init", "l", "--origin", "second.example/l", "--no-passphrase")
            self.run("key", "new", "a.pem", "--no-passphrase")
            types = ["factor", "product", "activity", "publication", "supplierFootprint", "assurance"]
            self.run("actor", "add", "acme", "--name", "Acme", "--key", "a.pem", "--company-id",
                     "urn:pact:acme.example:company-id:1", "--sign-with", "l-keys/operator.pem",
                     *[x for t in types for x in ("--type", t)], *[x for s in STAGES for x in ("--stage", s)])
            self.dir = here
        shutil.copytree(Ledger.template, self.dir, dirs_exist_ok=True)

    def run(self, *arguments, may_fail=False):
        done = subprocess.run([self.pcf, *arguments], cwd=self.dir, env={**os.environ, "PCF_LEDGER": "l"}, check=False,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode and not may_fail:
            raise RuntimeError("pcf %s: %s%s" % (" ".join(arguments), done.stdout, done.stderr))
        return done

    def record(self, drafts, *more):
        rank = {"factor": 0, "product": 1, "activity": 2}
        with open(os.path.join(self.dir, "in.jsonl"), "w", encoding="utf-8") as file:
            for d in sorted(drafts, key=lambda d: rank[d["type"]]):
                file.write(json.dumps(d, ensure_ascii=False) + "\n")
        return self.run("record", "in.jsonl", "--sign-with", "a.pem", *more, may_fail=True)

    def supplier(self, document):
        with open(os.path.join(self.dir, "s.json"), "w", encoding="utf-8") as file:
            json.dump(document, file, indent=1)
        return self.run("supplier", "add", "s.json", "--sign-with", "a.pem")

    @staticmethod
    def question(asked):
        found = []
        for name in ("boundary", "scenario", "batch", "gwp"):
            if asked.get(name):
                found += ["--" + name, asked[name]]
        return found

    def footprint(self, name, when, **asked):
        return self.run("footprint", pid(name), "--period", when, "--format", "json", *self.question(asked), may_fail=True)

    def publish(self, name, when, draft=True, until=None, **asked):
        """Publishes with a proof that shows everything."""
        done = self.run("publish", pid(name), "--period", when, "--valid-until", until or "2026-12-31", "--show", "all",
                        *(["--draft"] if draft else ["--gate", "gate.toml"]), "--sign-with", "a.pem", "--log-key",
                        "l-keys/log.pem", "--operator-key", "l-keys/operator.pem", "--out", "pub", "--format", "json",
                        *self.question(asked), may_fail=True)
        if done.returncode:
            return None, done
        return os.path.join(self.dir, "pub", json.loads(done.stdout)["footprint"] + ".pcfproof"), done

    def prove(self, footprint, show):
        """A proof of a publication that shows the given parts alone."""
        done = self.run("prove", footprint, "--out", "part.pcfproof", *[x for part in show for x in ("--show", part)])
        return os.path.join(self.dir, "part.pcfproof"), done

    def statements(self):
        """Header and body of all statements, from the segment (schemas/ledger-files.md), with the index of their seal."""
        with open(os.path.join(self.dir, "l", "segments", "000000"), "rb") as file:
            data = file.read()
        at, found, index = 96, [], 0
        while at + 9 <= len(data):
            length, kind = int.from_bytes(data[at:at + 4], "big"), data[at + 4]
            part = data[at + 9:at + 9 + length]
            at += 9 + length
            if kind == 1:
                found.append({"header": part.decode(), "index": index})
            elif kind == 3:
                found[-1]["body"] = part.decode()
            elif kind == 2:
                index += 1
        return found

    def remove(self):
        shutil.rmtree(self.dir, ignore_errors=True)
