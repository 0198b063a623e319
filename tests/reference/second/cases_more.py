"""More ledgers: recycling, carbon, certificates, stand-ins, scenarios, gases, suppliers."""
import re

from .cases import F
from .make import factor, flow, left_out, made, product, read

CASES = {}


def case(name, drafts, *questions, suppliers=(), after=()):
    CASES[name] = (F + drafts, questions, suppliers, after)


Q = {"geography": "2", "technology": "3.5", "time": "1.25"}
R = [factor("ev", "2.86390131"), factor("erec", "1823.90131", "t", data="primary", quality=Q), factor("ed", "0.00898311", "lb"),
     factor("eer", "0.3"), factor("heat", "0.2", "kWh", category="heat.wtt", scope="life-cycle"),
     factor("el", "0.5", "MJ", category="electricity.lifecycle", values={"biogenicNonCO2Emissions": "0.01"}, gwp="AR5")]
M = {"material": "steel", "kg": "1", "R1": "0.3", "R2": "0.85", "R3": "0", "Ev": "ev", "EvStar": "ev", "Erec": "erec",
     "ErecEoL": "erec", "Ed": "ed"}
ENERGY = {**M, "material": "PET", "kg": "0.37", "R2": "0.4", "R3": "0.35", "LHV": "22.95", "Xheat": "0.31", "Xelec": "0.17",
          "Eer": "eer", "Eheat": "heat", "Eelec": "el"}
PROCESSES = "production/make, recycling/collect"
for method in ("cut-off", "closed-loop 0:100", "50:50", "cff"):
    mat = {k: v for k, v in ENERGY.items() if method != "cut-off" or k not in ("Eheat", "Eelec")}
    case("recycling-" + method, R + [
        product("a", PROCESSES, boundary="cradle-to-grave", recycling={"method": method, "materials": [M, mat]}),
        made("2025", "a", "7 piece", [flow("1 kg", "f:steel")]), made("2025", "a", "7 piece", [flow("2 kg", "f:steel")],
                                                                       "recycling/collect"),
        product("b", massPerDeclaredUnit="1"), made("2025", "b", "3 piece", [flow("2 piece", "p:a")])],
        ("a", "2025", {}), ("a", "2025", {"boundary": "cradle-to-gate"}), ("b", "2025", {}))
case("recycling-grave-of-gate", R + [
    product("a", recycling={"method": "cff", "materials": [M]}), made("2025", "a", "7 piece", [flow("1 kg", "f:steel")]),
    product("b", PROCESSES, boundary="cradle-to-grave"), made("2025", "b", "3 piece", [flow("2 piece", "p:a")]),
    made("2025", "b", "3 piece", [flow("2 kg", "f:steel")], "recycling/collect")],
    ("b", "2025", {}), ("b", "2025", {"boundary": "cradle-to-grave"}), ("b", "2025", {"boundary": "cradle-to-gate"}))
case("recycling-stated", R + [
    product("a", recycling={"method": "cff", "materials": [
        {**M, "material": "Rubber", "A": "0.35", "QsinQp": "0.81", "QsoutQp": "0.7", "B": "0.1", "region": "CN"}]}),
    made("2025", "a", "7 piece", [flow("1 kg", "f:steel")])], ("a", "2025", {}))
case("recycling-no-default", R + [
    product("a", boundary="cradle-to-gate", recycling={"method": "cff", "materials": [{**M, "material": "Rubber"}]}),
    made("2025", "a", "7 piece", [flow("1 kg", "f:steel")])], ("a", "2025", {}))
case("recycling-credit", [
    product("a", PROCESSES, boundary="cradle-to-grave"), made("2025", "a", "7 piece", [flow("1 kg", "f:steel")]),
    made("2025", "a", "7 piece", [flow("-1 kg", "f:steel", substitutes="ore")], "recycling/collect")], ("a", "2025", {}))
WOOD = factor("wood", "0.1", values={"biogenicCO2Uptake": "-1.6", "biogenicCO2Released": "0.04"})
for name, c in (("exact", "0.425454545454"), ("note", "0.428"), ("attention", "0.44"), ("stops", "0.46")):
    case("carbon-" + name, [WOOD, product("a", carbon={"biogenic": c, "fossil": "0"}),
                            made("2025", "a", "10 piece", [flow("10 kg", "f:wood")])], ("a", "2025", {}))
case("carbon-packaging", [
    WOOD, product("a", carbon={"biogenic": "0.4", "fossil": "0"}, packaging={"included": True, "biogenicCarbon": "0.03"}),
    made("2025", "a", "10 piece", [flow("10 kg", "f:wood", "packaging"), flow("1 kg", "f:wood", name="burnt"),
                                   flow("1.56 kg", "g:CO2_biogenic", name="smoke")])], ("a", "2025", {}))


def claim(ident, kwh, when="2025"):
    end = "%d-01-01" % (int(when) + 1)
    return {"id": ident, "kWh": kwh, "period": {"start": when + "-01-01", "end": end}}


def powered(name, amount, claims, **more):
    return made("2025", name, "10 piece", [flow(amount, "f:power", "energy", instruments=claims)], **more)


case("certificates", [
    product("a"), product("b"), powered("a", "600 kWh", [claim("GEC-1", "1000")]),
    powered("b", "1.44 GJ", [claim("gec 1", "1000"), claim("GEC9..GEC11", "3000")])], ("a", "2025", {}), ("b", "2025", {}))
case("certificates-over", [
    product("a"), product("b"), powered("a", "600 kWh", [claim("GEC-1", "1000")]),
    powered("b", "500 kWh", [claim("gec 1", "1000")])], ("a", "2025", {}), ("b", "2025", {}))
case("certificates-short", [product("a"), powered("a", "600 kWh", [claim("GEC-1", "599")])], ("a", "2025", {}))
case("certificates-old", [product("a"), product("b"), powered("a", "6 kWh", [claim("GEC-1", "599", "2022")]),
                          powered("b", "6 kWh", [claim("GEC-2", "599", "2021")])], ("a", "2025", {}), ("b", "2025", {}))
case("certificates-apart", [
    product("a"), product("b"), powered("a", "600 kWh", [claim("G1..G4", "1000")]),
    powered("b", "300 kWh", [claim("g2", "1000")])], ("a", "2025", {}))
USE = "production/make, use/wash, recycling/end"
case("scenarios", [
    product("a", USE, boundary="cradle-to-grave"), made("2025", "a", "10 piece", [flow("3 kg", "f:steel")]),
    made("2025", "a", "10 piece", [flow("30 kWh", "f:power", "energy", "heat"), flow("1 kg", "f:steel", name="soap")], "use/wash"),
    made("2025", "a", "13 piece", [flow("11 kWh", "f:power", "energy", "heat")], "use/wash", scenario="cold Wash"),
    made("2025", "a", "10 piece", [flow("4 kg", "f:steel")], "recycling/end")],
    ("a", "2025", {}), ("a", "2025", {"scenario": "Cold-wash"}), ("a", "2025", {"scenario": "none such"}))
case("scenario-sites", [
    product("a"), made("2025", "a", "10 piece", [flow("3 kg", "f:steel")], site="x"),
    made("2025", "a", "7 piece", [flow("5 kg", "f:steel")], site="y"),
    read("2025", "a", [flow("11 kWh", "f:power", "energy", "heat")], site="x"),
    read("2025", "a", [flow("2 kg", "g:CO2")], site="x", scenario="s"),
    made("2025", "a", "9 piece", (), site="y", scenario="s2")],
    ("a", "2025", {}), ("a", "2025", {"scenario": "s"}), ("a", "2025", {"scenario": "s2"}))
case("applies", [
    product("a", "design/tool, production/make", designAtGate=True),
    made("2023", "a", "100 piece", [flow("90 kg", "f:steel")], "design/tool", appliesTo="2023-01-01..2028-01-01"),
    made("2024", "a", "1000 piece", [flow("20 kg", "f:steel")], "design/tool", appliesTo="2024-01-01..2028-01-01"),
    made("2025", "a", "10 piece", [flow("1 kg", "g:CO2")])], ("a", "2025", {}), ("a", "2024", {}))
case("applies-sites", [
    product("a"), made("2023", "a", "100 piece", [flow("90 kg", "f:steel")], appliesTo="2023-01-01..2028-01-01", site="x"),
    made("2024", "a", "1000 piece", [flow("20 kg", "f:steel")], appliesTo="2024-01-01..2028-01-01", site="y"),
    made("2022", "a", "50 piece", [flow("5 kg", "f:steel")], appliesTo="2022-01-01..2028-01-01")], ("a", "2025", {}))
case("applies-tie", [
    product("a"), made("2024", "a", "100 piece", [flow("90 kg", "f:steel")], appliesTo="2023-01-01..2028-01-01"),
    made("2024-07-01..2025-01-01", "a", "10 piece", [flow("20 kg", "f:steel")], appliesTo="2024-01-01..2028-01-01")],
    ("a", "2025", {}))
case("applies-and-measured", [
    product("a"), made("2024", "a", "100 piece", [flow("90 kg", "f:steel")], appliesTo="2024-01-01..2028-01-01"),
    made("2025-02-01..2025-12-01", "a", "5 piece", [flow("15 kWh", "f:power", "energy", data="estimated")])], ("a", "2025", {}))
case("recipes", [
    product("a", "procurement/parts, production/make"),
    made("2025", "a", "3 piece", [flow("7 kg", "f:steel", data="primary")], "procurement/parts", recipe=True),
    made("2024-06-01..2027-01-01", "a", "10 piece", [flow("1 kg", "f:steel")], "production/make", recipe=True),
    made("2025", "a", "8 piece", [flow("7 kWh", "f:power", "energy", data="primary")])], ("a", "2025", {}))
case("units-of", [
    product("a", "production/mould, production/paint=mould, production/pack=mould"),
    made("2025-01-01..2025-07-01", "a", "30 piece", [flow("3 kg", "f:steel")], "production/mould"),
    made("2025-07-01..2026-01-01", "a", "41 piece", (), "production/mould"),
    read("2025", "a", [flow("3 kWh", "f:power", "energy")], "production/paint"),
    read("2025", "*", [flow("9 kg", "g:CO2")], "production/pack", allocation="pieces")], ("a", "2025", {}))
GASES = ["CH4_fossil", "CH4_biogenic", "N2O", "R410A", "R454B", "SF6", "HFC134a", "NF3"]
case("gases", [
    factor("mix", unit="kWh", category="process", gases={"CO2": "0.2", "CH4_fossil": "0.0001", "N2O": "0.00001",
                                                        "CO2_biogenic": "0.1"}),
    product("a", carbon={"biogenic": "0", "fossil": "0"}),
    made("2025", "a", "7 piece", [flow("0.0%d3 kg" % at, "g:" + g, data="primary") for at, g in enumerate(GASES)]
         + [flow("3 kWh", "f:mix", "energy"), flow("-0.3 kg", "g:CO2_biogenic", name="taken")])],
    *[("a", "2025", {"gwp": g}) for g in ("SAR", "TAR", "AR4", "AR5", "AR6", "AR6-SF6-24300")])
case("gases-old", [product("a"), made("2025", "a", "7 piece", [flow("0.3 kg", "g:SF6"), flow("1 kg", "g:CH4_fossil")])],
     *[("a", "2025", {"gwp": g}) for g in ("SAR", "TAR", "AR4", "AR5", "AR6", "AR6-SF6-24300")])
case("kinds", [
    factor("all", "1.5", values={"biogenicNonCO2Emissions": "0.1", "landUseChangeGhgEmissions": "-0.2", "packagingGhgEmissions": "0.3",
                                 "landManagementBiogenicCO2Emissions": "0.4", "landManagementBiogenicCO2Removals": "-0.5",
                                 "technologicalCO2Removals": "-0.6", "ccsTechnologicalCO2Capture": "-0.7",
                                 "aircraftGhgEmissions": "0.8", "landManagementFossilGhgEmissions": "0.9"}),
    product("a"), product("b"),
    made("2025", "a", "7 piece", [flow("%d kg" % (at + 1), "f:all", k, name=k) for at, k in enumerate(
        ("aircraft", "energy", "infrastructure", "material", "packaging", "transport", "waste"))]),
    made("2025", "b", "3 piece", [flow("2 piece", "p:a", "aircraft"), flow("1 piece", "p:a", "packaging", "box")])],
    ("a", "2025", {}), ("b", "2025", {}))
case("left-out", [
    product("a"), made("2025", "a", "100 piece", [flow("1000 kg", "g:CO2"), left_out("glue", "50"), left_out(
        "ink", "0.123456789012345"), left_out("none", "0")]), product("b"), made("2025", "b", "3 piece", [flow("1 piece", "p:a")])],
    ("a", "2025", {}), ("b", "2025", {}))
PACT = {"id": "7c9d4e12-5b6f-4a83-9d21-0c4f8e6a1b35", "specVersion": "3.0.2", "created": "2025-02-14T08:00:00Z", "status": "Active",
        "companyName": "S", "companyIds": ["urn:pact:s.example:company-id:1"], "productDescription": "cap",
        "productIds": ["urn:pact:s.example:product-id:1"], "productNameCompany": "cap", "comment": "",
        "pcf": {"declaredUnitOfMeasurement": "piece", "declaredUnitAmount": "10", "productMassPerDeclaredUnit": "0.25",
                "referencePeriodStart": "2024-01-01T00:00:00Z", "referencePeriodEnd": "2025-01-01T00:00:00Z",
                "geographyCountry": "CN", "pcfExcludingBiogenicUptake": "0.9871", "pcfIncludingBiogenicUptake": "0.9871",
                "fossilCarbonContent": "0.2", "biogenicCarbonContent": "0", "fossilGhgEmissions": "0.9",
                "biogenicNonCO2Emissions": "0.0000000000001", "aircraftGhgEmissions": "0.001",
                "packagingEmissionsIncluded": False, "ipccCharacterizationFactors": ["AR5", "AR6"],
                "crossSectoralStandards": ["ISO14067"], "exemptedEmissionsPercent": "0", "primaryDataShare": "33.3",
                "ccsTechnologicalCO2CaptureIncluded": False,
                "dqi": {"technologicalDQR": "1.5", "geographicalDQR": "2", "temporalDQR": "3"}}}
case("supplier", [
    product("a"), made("2025", "a", "7 piece", [flow("3 piece", "s:" + PACT["id"], name="caps"), flow(
        "1 kg", "s:" + PACT["id"], name="by mass", data="primary"), flow("1 kg", "f:steel")], quality=Q),
    product("b"), made("2025", "b", "3 piece", [flow("2 piece", "p:a"), flow("2 kg", "f:steel")])],
    ("a", "2025", {}), ("b", "2025", {}), ("a", "2029", {}), suppliers=[PACT])
case("stages", [
    product("a", "design/draw, procurement/buy, production/make, transport/ship, storage/keep, use/wash, recycling/end",
            boundary="cradle-to-grave"),
    *[made("2025", "a", "%d piece" % (at + 3), [flow("%d kg" % (at + 1), "f:steel"), flow("1 kWh", "f:power", "energy")], place,
           quality=Q) for at, place in enumerate(("design/draw", "procurement/buy", "production/make", "transport/ship",
                                                  "storage/keep", "use/wash", "recycling/end"))]],
    ("a", "2025", {}), ("a", "2025", {"boundary": "cradle-to-gate"}))


FULL = {"massPerDeclaredUnit": "2", "carbon": {"biogenic": "0", "fossil": "0"}, "packaging": {"included": False},
        "ccsIncluded": False, "description": "made up"}


def standing(ledger):
    """Publishes the input as final and takes its activities away."""
    with open(ledger.dir + "/gate.toml", "w", encoding="utf-8") as file:
        checks = ("mass-per-declared-unit fossil-carbon-content packaging-included ccs-included exempted-emissions company-ids "
                  "validity-within-three-years").split()
        file.write("version = 1\n[checks]\n" + "".join('%s = "advised"\n' % c for c in checks))
    accept = []
    for _ in range(2):
        done = ledger.run("publish", "in", "--period", "2024", "--valid-until", "2026-12-31", "--gate", "gate.toml",
                          "--sign-with", "a.pem", "--log-key", "l-keys/log.pem", "--operator-key", "l-keys/operator.pem",
                          "--out", "pub", "--standard", "ISO14067", *accept, may_fail=True)
        said = [line for line in (done.stdout + done.stderr).splitlines() if "findings:" in line]
        accept = [x for ident in re.findall(r"\b([0-9a-f]{12}) [a-z-]+:", " ".join(said))
                  for x in ("--accept", "%s=it is made up" % ident)]
    if done.returncode:
        print(done.stdout, done.stderr)


case("stand-in", [
    product("in", unit="2 kg", **FULL), product("a"), factor("dirty", "3", gwp="unstated", quality=Q),
    made("2024", "in", "7 kg", [flow("3 kWh", "f:power", "energy", data="primary"), flow("1 kg", "f:dirty")]),
    made("2025", "a", "3 piece", [flow("5 kg", "p:in"), flow("1 kWh", "f:power", "energy")])],
    ("a", "2025", {}), ("in", "2025", {}), ("in", "2024", {}), after=[standing])
case("no-data", [product("in"), product("a"), made("2025", "a", "3 piece", [flow("5 piece", "p:in")])], ("a", "2025", {}))
