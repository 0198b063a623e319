"""Ledgers at the edges of what the pages say."""
from .cases import F
from .cases_more import FULL, PACT, Q, R, M, claim, powered
from .make import activity, factor, flow, left_out, made, pid, product, read

CASES = {}
A = ("a", "2025", {})


def case(name, drafts, *questions, suppliers=(), after=()):
    CASES[name] = (F + drafts, questions or (A,), suppliers, after)


ONE = made("2025", "a", "7 piece", [flow("3 kg", "f:steel")])
case("recipe-with-units-of", [
    product("a", "production/make, production/pack=make"), ONE,
    made("2025", "a", "3 piece", [flow("7 kg", "f:steel")], "production/pack", recipe=True),
    read("2025", "a", [flow("7 kg", "f:steel")], "production/pack")])
case("output-of-nothing", [product("a", "procurement/buy, production/make"), ONE, made("2025", "a", "0 piece", place="procurement/buy")])
case("output-without-flows", [product("a", "procurement/buy, production/make"), ONE, made("2025", "a", "3 piece", place="procurement/buy")])
case("gwp-beyond", [
    product("a", "production/make, use/wash", boundary="cradle-to-grave"), factor("old", "1", gwp="SAR"), ONE,
    made("2025", "a", "7 piece", [flow("3 kg", "f:old")], "use/wash")], A, ("a", "2025", {"boundary": "cradle-to-gate"}))
case("gwp-of-nothing", [
    product("a"), factor("old", "1", gwp="SAR"), factor("zero", "0", gwp="TAR"),
    made("2025", "a", "7 piece", [flow("0 kg", "f:old"), flow("1 kg", "f:zero")])])
case("gwp-of-share-0", [
    product("a"), product("b"), factor("old", "1", gwp="SAR"), ONE, made("2025-01-01..2025-07-01", "b", "3 piece"),
    read("2025-02-01..2025-03-01", "a,b", [flow("1 kg", "f:old")], allocation="price"),
    activity("2025-07-01..2026-01-01", "production/make", [("b", "1 piece", {"value": "3"})])],
    A, ("b", "2025", {}))
case("mass-0", [product("a", massPerDeclaredUnit="0"), product("b", massPerDeclaredUnit="1"), ONE, made("2025", "b", "3 piece"),
                read("2025", "a,b", [flow("9 kg", "g:CO2")], allocation="mass")], A, ("b", "2025", {}))
case("joint-mass-unknown-of-0", [
    product("a", massPerDeclaredUnit="2"), product("b"),
    activity("2025", "production/make", [("a", "3 piece"), ("b", "0 piece")], (), [flow("9 kg", "g:CO2")], allocation="mass")])
case("joint-pieces-of-0-kg", [
    product("a"), product("b", unit="1 kg"),
    activity("2025", "production/make", [("a", "3 piece"), ("b", "0 kg")], (), [flow("9 kg", "g:CO2")], allocation="pieces")])
case("joint-value-of-0", [
    product("a"), product("b"), activity("2025", "production/make", [("a", "3 piece", {"value": "10"}), ("b", "0 piece")], (), [
        flow("9 kg", "g:CO2")], allocation="price")])
case("joint-exactly-five", [
    product("a", unit="1 kg"), product("b", unit="1 kg"), product("c", unit="1 kg"),
    activity("2025", "production/make", [("a", "3 kg", {"value": "15"}), ("b", "3 kg", {"value": "3"})], (), [
        flow("9 kg", "g:CO2")], allocation="mass"),
    activity("2025", "production/make", [("c", "3 kg", {"value": "15.000000000001"}), ("b", "0 kg", {"value": "0"})], (), [
        flow("9 kg", "g:CO2")], allocation="mass", site="x")], A, ("c", "2025", {}))
case("joint-unknown-product", [
    product("a"), product("b"), activity("2025", "production/make", [("a", "3 piece"), ("b", "4 piece")], (), [
        flow("9 kg", "g:CO2")], allocation="pieces")], A)
case("too-small", [product("a"), made("2025", "a", "7 piece", [flow("0.0000001 g", "f:steel"), flow("0.000000000001 kg", "f:steel",
                                                                                                  name="x")])])
case("too-small-stops", [product("a"), factor("t", "5", "t"), made("2025", "a", "7 piece", [
    flow("0.000000000001 lb", "f:t"), flow("0.000000000001 kg", "f:t", name="x")])])
case("two-ids", [
    product("a", ids=[pid("a"), pid("a2")], massPerDeclaredUnit="1"),
    made("2025-01-01..2025-07-01", "a2", "3 piece", [flow("1 kg", "f:steel")]),
    made("2025-07-01..2026-01-01", "a", "4 piece", [flow("1 kg", "f:steel")]), product("b"),
    made("2025", "b", "4 piece", [flow("2 kg", "p:a2")]), read("2025", "a,a2", [flow("3 kg", "g:CO2")], allocation="pieces")],
    A, ("a2", "2025", {}), ("b", "2025", {}))
case("output-twice", [product("a", ids=[pid("a"), pid("a2")]), activity("2025", "production/make", [("a", "3 piece"), ("a2", "1 piece")])])
case("ties", [
    product("a", ids=["urn:pact:acme.example:product-id:z"]), product("b"), product("c"),
    made("2025", "z", "1 piece"), made("2025", "b", "1 piece"), made("2025", "c", "1 piece"),
    read("2025", "z,b,c", [flow("100000000000 t", "g:CO2")], allocation="pieces")],
    ("z", "2025", {}), ("b", "2025", {}), ("c", "2025", {}))
case("folding", [
    product("a"), product("b"), made("2025-01-01..2025-07-01", "a", "3 piece", site="Werk\u00a0Ⅱ – ÄÖ"),
    made("2025-01-01..2025-07-01", "a", "4 piece", site="Werk III"), made("2025", "b", "2 piece", site="werk ii - äö"),
    made("2025-07-01..2026-01-01", "a", "5 piece", site="WERK\u3000II\u2212ä\u200bö"),
    read("2025", "*", [flow("10 kg", "g:CO2")], allocation="pieces", site="ｗｅｒｋ II ÄÖ")], A, ("b", "2025", {}))
case("meters", [
    product("a"), made("2025", "a", "3 piece"), read("2025", "a", [flow("3 kWh", "f:power", "energy")], meter="m1"),
    read("2025", "a", [flow("4 kWh", "f:power", "energy")], meter="m2")])
case("read-twice", [
    product("a"), made("2025", "a", "3 piece", [flow("3 kWh", "f:power", "energy", "Power")]),
    read("2025-02-01..2025-03-01", "a", [flow("4 kWh", "f:power", "energy")], meter="m2")])
case("not-read-twice", [
    product("a"), made("2025", "a", "3 piece", [flow("3 kg", "f:steel"), flow("1 kg", "g:CO2"), flow("2 kg", "g:CO2")]),
    read("2025-02-01..2025-03-01", "a", [flow("4 kg", "f:steel")])])
case("applies-wide", [
    product("a", "production/make, use/wash", boundary="cradle-to-grave"), ONE,
    made("2024", "a", "7 piece", [flow("3 kg", "f:steel")], "use/wash", appliesTo="2024-01-01..2025-07-01")])
case("partial-batch", [
    product("a"), made("2025", "a", "7 piece", [flow("3 kg", "f:steel")], batch="x"),
    made("2024-06-01..2025-06-01", "a", "7 piece", [flow("3 kg", "f:steel")], batch="y")], A, ("a", "2025", {"batch": "x"}))
case("batch-partial-shared", [
    product("a"), product("b"), made("2025", "a", "7 piece", [flow("3 kg", "f:steel")], batch="x"), made("2025", "b", "2 piece"),
    made("2024-06-01..2025-06-01", "a", "7 piece", [flow("3 kg", "f:steel")], batch="y"),
    read("2025", "*", [flow("3 kg", "g:CO2")], allocation="pieces")], A, ("a", "2025", {"batch": "x"}), ("b", "2025", {}))
case("batch-overlap-shared", [
    product("a"), made("2025", "a", "7 piece", batch="x"), made("2025", "a", "5 piece"),
    read("2025", "a", [flow("3 kg", "g:CO2")])], A, ("a", "2025", {"batch": "x"}))
case("two-only-apply-batches", [
    product("a"), made("2024", "a", "7 piece", [flow("3 kg", "f:steel")], appliesTo="2024-01-01..2027-01-01", batch="x"),
    made("2024", "a", "5 piece", [flow("3 kg", "f:steel")], appliesTo="2024-01-01..2028-01-01", batch="y")],
    A, ("a", "2025", {"batch": "x"}))


def corrected(*drafts):
    """Records again what replaces what is there."""
    return lambda ledger: ledger.record(list(drafts), "--correct")


case("unlisted", [product("a", "production/make, use/wash"), ONE,
                  activity("2025", "use/wash", [("a", "1 piece")], (), [flow("1 kg", "f:steel")])], after=[corrected(product("a"))])
case("served-one-of-other", [
    product("a", "procurement/buy, production/make"), product("b", "procurement/buy, production/make"), ONE,
    made("2025", "a", "7 piece", place="procurement/buy"), made("2025", "b", "7 piece", place="procurement/buy"),
    made("2025", "b", "7 piece"), read("2025-03-01..2025-05-01", "a,b", [flow("3 kg", "f:steel")], "procurement/buy")])
case("recycling-factors", [
    *R, factor("scrap", "0.1", exclusions=["combustion"], category="waste"),
    product("a", recycling={"method": "cut-off", "materials": [{**M, "Erec": "scrap"}]}), ONE])
case("recycling-kwh", [
    *R, factor("odd", "0.1", "piece"), product("a", recycling={"method": "cut-off", "materials": [{**M, "Erec": "odd"}]}), ONE])
case("recycling-in-loop", [
    *R, product("a", recycling={"method": "cff", "materials": [M]}), product("b"),
    made("2025", "a", "7 piece", [flow("3 kg", "f:steel"), flow("1 piece", "p:b", "aircraft", data="primary")], quality=Q),
    made("2025", "b", "9 piece", [flow("2 piece", "p:a", "packaging"), flow("1 kg", "f:steel")])], A, ("b", "2025", {}))
case("loop-credits", [
    product("a"), product("b"), made("2025", "a", "10 piece", [flow("11 piece", "p:b"), flow("1 kg", "g:CO2")]),
    made("2025", "b", "10 piece", [flow("10 piece", "p:a"), flow("-5 piece", "p:b", substitutes="x", name="y"), flow("2 kg", "f:steel")])],
    A, ("b", "2025", {}))
case("loop-itself", [product("a"), made("2025", "a", "10 piece", [flow("-30 piece", "p:a", substitutes="x"), flow("3 kg", "f:steel")])])
case("loop-cancels", [product("a"), product("b"), made("2025", "a", "10 piece", [flow("10 piece", "p:b"), flow("3 kg", "f:steel")]),
                      made("2025", "b", "10 piece", [flow("-10 piece", "p:a", substitutes="x")])])
case("loop-tie", [product("a"), made("2025", "a", "4 piece", [flow("2 piece", "p:a"), flow("0.000000000003 kg", "g:CO2")])])
case("input-fails", [
    product("a"), product("b"), product("c"), made("2025", "a", "4 piece", [flow("2 piece", "p:b")]),
    made("2025", "b", "4 piece", [flow("2 piece", "p:c"), flow("1 kWh", "f:steel")])])
case("certificate-scenario", [
    product("a"), product("b"), powered("a", "600 kWh", [claim("GEC-1", "1000")]),
    powered("b", "500 kWh", [claim("gec 1", "1000")], scenario="s")],
    A, ("b", "2025", {"scenario": "s"}), ("a", "2025", {"scenario": "s"}))
case("certificate-superseded", [
    product("a"), powered("a", "600 kWh", [claim("GEC-1", "1000")]),
    made("2023", "a", "7 piece", [flow("900 kWh", "f:power", "energy", instruments=[claim("GEC-1", "1000")])],
         appliesTo="2023-01-01..2027-01-01")], A, ("a", "2024", {}), ("a", "2023", {}))
case("claims-of-unit", [product("a"), made("2025", "a", "10 piece", [flow("3 MJ_ncv", "f:ncv", "energy", instruments=[
    claim("G1", "100")])]), factor("ncv", "1", "kWh_ncv")])
V2 = {"id": "1c9d4e12-5b6f-4a83-9d21-0c4f8e6a1b35", "specVersion": "2.2.0", "version": 1, "created": "2025-02-14T08:00:00Z",
      "status": "Active", "companyName": "S", "companyIds": ["urn:pact:s.example:company-id:1"], "productDescription": "cap",
      "productIds": ["urn:pact:s.example:product-id:1"], "productCategoryCpc": "3342", "productNameCompany": "cap", "comment": "",
      "pcf": {"declaredUnit": "kilogram", "unitaryProductAmount": "10", "pCfExcludingBiogenic": "2.5", "fossilGhgEmissions": "2.1",
              "pCfIncludingBiogenic": "2.2", "fossilCarbonContent": "0.2", "biogenicCarbonContent": "0", "dLucGhgEmissions": "0.1",
              "landManagementGhgEmissions": "-0.05", "otherBiogenicGhgEmissions": "0.02", "biogenicCarbonWithdrawal": "-0.4",
              "characterizationFactors": "AR5", "crossSectoralStandardsUsed": ["GHG Protocol Product standard"],
              "boundaryProcessesDescription": "x", "referencePeriodStart": "2024-01-01T00:00:00Z",
              "referencePeriodEnd": "2025-01-01T00:00:00Z", "geographyCountry": "CN", "exemptedEmissionsPercent": 0,
              "exemptedEmissionsDescription": "", "packagingEmissionsIncluded": True, "packagingGhgEmissions": "0.03",
              "aircraftGhgEmissions": "0.01", "primaryDataShare": 12.5}}
case("supplier-v2", [
    product("a", carbon={"fossil": "0", "biogenic": "0.0155844155"}),
    made("2025", "a", "7 piece", [flow("1 kg", "s:" + V2["id"], name="x"), flow("3 kg", "f:steel")]),
    made("2028", "a", "7 piece", [flow("1 kg", "s:" + V2["id"], name="x")]), made("2027", "a", "7 piece", [
        flow("1 kg", "s:" + V2["id"], name="x")])], A, ("a", "2027", {}), ("a", "2028", {}), suppliers=[V2])
case("sides", [
    product("a", unit="1 tkm"), made("2025", "a", "7 tkm", [flow("3 m2", "f:floor"), flow("3 h", "f:hour"),
        flow("2 m3", "f:air"), flow("5 Nm3", "f:nair"), flow("3 Mbit.s", "f:net")]),
    *[factor(n, "1.1", u) for n, u in (("floor", "m2"), ("hour", "h"), ("air", "L"), ("nair", "Nm3"), ("net", "Mbit.s"))],
    made("2025", "b", "1 piece", [flow("3 m*2 km", "f:floor"), flow("3 piece*2 piece", "f:pc"), flow("2 h*3 piece", "f:hour")]),
    factor("pc", "0.7", "piece"), product("b")], A, ("b", "2025", {}))
case("no-product-unit", [product("a"), made("2025", "a", "1 piece", [flow("3 kg*2 h", "f:steel")])])
case("huge", [product("a"), made("2025", "a", "1 piece", [flow("999999999999999999 kg", "f:steel")])])
case("huge-shared", [product("a"), product("b"), made("2025", "a", "1 piece"), made("2025", "b", "2 piece"),
                     read("2025", "a,b", [flow("1000000000 t", "f:steel")], allocation="pieces")])
case("accepted-zero", [product("a", exemptions="none"), made("2025", "a", "1 piece", [left_out("x", "1")])])
case("no-exemptions", [{k: v for k, v in product("a").items() if k != "exemptions"}, ONE])
case("waste", [
    product("a"), factor("w", "0.1", category="waste", exclusions=["combustion"]),
    made("2025", "a", "7 piece", [flow("1 kg", "f:w", "waste", fossilCarbon="0", biogenicCarbon="0")]), product("b"),
    made("2025", "b", "7 piece", [flow("1 kg", "f:w", "waste", fossilCarbon="0.1", biogenicCarbon="0"),
                                  flow("1 kg", "f:w", "waste", "other")])], A, ("b", "2025", {}))
case("factors-that-may-not", [
    product("a"), factor("gen", "1", "kWh", category="electricity.generation", scope="direct"),
    factor("loss", "1", "kWh", category="electricity.td_loss", scope="upstream"),
    factor("grid", "1", "kWh", category="electricity.lifecycle", exclusions=["grid-losses"]),
    made("2025", "a", "7 piece", [
        flow("1 kWh", "f:gen", "energy", "1"), flow("1 kWh", "f:grid", "energy", "2"), flow("1 m3", "f:gas", "energy", "3"),
        flow("1 kWh", "f:power", "energy", "4", upstream="loss"), flow("1 m3", "f:gas", "energy", "5", upstream="gas"),
        flow("1 kWh", "f:none", "energy", "6"), flow("1 piece", "p:none", name="7"), flow("1 kg", "s:" + PACT["id"], name="8")])])
COVER = [product("a", "procurement/buy, production/make"), made("2025", "a", "9 piece", [flow("3 kg", "f:steel")], "procurement/buy")]
case("coverage", COVER + [
    made("2025-02-01..2025-06-01", "a", "3 piece", site="x"), made("2025-06-01..2025-12-01", "a", "3 piece", site="x"),
    made("2025-03-01..2025-10-01", "a", "4 piece", site="Y"), *[
        read(q, "a", [flow("3 kWh", "f:power", "energy", data=d)], site=s) for q, d, s in (
            ("2025-02-01..2025-04-01", "primary", "x"), ("2025-04-01..2025-08-01", "estimated", "x"),
            ("2025-09-01..2025-12-01", "primary", "X"), ("2025-03-01..2025-09-01", "primary", "y"))],
    read("2025-03-01..2025-11-01", "a", [flow("3 m3", "f:gas", "energy", upstream="gas-wtt")]),
    read("2025-11-01..2025-12-01", "a", [left_out("Gas", "1")]), read("2025", "a", [left_out("dust", "1"), left_out("soot", "0")])])
case("coverage-reference", COVER + [
    made("2022-05-01..2022-06-01", "a", "3 piece", [flow("3 kg", "f:steel")], appliesTo="2022-05-01..2027-01-01", site="x"),
    made("2025-02-01..2025-12-01", "a", "3 piece", site="y"),
    made("2025-03-01..2025-12-15", "a", "3 piece", [flow("3 kg", "f:steel")], recipe=True)])
case("coverage-outside", [product("a"), made("2022-05-01..2022-06-01", "a", "3 piece", [flow("3 kg", "f:steel")],
                                             appliesTo="2022-05-01..2027-01-01", site="x")])
case("nothing-but-recycling", [*R, product("a", "transport/go", recycling={"method": "cut-off", "materials": [M]})])
case("full", [product("a", **FULL), ONE])
case("loop-slow-ratings", [
    product("a", massPerDeclaredUnit="0.402511"),
    made("2025", "a", "269.19 piece", [flow("7.33 kg", "p:a")], quality={"geography": "4.000001", "technology": "1", "time": "4"}),
    read("2025-10-01..2026-01-01", "a", [flow("6.548577 kg", "g:SF6"), flow("240 kg", "f:rated")]),
    factor("rated", "0.3", quality={"geography": "3", "technology": "1.7", "time": "2.123456"})])
case("batch-share-0", [
    product("a"), made("2025-01-01..2025-02-01", "a", "9 piece", [flow("3 kg", "f:steel")], batch="x"),
    made("2025-06-01..2025-07-01", "a", "9 piece", batch="y"), read("2025-05-01..2025-09-01", "a", [flow("3 kg", "f:steel")])],
    ("a", "2025", {"batch": "x"}))
