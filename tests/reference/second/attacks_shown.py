"""Attacks on proofs that withhold something: bodies, the publication's body, or the list of sources."""
from .attacks import ATTACKS, UNCHECKED, attack, end, start, unchecked, usual
from .attacks_said import finding, opinion
from .forge import PRODUCT, TAG_SALT, factor, made, product, read, tag
from .numbers import co2e, half_even, spell
from .publication import used_of

OTHER = "urn:pact:forge.example:product-id:b"
RECYCLING = {"method": "cff", "materials": [
    {"material": "steel", "kg": "1", "R1": "0", "R2": "1", "R3": "0", "A": "1", "Ev": "steel"}]}
UNIT = co2e("0.001")  # of the rounded figures; the total of the usual log is 2/3 kg


def hidden(log):
    """Shows no body, no list of sources and no factor."""
    return {"alone": True, "withheld": [log.act], "sources": False, "drop": [log.steel]}


def of(name, source="factor"):
    """The body of an activity with one flow."""
    unit = "kg" if source == "factor" else "piece"
    return {"flows": [{"amount": "3", source: name, "kind": "material", "name": "x", "unit": unit}]}


def with_input(log):
    """The product asked for takes in another product, which is made of steel."""
    log.steel, log.product = log.submit("maker", factor(), product())
    log.b, log.b_made = log.submit("maker", product(ident=OTHER, name="B"), made(ident=OTHER, body=of("steel")))
    log.act = log.submit("maker", made(body=of(OTHER, "product")))[0]


# Proofs without the list of sources.


@unchecked
def good_nothing_shown():
    log = start()
    usual(log)
    return end(log, **hidden(log))


@unchecked
def good_nothing_shown_with_stages():
    log = start()
    usual(log)
    return end(log, **hidden(log), showsStages=True)


@unchecked
def good_exact_figures_alone():
    log = start()
    usual(log)
    return end(log, **{**hidden(log), "alone": False})


@unchecked
def good_sources_not_listed():
    """The file has every used body, but no list that says so."""
    log = start()
    usual(log)
    return end(log, sources=False)


@unchecked
def good_one_body_shown():
    log = start()
    usual(log)
    log.more, log.reading = log.submit("maker", factor(name="more"), read(body=of("more")))
    return end(log, withheld=[log.reading], sources=False, drop=[log.more])


@unchecked
def good_input_of_a_shown_body():
    """The body of the product's activity names the input; the input's own body is withheld."""
    log = start()
    with_input(log)
    return end(log, withheld=[log.b_made], sources=False, drop=[log.steel])


@unchecked
def good_output_of_a_shown_body():
    """Only the input's own body names the input, as an output."""
    log = start()
    with_input(log)
    return end(log, withheld=[log.act], sources=False)


@unchecked
def good_product_of_a_shown_reading():
    """Only the body of a reading, which two products share, names the other product."""
    log = start()
    usual(log)
    log.b, log.b_made = log.submit("maker", product(ident=OTHER, name="B"), made(ident=OTHER, flows=False))
    both = {"for": [{"product": tag(TAG_SALT, i)} for i in (PRODUCT, OTHER)]}
    log.submit("maker", read(header=both, body={"allocation": "pieces", "for": [PRODUCT, OTHER]}))
    return end(log, withheld=[log.act, log.b_made], sources=False)


@unchecked
def good_own_recycling():
    """The product's statement names the factor of its recycling."""
    log = start()
    log.steel, log.product = log.submit("maker", factor(), product(recycling=RECYCLING))
    log.act = log.submit("maker", made(flows=False))[0]
    return end(log, alone=True, withheld=[log.act], sources=False)


@attack
def hidden_recycling_of_an_input():
    """Only the statement of an input names the factor."""
    log = start()
    log.steel, log.product, log.b = log.submit("maker", factor(), product(), product(
        ident=OTHER, name="B", recycling=RECYCLING))
    log.submit("maker", made(ident=OTHER, flows=False), made(body=of(OTHER, "product")))
    return end(log, sources=False)


@unchecked
def good_factor_without_its_body():
    log = start()
    closed = factor()
    header = {k: closed.pop(k) for k in ("type", "by", "factor")}
    closed.pop("open")
    log.steel, log.product = log.submit("maker", (header, closed), product())
    log.act = log.submit("maker", made())[0]
    return end(log, withheld=[log.steel], sources=False)


@unchecked
def good_hidden_opinion():
    log = start()
    usual(log)
    return end(log, **hidden(log), then=[("auditor", opinion("auditor", log))])


@attack
def hidden_opinion_on_other_figures():
    log = start()
    usual(log)
    return end(log, **hidden(log), then=[("auditor", opinion("auditor", log, figures="00" * 32))])


@attack
def hidden_source_that_enters_nothing():
    log = start()
    usual(log)
    log.submit("maker", factor(name="more"))
    return end(log, sources=False)


@attack
def hidden_source_of_a_withheld_body():
    log = start()
    usual(log)
    return end(log, withheld=[log.act], sources=False)


@attack
def hidden_input_of_withheld_bodies():
    log = start()
    with_input(log)
    return end(log, withheld=[log.act, log.b_made], sources=False, drop=[log.steel])


@attack
def hidden_source_of_an_unused_body():
    """Only the body of an activity that is not used names the factor."""
    log = start()
    usual(log)
    log.submit("maker", factor(name="more"))
    log.b, log.b_made = log.submit("maker", product(ident=OTHER, name="B"), made(ident=OTHER, body=of("more")))
    return end(log, sources=False, drop=[log.b])


@attack
def hidden_source_replaced():
    """A body names the factor, and this version of it no longer held."""
    log = start()
    usual(log)
    log.newer = log.submit("maker", {**factor(value="3"), "replaces": log.steel})[0]
    return end(log, used=[log.newer, log.product, log.act], sources=False)


@attack
def hidden_source_of_later():
    """A body names the factor, and this version of it came after the publication."""
    log = start()
    usual(log)
    return end(log, sources=False, drop=[log.steel], then=[("maker", {**factor(value="3"), "replaces": log.steel})])


@unchecked
def good_sources_listed_and_a_body_withheld():
    log = start()
    usual(log)
    return end(log, withheld=[log.act])


# The two sets of `used`.


def with_used(name, change, show=None, **more):
    """A proof or publication with another `used`. `change` gets the log, the publication, and copies of both lists."""
    def run():
        log = start()
        usual(log)
        return end(log, change=lambda d: change(log, d, {k: list(v) for k, v in log.used.items()}),
                   **(show(log) if show else {}), **more)
    ATTACKS[name] = run


def another_root(part):
    return lambda _log, d, _used: d["used"][part].update(root="00" * 32)


def publish(log, d, activities, sources):
    """Lists other sets, in the proof and in the publication."""
    log.used = {"activities": sorted(activities), "sources": sorted(sources)}
    d["used"] = used_of(**log.used)


def activity_as_a_source(log, d, used):
    publish(log, d, [], used["sources"] + used["activities"])


def source_as_an_activity(log, d, used):
    publish(log, d, [*used["activities"], log.steel], [log.product])


def one_in_both(log, d, used):
    publish(log, d, used["activities"], used["sources"] + used["activities"])


def no_sources(log, d, used):
    """An empty list is a second spelling of a list that is left out."""
    publish(log, d, used["activities"], [])


def unsorted(log, _d, used):
    log.used = {**used, "sources": sorted(used["sources"], reverse=True)}


def one_more_listed(log, _d, used):
    log.used = {**used, "activities": sorted([*used["activities"], "11" * 32])}


def one_more_counted(_log, d, _used):
    d["used"]["activities"].update(count="2")


for bent_used in (activity_as_a_source, source_as_an_activity, one_in_both, no_sources, unsorted, one_more_listed,
                  one_more_counted):
    with_used("used_" + bent_used.__name__, bent_used)
for bent_part in ("activities", "sources"):
    with_used("used_root_of_" + bent_part, another_root(bent_part))
    with_used("alone_used_root_of_" + bent_part, another_root(bent_part), alone=True)
with_used("hidden_used_root_of_activities", another_root("activities"), hidden)
with_used("hidden_used_one_more_counted", one_more_counted, hidden)


# The publication without its body.


@attack
def good_alone():
    log = start()
    usual(log)
    return end(log, alone=True)


@attack
def good_alone_with_stages():
    log = start()
    usual(log)
    return end(log, alone=True, showsStages=True)


@attack
def good_alone_opinion():
    log = start()
    usual(log)
    return end(log, alone=True, then=[("auditor", opinion("auditor", log))])


@attack
def alone_coverage_wrong():
    log = start()
    usual(log)
    return end(log, alone=True, change=lambda d: d["coverage"].update(measured="364"))


def header_bent(name, bend, show=None, **more):
    """A header that does not follow from its body, and the body is withheld. `bend` gets the figures and the header."""
    def run():
        log = start()
        usual(log)
        shown = show(log) if show else {"alone": True}
        return end(log, bend=lambda header: bend(header["figures"], header), **shown, **more)
    ATTACKS[name] = run
    if name.startswith("good_hidden"):
        UNCHECKED.add(name)


def shift(units, *intervals):
    for interval in intervals:
        for edge in ("low", "high"):
            interval[edge] = spell(co2e(interval[edge]) + units * UNIT)


def total_by(units):
    """Moves a total. The sum of its seven categories is uncertain by 3.5 units to each side, the total by 0.5."""
    return lambda f, _header: shift(units, f["gate"]["excludingUptake"])


def everything_by(units, figures_of):
    """Moves a category together with both totals."""
    def bend(f, _header):
        found = figures_of(f)
        shift(units, found["categories"]["fossilGhgEmissions"], found["excludingUptake"], found["includingUptake"])
    return bend


def gate_by(units):
    return everything_by(units, lambda f: f["gate"])


def stage_by(units):
    """The sum of two stages is uncertain by 1 unit to each side, the gate by 0.5."""
    return everything_by(units, lambda f: f["stages"][-1]["figures"])


def stage_total(f, _header):
    """A total that can follow from the categories of its stage, but the total to the gate cannot follow from it."""
    shift(3, f["stages"][-1]["figures"]["excludingUptake"])


def stages_reversed(f, _header):
    f["stages"].reverse()


def grave_of_a_gate(f, _header):
    f["grave"] = f["gate"]


def another_share(f, _header):
    f["primaryDataShare"] = "12"


def wide_interval(f, _header):
    f["gate"]["categories"]["packagingGhgEmissions"].update(high="0.001", low="-0.001")


def interval_off_the_grid(f, _header):
    f["gate"]["categories"]["packagingGhgEmissions"].update(high="0.0006", low="-0.0004")


def wide_unit(f, _header):
    """Intervals of 1,000 kg, which say nothing about a product of 2/3 kg."""
    f["unit"] = "1000"
    for interval in (*f["gate"]["categories"].values(), f["gate"]["excludingUptake"], f["gate"]["includingUptake"]):
        interval.update(high="500", low="-500")


def sets_unsorted(f, _header):
    f["gwp"] = ["AR6", "AR5"]


def claims_unsorted(_f, header):
    header["claims"] = [{"basis": "stated", "standard": name} for name in ("B", "A")]


def estimate_below_zero(_f, header):
    header["accepted"] = [{"percent": "-1", "rule": "output-days"}]


header_bent("good_hidden_total_that_just_fits", total_by(4), hidden)
header_bent("hidden_total_above_its_parts", total_by(5), hidden)
header_bent("hidden_total_below_its_parts", total_by(-5), hidden)
header_bent("alone_total_that_just_fits", total_by(4))
header_bent("alone_gate_by_one_unit", gate_by(1))
header_bent("good_hidden_stage_that_just_fits", stage_by(1), hidden, showsStages=True)
header_bent("hidden_stage_beyond_the_gate", stage_by(2), hidden, showsStages=True)
header_bent("hidden_stage_total_beyond_the_gate", stage_total, hidden, showsStages=True)
header_bent("alone_stage_that_just_fits", stage_by(1), showsStages=True)
header_bent("hidden_stages_reversed", stages_reversed, hidden, showsStages=True)
header_bent("hidden_grave_of_a_gate", grave_of_a_gate, hidden)
header_bent("alone_another_share", another_share)
for bent_form in (wide_interval, interval_off_the_grid, wide_unit, sets_unsorted, claims_unsorted, estimate_below_zero):
    header_bent("hidden_" + bent_form.__name__, bent_form, hidden)


# Estimates and reasons of accepted findings, which only the body has.


@unchecked
def good_alone_with_an_estimate():
    log = start()
    usual(log, exemptions="none")

    def change(d):
        left, gate = co2e("0.01"), co2e(d["figures"]["gate"]["excludingUptake"])
        d["figures"]["exemptedEmissionsPercent"] = spell(half_even(100 * left / (gate + left), 6), 6)
        d["accepted"] = [finding("0.01")]
    return end(log, alone=True, change=change)


def unstated(name, reason, **more):
    """A factor without a GWP set, under a claim of PACT-3.0. Without `reason` the finding is not accepted."""
    def run():
        log = start()
        log.submit("maker", {**factor(), "gwp": "unstated"},
                   product(exemptions="none", ccsIncluded=False, packaging={"included": False}))
        log.submit("maker", made())
        said = {"finding": "11" * 32, "reason": reason, "rule": "gwp-unstated", "sentence": "x"}
        claims = [{"basis": "checked", "standard": "PACT-3.0"}]
        return end(log, claims=claims, accepted=[said] if reason else None, **more)
    ATTACKS[name] = run


unstated("good_unstated_set", "AR6 by the source")
unstated("unstated_set_without_a_name", "small")
unstated("unstated_set_not_accepted", None)
unstated("good_alone_unstated_set", "small", alone=True)
unstated("alone_unstated_set_not_accepted", None, alone=True)
