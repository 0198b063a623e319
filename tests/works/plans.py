"""Honest works of one product. Each function draws one work; nothing in it deserves more than a note."""

from book import day, later, months, number, quarters, whole
from makers import GOODS, LIFE, PLASTICS, Goods, Maker, noise

CHAIR = Goods("oak chair", "sawn timber", "timber", 6.2, 2100, 4.1, 1.4, 0.31, "wood burnt", 0)
CASTING = Goods("pump casing", "pig iron and scrap", "pig", 14.5, 2600, 11.8, 3.2, 0.05, "rubble", 0)
TIMBER_CARBON = 0.447  # kg C per kg of kiln-dried timber


def plain(rng):
    """Monthly outputs, quarterly electricity, yearly gas, materials by the quarter."""
    work = Maker("plain", rng)
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", quarters(work.year))
    work.gas("forming", whole(work.year))
    return work


def monthly_meter(rng):
    """Everything by the month; the supplier delivers free, the goods go into cartons."""
    work = Maker("monthly meter", rng)
    work.materials(months(work.year), hauled=False)
    work.outputs("forming")
    work.electricity("forming", months(work.year))
    work.gas("forming", whole(work.year))
    work.cartons("forming", quarters(work.year))
    return work


def two_steps(rng):
    """Two processes with meters of their own; what lies between them in stock is below 2 %."""
    work = Maker("two steps", rng, processes=("forming", "finishing"))
    work.materials(quarters(work.year))
    work.outputs("forming", share=rng.uniform(1.002, 1.018))
    work.electricity("forming", months(work.year), share=0.6)
    work.gas("forming", whole(work.year))
    work.outputs("finishing")
    work.electricity("finishing", quarters(work.year), share=0.4)
    return work


def units_of_packing(rng):
    """Rejects between three steps: the first two are divided by what was packed."""
    work = Maker("units of packing", rng, processes=("forming", "washing", "packing"),
                 units_of={"forming": "packing", "washing": "packing"})
    work.materials(quarters(work.year))
    work.electricity("forming", quarters(work.year), share=1.08)
    work.gas("washing", whole(work.year))
    work.electricity("washing", months(work.year), share=0.08)
    work.outputs("packing")
    work.electricity("packing", months(work.year), share=0.05)
    work.cartons("packing", whole(work.year))
    return work


def one_process_batches(rng):
    """A batch every half month, with its own electricity; gas for the year."""
    work = Maker("batches", rng)
    work.materials(quarters(work.year))
    for at, (start, end) in enumerate(months(work.year)):
        middle = later(start, 15)
        for half, span in enumerate(((start, middle), (middle, end))):
            batch = f"B{at * 2 + half + 1:03}"
            pieces = round(work.made_in(span))
            work.made("forming", span, pieces, batch=batch)
            work.used("forming", span, "grid electricity", "energy",
                      round(pieces * work.goods.kwh * noise(rng)), "kWh", work.grid(), batch=batch)
    work.gas("forming", whole(work.year))
    return work


def winter_heater(rng):
    """A gas heater that burns from November to March; a reading of 0 for the summer."""
    work = Maker("winter heater", rng)
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", months(work.year))
    for month in (1, 2, 3, 11, 12):
        work.gas_burnt("forming", (day(work.year, month), day(work.year, month + 1)),
                       round(work.total * 0.01 * noise(rng)), flow="gas of the hall heater")
    work.gas_burnt("forming", (day(work.year, 4), day(work.year, 11)), 0, flow="gas of the hall heater")
    return work


def oil_tank(rng):
    """Heating oil by stocktaking, from New Year to New Year; water; quarterly outputs."""
    work = Maker("oil tank", rng)
    work.materials(whole(work.year))
    work.outputs("forming", quarters(work.year))
    work.electricity("forming", quarters(work.year))
    work.used("forming", work.year_span, "heating oil", "energy", round(work.total * 0.02), "L",
              work.factor("heating oil"))
    work.used("forming", work.year_span, "water", "material", round(work.total * 0.003, 1), "m3", work.factor("water"))
    return work


def two_certificates(rng, year=None):
    """A yearly flow of wind electricity with a certificate for each half; the grid for the rest."""
    work = Maker("two certificates", rng, goods=rng.choice(PLASTICS), year=year)
    work.materials(quarters(work.year))
    work.outputs("forming")
    halves = whole(work.year, 1, 6) + whole(work.year, 7, 6)
    covered = [round(work.made_in(half) * work.goods.kwh * rng.uniform(0.3, 0.5)) for half in halves]
    work.used("forming", work.year_span, "wind electricity", "energy", sum(covered) - rng.randint(0, 900), "kWh",
              work.factor("wind"), instrument="GEC-0815-1|GEC-0815-2", instrument_kwh="|".join(map(number, covered)),
              instrument_start="|".join(start for start, _ in halves),
              instrument_end="|".join(end for _, end in halves))
    work.electricity("forming", months(work.year), share=0.6)
    work.gas("forming", whole(work.year))
    return work


def one_certificate_two_processes(rng):
    """One certificate of the year before serves two processes, both within its kWh."""
    work = Maker("shared certificate", rng, processes=("forming", "finishing"))
    work.materials(quarters(work.year))
    covered = round(work.total * work.goods.kwh * 0.8)
    for process, share in (("forming", 0.45), ("finishing", 0.3)):
        work.outputs(process)
        work.used(process, work.year_span, "wind electricity", "energy", round(work.total * work.goods.kwh * share),
                  "kWh", work.factor("wind"), instrument="GEC7001..GEC7400", instrument_kwh=number(covered),
                  instrument_start=day(work.year - 1, 9), instrument_end=day(work.year, 9))
        work.electricity(process, quarters(work.year), share=0.1)
    work.gas("forming", whole(work.year))
    return work


def solar_roof(rng):
    """Electricity of the own roof, read at the roof's meter, beside the grid's."""
    work = Maker("solar roof", rng)
    work.materials(quarters(work.year))
    work.outputs("forming")
    for span, sun in zip(quarters(work.year), (0.10, 0.22, 0.2, 0.07)):
        work.used("forming", span, "solar electricity of the roof", "energy",
                  round(work.made_in(span) * work.goods.kwh * sun), "kWh", work.factor("solar"), meter="roof meter")
    work.electricity("forming", months(work.year), share=0.85)
    work.gas("forming", whole(work.year))
    return work


def started_in_july(rng):
    """The first year of a product runs from July to June, and is asked for so."""
    year = 2024
    work = Maker("started in july", rng, year=year)
    work.period = f"{day(year, 7)}..{day(year, 19)}"
    span = (day(year, 7), day(year, 19))
    counts = [round(work.goods.monthly * rng.uniform(0.4, 1.1)) for _ in range(12)]
    work.made("materials", span, sum(counts))
    bought = round(sum(counts) * work.goods.mass * (1 + work.goods.scrap))
    work.used("materials", span, work.goods.material, "material", bought, "kg", work.factor(work.goods.factor))
    work.hauled("materials", span, "material by lorry", bought / 1000, 310)
    for month, count in zip(months(year, 7), counts):
        work.made("forming", month, count)
        work.used("forming", month, "grid electricity", "energy", round(count * work.goods.kwh * noise(rng)), "kWh",
                  work.grid())
    work.gas_burnt("forming", span, round(sum(counts) * work.goods.gas))
    work.used("forming", span, "scrap", "waste", round(sum(counts) * work.goods.mass * work.goods.scrap), "kg",
              work.factor(work.goods.scrap_to))
    return work


def appliance(rng):
    """To the grave: ten years of use, stated for the pieces sold in the year."""
    work = Maker("appliance", rng, boundary="cradle-to-grave", stages=LIFE)
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", quarters(work.year))
    work.gas("forming", whole(work.year))
    work.lives_on(years=10, kwh_each=rng.uniform(0.2, 3.0))
    return work


def surveyed_use(rng):
    """To the grave: a survey of users in the year before applies to the pieces of ten years."""
    work = Maker("surveyed use", rng, boundary="cradle-to-grave", stages=LIFE)
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", months(work.year))
    work.gas("forming", whole(work.year))
    work.lives_on(years=8, kwh_each=rng.uniform(0.5, 6.0), survey=True)
    return work


def foundry(rng):
    """Gates and risers go back into the melt, in the same works: only what leaves it is stated."""
    work = Maker("foundry", rng, goods=CASTING, processes=("melting", "machining"), units_of={"melting": "machining"})
    work.materials(months(work.year), scrap_in="machining")
    work.electricity("melting", months(work.year), share=0.9)
    work.gas("melting", quarters(work.year))
    work.outputs("machining")
    work.electricity("machining", quarters(work.year), share=0.1)
    return work


def many_deliveries(rng):
    """Three materials: one hauled by the month, one delivered by the quarter, one delivered once."""
    work = Maker("deliveries", rng, goods=GOODS[0])
    work.materials(months(work.year))
    for span in quarters(work.year):
        work.used("materials", span, "screws", "material", round(work.made_in(span) * 0.012, 1), "kg",
                  work.factor("screws"), delivered="yes")
    work.used("materials", work.year_span, "powder paint", "material", round(work.total * 0.008, 1), "kg",
              work.factor("paint"), delivered="yes")
    work.outputs("forming")
    work.electricity("forming", quarters(work.year))
    work.gas("forming", months(work.year))
    return work


def chair(rng, boundary="cradle-to-gate", stages=()):
    """Timber with the carbon that it holds; supplier and maker round it, by about 0.5 %."""
    carbon = round(CHAIR.mass * TIMBER_CARBON, 2)
    work = Maker("chair", rng, goods=CHAIR, processes=("joinery",), boundary=boundary, stages=stages,
                 biogenic_carbon_kg=carbon)
    work.materials(quarters(work.year), scrap_in="joinery")
    taken_up = 1.639 * rng.uniform(0.997, 1.003)  # kg CO2 per kg of timber, as the supplier rounds it
    bought = sum(float(row["amount"]) for row in work.rows(kind="material"))
    scrap = work.rows(flow="scrap")[0]
    scrap["flow"] = "offcuts, burnt elsewhere"
    offcuts = bought - work.total * CHAIR.mass
    work.used("materials", work.year_span, "carbon dioxide taken up by the timber", "emission",
              -round(bought * taken_up), "kg", "gas:CO2_biogenic")
    work.used("joinery", work.year_span, "carbon dioxide of the offcuts", "emission", round(offcuts * taken_up), "kg",
              "gas:CO2_biogenic")
    work.outputs("joinery")
    work.electricity("joinery", quarters(work.year))
    work.gas("joinery", whole(work.year))
    return work


def chair_to_the_grave(rng):
    """The same chair, hauled to retail and burnt at its end."""
    work = chair(rng, "cradle-to-grave", (("transport", "distribution"), ("recycling", "end of life")))
    work.name = "chair to the grave"
    work.lives_on()
    work.used("end of life", work.year_span, "carbon dioxide of the burnt chairs", "emission",
              round(work.total * CHAIR.mass * 1.64), "kg", "gas:CO2_biogenic", site="", data="secondary")
    return work


def standstill(rng):
    """August stands still, stated as an output of 0; the meter runs on."""
    work = Maker("standstill", rng)
    work.pieces[7] = 0
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", months(work.year))
    work.gas("forming", whole(work.year))
    return work


def estimated_month(rng):
    """The meter was broken in one month, which is estimated and says so."""
    work = Maker("estimated month", rng)
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", months(work.year))
    rng.choice(work.rows(flow="grid electricity"))["data"] = "estimated"
    work.gas("forming", whole(work.year))
    return work


def two_meters(rng):
    """Two meters of one kind in one process, each named."""
    work = Maker("two meters", rng)
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", months(work.year), share=0.7, meter="hall 1")
    work.electricity("forming", quarters(work.year), share=0.3, meter="hall 2")
    work.gas("forming", whole(work.year))
    return work


def two_years(rng):
    """Two years of data; the second is asked for."""
    work = Maker("two years", rng, year=2024)
    work.materials(quarters(2024))
    work.outputs("forming")
    work.electricity("forming", months(2024))
    work.gas("forming", whole(2024))
    before = Maker("two years", rng, goods=work.goods, year=2023, country=work.country)
    before.site, before.activities = work.site, work.activities
    before.pieces = [round(count * rng.uniform(0.8, 1.1)) for count in work.pieces]
    before.materials(quarters(2023))
    before.outputs("forming")
    before.electricity("forming", months(2023))
    before.gas("forming", whole(2023))
    work.factors.update(before.factors)
    work.library |= before.library
    return work


PLANS = [plain, monthly_meter, two_steps, units_of_packing, one_process_batches, winter_heater, oil_tank,
         two_certificates, one_certificate_two_processes, solar_roof, started_in_july, appliance,
         surveyed_use, foundry, many_deliveries, chair, chair_to_the_grave, standstill, estimated_month,
         two_meters, two_years]
