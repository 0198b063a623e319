"""Ledgers by chance: made with the command, calculated by both, published and checked. `python3 -m second.chance PCF SEED COUNT`"""
import json
import random
import re
import sys

from .cases import F
from .calculated import differences
from .make import Ledger, activity, factor, flow, left_out, product
from .names import fold
from .try_cases import mine, wrong_proofs

DAYS = ["2024-01-01", "2024-07-01", "2025-01-01", "2025-02-11", "2025-04-01", "2025-07-01", "2025-10-01", "2026-01-01", "2026-07-01",
        "2027-01-01"]
SITES = [None, None, None, "North hall", "north–hall", "South"]
NAMES = ["a", "b", "c", "d"]
EXTRA = [factor("wood", "0.3", values={"landUseChangeGhgEmissions": "0.0137", "biogenicNonCO2Emissions": "0.00011"}, gwp="AR5",
                quality={"geography": "3", "technology": "1.7", "time": "2.123456"}),
         factor("own", "1.37", data="primary", values={"packagingGhgEmissions": "0.1", "aircraftGhgEmissions": "0.03"}),
         factor("mix", unit="t", gases={"CO2": "13.7", "CH4_fossil": "0.01"}, category="process"),
         factor("gen", "0.5", "kWh", category="electricity.generation", scope="direct"),
         factor("grid", "0.4", "kWh", category="electricity.lifecycle", exclusions=["grid-losses"]),
         factor("loss", "0.03", "kWh", category="electricity.td_loss", scope="upstream")]


# What the command says at a stop, by the names of section 18.
SAYS = {"OverlappingPeriods": "overlap, so its outputs", "NoData": "no data for its", "NothingMade": "it made nothing in",
        "ReadingWithoutProduction": "that it could be for", "PartialPeriod": "is never prorated", "AllocationKey":
        "allocation by [^ ]+ needs|mass needs the mass", "UnitMismatch": "does not convert to what the", "AppliesTwice":
        "both only apply", "ReadTwice": "read twice|same days|stated twice by", "Loop": "the loop of|consumes itself",
        "NothingToShareBy": "could be shared by",
        "NeedsAllocation": "does not say what it is shared by", "AllocationOrder": "so price is what the flows"}


def codes(text):
    return {code for code, words in SAYS.items() if re.search(words, text)}


class Dice(random.Random):
    same = 0.1  # how often a flow has a name that others have

    def amount(self, top=1000):
        kind = self.randrange(4)
        if kind == 0:
            return str(self.randrange(1, top))
        text = "%d.%0*d" % (self.randrange(top), kind * 2, self.randrange(1, 100 ** kind))
        text = text.rstrip("0").rstrip(".")
        return text if text != "0" else "1"

    def period(self):
        if self.random() < 0.45:
            return "2025-01-01..2026-01-01"
        if self.random() < 0.8:
            i, j = sorted(self.sample(range(2, 8), 2))
        else:
            i, j = sorted(self.sample(range(len(DAYS)), 2))
        return "%s..%s" % (DAYS[i], DAYS[j])

    def flow(self, at, products):
        name = "flow %d" % self.randrange(at * 3, at * 3 + 3) if self.random() < self.same else "flow %d %d" % (
            at, self.randrange(10**6))
        more = {"name": name}
        if self.random() < 0.6:
            more["data"] = self.choice(["primary", "secondary", "estimated"])
        kind = self.choice(["material", "material", "waste", "packaging", "aircraft", "infrastructure"])
        dice = self.random()
        if dice < 0.25:
            return flow(self.amount() + self.choice([" kg", " g", " t", " lb"]), "f:" + self.choice(["steel", "wood", "own", "mix"]),
                        kind, **more)
        if dice < 0.45:
            return flow(self.amount() + self.choice([" kWh", " MJ", " GJ"]), "f:power", "energy", **more)
        if dice < 0.5:
            return flow(self.amount() + " kWh", "f:grid", "energy", upstream="loss", **more)
        if dice < 0.55:
            return flow(self.amount() + " m3", "f:gas", "energy", upstream="gas-wtt", **more)
        if dice < 0.62:
            return flow("%s t*%s km" % (self.amount(50), self.amount()), "f:lorry", "transport", upstream="lorry-wtt", **more)
        if dice < 0.72:
            return flow(self.amount(20) + " kg", "g:" + self.choice(["CO2", "SF6", "R410A", "CH4_biogenic", "N2O"]), **more)
        if dice < 0.77:
            more.pop("data", None)
            return left_out(name, self.amount(9))
        return flow(self.amount(9) + self.choice([" piece", " piece", " kg"]), "p:" + self.choice(products), kind, **more)


def ledger_of(dice):
    """Drafts, and the names of the products."""
    names, drafts, listed = NAMES[:dice.randrange(1, 5)], [], {}
    for n in names:
        places = ["production/make"] + [p for p in ("procurement/buy", "production/pack", "design/tool", "use/wash") if
                                        dice.random() < 0.3]
        more = {}
        if dice.random() < 0.9:
            more["massPerDeclaredUnit"] = dice.amount(5)
        if dice.random() < 0.2:
            more["designAtGate"] = True
        if dice.random() < 0.1:
            more["rules"] = [{"name": "PCR 1", "operator": "X"}]
        if "production/pack" in places and dice.random() < 0.6:
            places[places.index("production/pack")] = "production/pack=make"
        listed[n] = [p.split("=")[0] for p in places if "=" not in p]
        drafts.append(product(n, ",".join(places), dice.choice(["1 piece", "1 piece", "10 piece", "0.3 piece"]),
                              "cradle-to-grave" if dice.random() < 0.4 else "cradle-to-gate", **more))
        listed[n + "!"] = [p.split("=")[0] for p in places]
    seen = set()

    def add(draft):
        key = fold(json.dumps([draft.get(k) for k in ("outputs", "for", "stage", "process", "site", "period", "batch", "scenario", "recipe",
                                                 "meter")], sort_keys=True, ensure_ascii=False))
        if key not in seen:
            seen.add(key)
            drafts.append(draft)

    for n in names:
        for place in listed[n + "!"]:
            marks = [("site", SITES, 0.4), ("batch", ["b1", "B-1", "b2"], 0.08), ("scenario", ["s", "t"], 0.06)]
            if place in listed[n]:
                parts = dice.choice([["2025-01-01..2026-01-01"], ["2025-01-01..2026-01-01"],
                                     ["2025-01-01..2025-07-01", "2025-07-01..2026-01-01"],
                                     ["2025-01-01..2025-04-01", "2025-04-01..2025-07-01",
                                      "2025-07-01..2025-10-01", "2025-10-01..2026-01-01"]]
                                    + [[dice.period(), dice.period()]] * (dice.random() < 0.08))
                for when in parts:
                    more = {k: v for k, options, chance in marks if dice.random() < chance and (v := dice.choice(options))}
                    outs = [(n, ("0" if dice.random() < 0.05 else dice.amount()) + " piece")]
                    if dice.random() < 0.15 and len(names) > 1:
                        other = dice.choice([m for m in names if m != n])
                        if place in listed[other]:
                            outs.append((other, dice.amount() + " piece"))
                    flows = [dice.flow(at, names) for at in range(dice.randrange(0, 3))]
                    for at, o in enumerate(outs):
                        extra = {}
                        if dice.random() < 0.5:
                            extra["value"] = dice.amount(90)
                        if dice.random() < 0.5:
                            extra["keys"] = {dice.choice(["hours", "Hours", "hours "[:5]]): dice.amount(90)}
                        outs[at] = (*o, extra)
                    if len(outs) > 1 and flows or dice.random() < 0.05:
                        more["allocation"] = dice.choice(["mass", "pieces", "price", "hours"])
                    if flows and dice.random() < 0.08:
                        more["recipe"] = True
                    if flows and dice.random() < 0.1:
                        start, end = when.split("..")
                        more["appliesTo"] = "%s..%s" % (min(start, dice.choice(DAYS[:4])), max(end, dice.choice(DAYS[5:])))
                    if dice.random() < 0.3:
                        more["quality"] = {k: dice.choice(["1", "2.5", "4.000001"]) for k in ("geography", "technology", "time")}
                    add(activity(when, place, outs, (), flows, **more))
    for _ in range(dice.randrange(0, 4)):
        n = dice.choice(names)
        place = dice.choice(listed[n + "!"])
        served = dice.choice([[n], ["*"], [m for m in names if place in listed[m + "!"]]])
        more = {}
        if dice.random() < 0.4:
            more["site"] = dice.choice(SITES[3:])
        if dice.random() < 0.1:
            more["batch"] = dice.choice(["b1", "b2"])
        if dice.random() < 0.1:
            more["scenario"] = "s"
        if dice.random() < 0.2:
            more["meter"] = dice.choice(["m1", "m 2"])
        if served != [n]:
            if dice.random() < 0.9:
                more["allocation"] = dice.choice(["mass", "pieces", "price", "hours", "pieces", "pieces"])
        add(activity(dice.period(), place, (), served, [dice.flow(at, names) for at in range(dice.randrange(1, 3))], **more))
    return F + EXTRA + drafts, names


def main():
    pcf, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    total = {"figures": 0, "stops": 0, "proofs": 0, "refused": 0, "differ": 0}
    for at in range(seed, seed + count):
        dice = Dice(at)
        drafts, names = ledger_of(dice)
        ledger = Ledger(pcf)
        try:
            done = ledger.record(drafts)
            if "Recorded" not in done.stdout + done.stderr and done.returncode:
                total["refused"] += 1
                if "-v" in sys.argv:
                    print(at, "refused", (done.stdout + done.stderr)[:600])
                continue
            for name in names:
                asked = {}
                if dice.random() < 0.3:
                    asked["scenario"] = dice.choice(["s", "t"])
                if dice.random() < 0.3:
                    asked["batch"] = dice.choice(["b1", "b2"])
                if dice.random() < 0.2:
                    asked["boundary"] = "cradle-to-gate"
                if dice.random() < 0.2:
                    asked["gwp"] = dice.choice(["AR4", "AR5"])
                when = dice.choice(["2025"] * 4 + ["2025-01-01..2025-07-01", "2025-07-01..2026-01-01", "2024-07-01..2026-01-01",
                                                   "2024-01-01..2027-01-01", "2025-04-01..2025-07-01"])
                own, theirs = mine(ledger, name, when, asked), ledger.footprint(name, when, **asked)
                if own.stops or theirs.returncode:
                    total["stops"] += 1
                    if not (own.stops and theirs.returncode):
                        total["differ"] += 1
                        print(at, name, asked, "ONE STOPS", sorted({str(s) for s in own.stops}), theirs.stderr[:1500])
                    elif {s.code for s in own.stops} != codes(theirs.stderr):
                        total["other codes"] = total.get("other codes", 0) + 1
                        print(at, name, asked, sorted({str(s) for s in own.stops}), "\n   ", theirs.stderr)
                    elif "-s" in sys.argv:
                        print(at, name, asked, sorted({str(s) for s in own.stops}), "\n   ", theirs.stderr)
                    continue
                total["figures"] += 1
                total["covered"] = total.get("covered", 0) + (own.coverage is not None and own.coverage["measured"] != "0")
                total["estimated"] = total.get("estimated", 0) + (own.coverage is not None and own.coverage["estimated"] != "0")
                said = json.loads(theirs.stdout)
                wrong = list(differences(own.figures, said["figures"]))
                if own.used_count != int(said["usedStatements"]):
                    wrong.append("%d used, theirs %s" % (own.used_count, said["usedStatements"]))
                if not wrong:
                    proof, done = ledger.publish(name, when, until="2028-12-31" if "2027" in when else None, **asked)
                    if proof is None:
                        wrong.append(done.stdout + done.stderr)
                    else:
                        total["proofs"] += 1
                        wrong += wrong_proofs(ledger, proof)
                if wrong:
                    total["differ"] += 1
                    print(at, name, asked, "DIFFERS", wrong[:5])
        finally:
            ledger.remove()
    print(total)
    return 1 if total["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
