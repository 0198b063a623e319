"""Ledgers for what the calculation does since it was mended (7.5, 8.2 to 8.4, 9.3, 12.3, 14.3, 15.2, 20.2)."""
from .cases import F
from .cases_more import FULL, M, R, claim, powered, standing
from .make import activity, flow, left_out, made, product, read

CASES = {}
A, B = ("a", "2025", {}), ("b", "2025", {})


def case(name, drafts, *questions, suppliers=(), after=()):
    CASES[name] = (F + drafts, questions or (A,), suppliers, after)


def tool(year, amount, kg, **more):
    return made(year, "a", amount, [flow(kg, "f:steel")], "design/tool", appliesTo=year + "-01-01..2028-01-01", **more)


def corrected(*drafts):
    """Records again what replaces what is there."""
    return lambda ledger: ledger.record(list(drafts), "--correct")


TOOL = product("a", "design/tool, production/make", designAtGate=True)
ONE = made("2025", "a", "7 piece", [flow("1 kg", "f:steel")])
case("applies-three-sites", [TOOL, ONE, tool("2023", "100 piece", "90 kg", site="x"), tool("2022", "70 piece", "5 kg", site="y"),
                             tool("2021", "50 piece", "3 kg")])
case("applies-dropped-replaces-nothing", [TOOL, ONE, tool("2023", "100 piece", "90 kg", site="x"), tool("2022", "70 piece", "5 kg"),
                                          tool("2021", "50 piece", "3 kg", site="y")])
case("applies-tie-of-dropped", [TOOL, ONE, tool("2023", "100 piece", "90 kg"), tool("2022", "70 piece", "5 kg", site="x"),
                                made("2022-07-01..2023-01-01", "a", "3 piece", [flow("1 kg", "f:steel")], "design/tool",
                                     appliesTo="2022-01-01..2028-01-01", site="x")])
case("applies-tie-apart", [TOOL, ONE, tool("2022", "100 piece", "90 kg", site="x"), tool("2022", "70 piece", "5 kg", site="y")])

HALL = [product("a", massPerDeclaredUnit="1.5"), product("b", massPerDeclaredUnit="0.4")]
RULED = [product("a", massPerDeclaredUnit="1.5", rules=[{"name": "PCR", "operator": "EPD International"}]), HALL[1]]
WORTH = [activity("2025", "production/make", [("a", "10 piece", {"value": "70"})]),
         activity("2025", "production/make", [("b", "20 piece", {"value": "13"})])]
for name, products in (("rule", RULED), ("no-rule", HALL)):
    case("read-by-price-" + name, [*products, *WORTH, read("2025", "a,b", [flow("33 kg", "f:steel")], allocation="price")], A, B)
case("read-nothing", [*HALL, made("2025", "b", "0 piece", site="y"), made("2025", "a", "3 piece", site="x"),
                      read("2025", "a,b", [flow("0 kg", "f:steel"), flow("0 kg*5 km", "f:lorry", "transport", upstream="lorry-wtt"),
                                           left_out("dust", "0")], allocation="pieces", site="y")])
case("read-something-of-nothing", [*HALL, made("2025", "b", "0 piece", site="y"), made("2025", "a", "3 piece", site="x"),
                                   read("2025", "a,b", [flow("0 kg", "f:steel"), left_out("dust", "0.1")], allocation="pieces",
                                        site="y")])
case("read-nothing-of-nobody", [*HALL, made("2025", "a", "3 piece", site="x"),
                                read("2025", "a,b", [flow("0 kg", "f:steel")], allocation="pieces", site="y")])
case("partial-elsewhere", [*HALL, made("2025", "a", "3 piece", site="x"), made("2025", "b", "5 piece", site="x"),
                           made("2024-07-01..2025-03-01", "b", "9 piece", site="y"),
                           read("2025", "a,b", [flow("33 kg", "f:steel")], allocation="pieces", site="x")], A, B)
case("partial-here", [*HALL, made("2025", "a", "3 piece", site="x"), made("2025", "b", "5 piece", site="x"),
                      made("2024-07-01..2025-03-01", "b", "9 piece"),
                      read("2025", "a,b", [flow("33 kg", "f:steel")], allocation="pieces", site="x")])
case("overlap-elsewhere", [*HALL, made("2025", "a", "3 piece", site="x"), made("2025", "b", "5 piece", site="x"),
                           made("2025", "b", "9 piece", site="y"), made("2025-02-01..2025-03-01", "b", "9 piece", site="y"),
                           read("2025", "a,b", [flow("33 kg", "f:steel")], allocation="pieces", site="x")], A, B)
for name, first in (("zero-first", "0 piece"), ("some-first", "3 piece")):
    case("values-" + name, [*HALL, product("c", massPerDeclaredUnit="1"), activity("2025", "production/make", [
        ("a", first, {"value": "0" if first[0] == "0" else "30"}), ("b", "10 piece", {"value": "100"}), ("c", "20 piece", {"value": "10"})],
        (), [flow("9 kg", "f:steel")], allocation="mass")], ("b", "2025", {}), ("c", "2025", {}))
case("claims-scenario-folded", [
    product("a", "production/make, use/wash"), product("b"), ONE,
    powered("b", "600 kWh", [claim("GEC-1", "1000")]),
    activity("2025", "use/wash", [("a", "7 piece")], (), [flow("500 kWh", "f:power", "energy", instruments=[claim("gec 1", "1000")])],
             scenario="Cold wash")], ("b", "2025", {"scenario": "cold–wash"}), ("b", "2025", {}), ("a", "2025", {"scenario": "COLD wash"}))
GRAVE = "production/make, recycling/collect"
for boundary in ("cradle-to-gate", "cradle-to-grave"):
    inner = [product("in", GRAVE, boundary=boundary, recycling={"method": "cff", "materials": [M]}),
             made("2025", "in", "7 piece", [flow("1 kg", "f:steel")]), made("2025", "in", "7 piece", [flow("0.1 kg", "f:steel")],
                                                                             "recycling/collect")]
    case("shared-content-" + boundary, [*R, *inner, product("a", GRAVE, boundary="cradle-to-grave"),
         made("2025", "a", "3 piece", [flow("2 piece", "p:in")]), made("2025", "a", "3 piece", [flow("0.2 kg", "f:steel")],
                                                                       "recycling/collect")],
         A, ("a", "2025", {"boundary": "cradle-to-gate"}), ("in", "2025", {}), ("in", "2025", {"boundary": "cradle-to-gate"}))
IN = product("in", unit="2 kg", **FULL)
MADE_IN = made("2024", "in", "7 kg", [flow("3 kWh", "f:power", "energy", data="primary"), flow("1.2345 kg", "f:steel")])
AFTER = ("2 kg", "3 kg", "7 g", "2 piece")
for unit in AFTER:
    case("stand-in-of-" + unit.replace(" ", ""), [IN, product("a"), MADE_IN, made("2025", "a", "3 piece", [
        flow(unit, "p:in"), flow("1 kWh", "f:power", "energy")])], A, ("a", "2025", {"gwp": "AR5"}),
         after=[standing, corrected(product("in", unit=unit, **{**FULL, "massPerDeclaredUnit": "1"} if "kg" not in unit else FULL))])
RECIPE = [flow("3 kg", "f:steel")]
case("recipe-alone", [product("a"), made("2020-01-01..2030-01-01", "a", "1 piece", RECIPE, recipe=True)], A)
case("recipe-and-measured", [product("a"), made("2020-01-01..2030-01-01", "a", "1 piece", RECIPE, recipe=True),
                             made("2025-02-01..2025-09-01", "a", "5 piece", [flow("1 kg", "g:CO2")])], A)
case("recipe-that-applies", [product("a"), made("2022-01-01..2022-07-01", "a", "1 piece", RECIPE, recipe=True,
                                                appliesTo="2022-01-01..2030-01-01"),
                             made("2025-02-01..2025-09-01", "a", "5 piece", [flow("1 kg", "g:CO2")])], A)
case("recipe-later", [product("a"), made("2027-01-01..2027-07-01", "a", "1 piece", RECIPE, recipe=True,
                                         appliesTo="2022-01-01..2030-01-01")], A)
case("recipe-inside", [product("a"), made("2025-03-01..2025-05-01", "a", "1 piece", RECIPE, recipe=True)], A)
