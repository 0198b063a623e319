"""Ledgers to try: name -> (drafts, questions). A question is (product, period, more)."""
from .make import activity, factor, flow, made, product, read

F = [factor("steel", "2.1234567"), factor("power", "0.5777", "kWh", category="electricity.lifecycle"),
     factor("gas", "2.06672", "m3", category="fuel.combustion", scope="direct"),
     factor("gas-wtt", "0.3366", "m3", category="fuel.wtt", scope="upstream"),
     factor("lorry", "0.07703", "tkm", category="transport.freight", scope="direct"),
     factor("lorry-wtt", "0.01799", "tkm", category="transport.freight_wtt", scope="upstream")]
CASES = {}


def case(name, drafts, *questions, suppliers=(), after=()):
    CASES[name] = (F + drafts, questions, suppliers, after)


case("plain", [
    product("a"), made("2025", "a", "3 piece", [flow("10 kg", "f:steel"), flow("100 MJ", "f:power", "energy")])], ("a", "2025", {}))
case("units", [
    product("a", unit="2.5 kg"), made("2025", "a", "7 t", [
        flow("100 lb", "f:steel"), flow("3 tce", "f:power", "energy"), flow("4.1 t*803 km", "f:lorry", "transport",
                                                                            upstream="lorry-wtt"),
        flow("0.333 m3", "f:gas", "energy", upstream="gas-wtt"), flow("7 piece*13 g", "f:steel", name="screws")])],
    ("a", "2025", {}))
case("mass-link", [
    product("a", massPerDeclaredUnit="0.7"), made("2025", "a", "3 kg", [flow("1 kg", "f:steel")]),
    product("b"), made("2025", "b", "3 piece", [flow("5 kg", "p:a"), flow("2 piece", "p:a", name="whole")])],
    ("a", "2025", {}), ("b", "2025", {}))
HALL = [product("a", massPerDeclaredUnit="1.5"), product("b", massPerDeclaredUnit="0.4"), product("c")]
case("shared-quarters", HALL[:2] + [
    made("2025-01-01..2025-04-01", "a", "100 piece"), made("2025-04-01..2025-07-01", "a", "0 piece"),
    made("2025-07-01..2025-10-01", "a", "0 piece"), made("2025-10-01..2026-01-01", "a", "50 piece"),
    made("2025-01-01..2025-04-01", "b", "100 piece"), made("2025-04-01..2025-07-01", "b", "200 piece"),
    made("2025-07-01..2025-10-01", "b", "0 piece"), made("2025-10-01..2026-01-01", "b", "50 piece")] + [
    read(q, "*", [flow(kwh + " kWh", "f:power", "energy")], allocation="mass")
    for q, kwh in (("2025-01-01..2025-04-01", "400"), ("2025-04-01..2025-07-01", "403"), ("2025-07-01..2025-10-01", "90"),
                   ("2025-10-01..2026-01-01", "100"))], ("a", "2025", {}), ("b", "2025", {}))
case("shared-campaign", HALL[:2] + [
    made("2025-01-15..2025-02-10", "a", "10 piece"), made("2025-02-10..2025-03-05", "b", "20 piece"),
    made("2025-03-05..2025-04-01", "a", "30 piece"), read("2025-02-01..2025-03-01", "a,b", [flow("90 kg", "g:CO2")],
                                                          allocation="pieces")], ("a", "2025", {}), ("b", "2025", {}))
case("shared-sites", HALL[:2] + [
    made("2025", "a", "10 piece", site="North hall"), made("2025", "a", "11 piece", site="South"),
    made("2025", "b", "20 piece", site="NORTH–HALL"),
    read("2025", "*", [flow("77 kWh", "f:power", "energy")], allocation="pieces", site="north hall"),
    read("2025", "*", [flow("7 kWh", "f:power", "energy", name="roof")], allocation="mass"),
    read("2025", "a", [flow("5 kWh", "f:power", "energy", name="own")], site="South")], ("a", "2025", {}), ("b", "2025", {}))
case("shared-keys", HALL[:2] + [
    activity("2025", "production/make", [("a", "10 piece", {"keys": {"Machine hours": "3.7"}, "value": "100"})]),
    activity("2025", "production/make", [("b", "13 piece", {"keys": {"machine-hours": "11"}, "value": "17.5"})]),
    read("2025", "a,b", [flow("90 kg", "g:CO2")], allocation="machine hours"),
    read("2025", "a,b", [flow("33 kg", "f:steel")], allocation="price")], ("a", "2025", {}), ("b", "2025", {}))
BATCH = [product("a"), made("2025-01-01..2025-07-01", "a", "10 piece", batch="b1"),
         made("2025-07-01..2026-01-01", "a", "30 piece", batch="B 2"),
         read("2025", "a", [flow("80 kg", "g:CO2")]), read("2025", "a", [flow("5 kg", "g:CO2", name="x")], batch="b1")]
case("batches", BATCH, ("a", "2025", {}), ("a", "2025", {"batch": "b1"}), ("a", "2025", {"batch": "b-2"}),
     ("a", "2025", {"batch": "other"}))
case("batch-shared", HALL[:2] + [
    made("2025", "a", "10 piece", batch="b1"), made("2025", "a", "5 piece", batch="b2"), made("2025", "b", "20 piece"),
    read("2025", "*", [flow("71 kWh", "f:power", "energy")], allocation="pieces"),
    read("2025", "a,b", [flow("3 kg", "f:steel")], allocation="mass", batch="b1")],
    ("a", "2025", {"batch": "b1"}), ("a", "2025", {"batch": "b2"}), ("a", "2025", {}), ("b", "2025", {}))
for method, more in (("mass", {}), ("pieces", {}), ("price", {}), ("price", {"value": True}), ("energy", {"key": True})):
    outs = []
    for n, amount in (("a", "100 piece"), ("b", "70 piece"), ("c", "30 piece")):
        extra = {}
        if more.get("value") or method == "price":
            extra["value"] = {"a": "5000", "b": "300", "c": "40"}[n]
        if more.get("key"):
            extra["keys"] = {"energy": {"a": "1", "b": "2.5", "c": "4.25"}[n]}
        outs.append((n, amount, extra))
    case("joint-%s-%d" % (method, len(more)), [
        *HALL[:2], product("c", massPerDeclaredUnit="0.033"),
        activity("2025", "production/make", outs, (), [flow("1000 kg", "f:steel"), flow("10 kg", "g:CH4_biogenic")],
                 allocation=method)], ("a", "2025", {}), ("b", "2025", {}), ("c", "2025", {}))
case("joint-huge", [product("a", unit="1 kg"), product("b", unit="1 kg"),
    activity("2025", "production/make", [("a", "10000000000 kg"), ("b", "0.000003 kg")], (), [
        flow("10000000000 kg", "f:steel")], allocation="mass")], ("a", "2025", {}), ("b", "2025", {}))
case("joint-rule", [product("a", unit="1 kg", rules=[{"name": "PCR", "operator": "EPD International"}]), product("b", unit="1 kg"),
    activity("2025", "production/make", [("a", "10 kg", {"value": "100"}), ("b", "1 kg", {"value": "1"})], (), [
        flow("10 kg", "f:steel")], allocation="mass")], ("a", "2025", {}), ("b", "2025", {}))
LOOP = [product("a", unit="1 piece"), product("b"),
        made("2025", "a", "10 piece", [flow("100 kg", "g:CO2"), flow("1 piece", "p:b")]),
        made("2025", "b", "10 piece", [flow("50 kg", "g:CO2"), flow("2 piece", "p:a")])]
case("loop", LOOP, ("a", "2025", {}), ("b", "2025", {}))
case("loop-three", [
    product("a", massPerDeclaredUnit="2"), product("b", unit="1 kg"), product("c", "procurement/buy, production/make"),
    made("2025", "a", "7 piece", [flow("3 kg", "p:b", data="primary"), flow("11 kWh", "f:power", "energy", data="primary"),
                                  flow("0.3 piece", "p:c", "packaging", name="crate")],
         quality={"geography": "1", "technology": "2.5", "time": "3"}),
    made("2025", "b", "11 kg", [flow("0.5 piece", "p:a"), flow("1 kg", "p:b", name="own"), flow("3 kg", "f:steel", "aircraft")]),
    made("2025", "c", "13 piece", [flow("1.7 kg", "p:a", "aircraft")], "procurement/buy"),
    made("2025", "c", "13 piece", [flow("9 kg", "p:b"), flow("2 kg", "g:CH4_biogenic")])],
    ("a", "2025", {}), ("b", "2025", {}), ("c", "2025", {}))
case("loop-too-much", [product("a"), product("b"), made("2025", "a", "10 piece", [flow("10 piece", "p:b"), flow("1 kg", "g:CO2")]),
                       made("2025", "b", "10 piece", [flow("10 piece", "p:a")])], ("a", "2025", {}))
case("loop-credit", [product("a"), product("b"), made("2025", "a", "10 piece", [flow("30 piece", "p:b"), flow("1 kg", "g:CO2")]),
                     made("2025", "b", "10 piece", [flow("-5 piece", "p:a", substitutes="x"), flow("2 kg", "f:steel")])],
     ("a", "2025", {}), ("b", "2025", {}))
case("loop-use", [product("a", "production/make, use/repair", boundary="cradle-to-grave"), product("b"),
    made("2025", "a", "7 piece", [flow("10 kg", "g:CO2"), flow("1 piece", "p:b"), flow("0.1 piece", "p:a", name="own")]),
    made("2025", "b", "3 piece", [flow("5 kg", "g:CO2"), flow("0.2 piece", "p:a")]),
    made("2025", "a", "9 piece", [flow("0.7 piece", "p:a", name="spare"), flow("1 piece", "p:b", name="part")], "use/repair")],
    ("a", "2025", {}), ("b", "2025", {}))
