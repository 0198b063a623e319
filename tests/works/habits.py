"""More honest works of one product: other calendars, heated halls, corrections, excluded flows, tools."""

from book import day, later, months, number, quarters, whole
from makers import GOODS, LIFE, PLASTICS, Goods, Maker, noise, overlap

PREMIX = Goods("mineral premix", "minerals", "flour", 1.0, 90000, 0.09, 0.05, 0.01, "rubble", 0)
DEGREE_DAYS = (0.19, 0.16, 0.13, 0.08, 0.03, 0.01, 0.01, 0.01, 0.03, 0.08, 0.12, 0.15)


def heated_hall(rng):
    """Gas heats the hall and the water: read by the month, it follows the weather and not the pieces."""
    work = Maker("heated hall", rng, goods=rng.choice(PLASTICS))
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", months(work.year))
    for span, share in zip(months(work.year), DEGREE_DAYS):
        work.gas_burnt("forming", span, round(work.total * work.goods.gas * share * noise(rng)))
    return work


def bulk(rng):
    """A product declared per kg and made in tonnes, in bags."""
    work = Maker("bulk", rng, goods=PREMIX, processes=("mixing",), unit="kg")
    work.materials(months(work.year), scrap_in="mixing")
    work.rows(process="materials", output=str(work.total))[0].update(output=number(work.total / 1000), output_unit="t")
    for span in months(work.year):
        work.made("mixing", span, round(work.made_in(span)) / 1000, unit="t")
    work.electricity("mixing", months(work.year))
    work.gas("mixing", whole(work.year))
    work.used("mixing", work.year_span, "bags of PE", "packaging", round(work.total * 0.004), "kg",
              work.factor("pe film"), delivered="yes")
    return work


def odd_bills(rng):
    """Electricity is read in the middle of the month, and at New Year."""
    work = Maker("odd bills", rng)
    work.materials(quarters(work.year))
    work.outputs("forming")
    middles = [later(day(work.year, month), rng.randint(10, 18)) for month in range(1, 13)]
    edges = [day(work.year, 1), *middles, day(work.year, 13)]
    work.electricity("forming", list(zip(edges, edges[1:])))
    work.gas("forming", whole(work.year))
    return work


def bill_over_new_year(rng):
    """The first bill begins in the year before and is divided by days, with --split-at."""
    work = odd_bills(rng)
    work.name = "bill over new year"
    first = work.rows(flow="grid electricity")[0]
    first["start"] = later(first["start"], -rng.randint(10, 25))
    first["amount"] = number(round(float(first["amount"]) * 2.2))
    work.record_options = ["--split-at", day(work.year, 1)]
    return work


def weekly(rng):
    """Outputs by the week, the last one a little longer; electricity by the month."""
    work = Maker("weekly", rng)
    work.materials(quarters(work.year))
    edges = [later(day(work.year, 1), 7 * week) for week in range(52)] + [day(work.year, 13)]
    work.outputs("forming", list(zip(edges, edges[1:])))
    work.electricity("forming", months(work.year))
    work.gas("forming", whole(work.year))
    return work


def thirteen_periods(rng):
    """A calendar of thirteen periods of four weeks, for outputs and electricity."""
    work = Maker("thirteen periods", rng)
    work.materials(whole(work.year))
    edges = [later(day(work.year, 1), 28 * at) for at in range(13)] + [day(work.year, 13)]
    work.outputs("forming", list(zip(edges, edges[1:])))
    work.electricity("forming", list(zip(edges, edges[1:])))
    work.gas("forming", whole(work.year))
    return work


def corrected(rng):
    """One bill was typed wrongly; a second file corrects it."""
    work = Maker("corrected", rng)
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", quarters(work.year))
    work.gas("forming", whole(work.year))
    bill = rng.choice(work.rows(flow="grid electricity"))
    work.later_files, work.later_options = [[dict(bill)]], ["--correct"]
    bill["amount"] = bill["amount"] + "0"
    return work


def left_out(rng):
    """Lubricants have no factor: excluded with an estimate, and the product says that it lists what it leaves out."""
    work = Maker("left out", rng, exemptions="listed")
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", months(work.year))
    work.gas("forming", whole(work.year))
    row = work.used("forming", work.year_span, "lubricants and cleaning agents", "excluded", "", "", "")
    row.update(data="", estimate=number(round(work.total * 0.004)), reason="no factor at hand, below 1 %")
    return work


def tools(rng):
    """Tools were made in the half year before and serve three years; a chiller loses refrigerant."""
    work = Maker("tools", rng, stages=(("design", "tool making"),))
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", months(work.year))
    work.gas("forming", whole(work.year))
    work.used("forming", work.year_span, "refrigerant lost", "emission", round(rng.uniform(0.5, 4), 1), "kg",
              "gas:HFC134a")
    row = work.used("tool making", (day(work.year - 1, 7), day(work.year, 1)), "electricity of the tool shop", "energy",
                    round(work.total * 0.02), "kWh", work.grid(), applies_to_start=day(work.year - 1, 7),
                    applies_to_end=day(work.year + 3, 1))
    row.update(output=number(work.total * 3), output_unit="piece")
    return work


def carton_to_the_grave(rng):
    """To the grave with its carton, whose fibre takes carbon dioxide up and gives it back at the end."""
    work = Maker("carton to the grave", rng, boundary="cradle-to-grave", stages=(LIFE[0], LIFE[2]))
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", quarters(work.year))
    work.gas("forming", whole(work.year))
    work.cartons("forming", whole(work.year), kg_each=0.05)
    work.lives_on()
    cartons, taken_up = work.rows(flow="cartons")[0], work.rows(kind="emission")[0]
    work.used("end of life", work.year_span, "cartons to recycling", "waste", cartons["amount"], "kg",
              work.factor("board recycled"), site="", data="secondary")
    work.used("end of life", work.year_span, "carbon dioxide of the cartons", "emission",
              taken_up["amount"].lstrip("-"), "kg", "gas:CO2_biogenic", site="", data="secondary")
    return work


def closed_in_october(rng):
    """A second site closes at the end of September and says so with an output of 0."""
    work = Maker("closed in october", rng)
    for site, open_months in ((work.site, 12), ("Works Old", 9)):
        work.site = site
        work.pieces = [round(count * rng.uniform(0.4, 0.8)) if at < open_months else 0
                       for at, count in enumerate(work.pieces)]
        spans = months(work.year, count=open_months)
        work.materials(spans)
        work.outputs("forming", spans)
        work.electricity("forming", spans)
        work.gas("forming", whole(work.year, count=open_months))
    rest = whole(work.year, 10, 3)[0]
    work.made("forming", rest, 0)
    work.used("forming", rest, "grid electricity", "energy", 0, "kWh", work.grid())
    work.gas_burnt("forming", rest, 0)
    return work


def fiscal_year(rng):
    """Books from April to March; asked for that year."""
    work = Maker("fiscal year", rng, year=2024, goods=rng.choice(GOODS))
    work.period = f"{day(2024, 4)}..{day(2024, 16)}"
    work.materials(quarters(2024))
    work.outputs("forming")
    work.electricity("forming", quarters(2024))
    work.gas("forming", whole(2024))
    for row in work.activities:  # the same year, three months later
        for edge in ("start", "end"):
            year, month = int(row[edge][:4]), int(row[edge][5:7])
            row[edge] = day(year, month + 3)
    return work


def summer_shutdown(rng):
    """Two weeks of works holidays inside a month's output; a quarterly reading of two meters, one idle all summer."""
    work = Maker("summer shutdown", rng)
    work.pieces[7] //= 2
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", months(work.year))
    for span in quarters(work.year):
        idle = overlap(span, (day(work.year, 8), day(work.year, 9)))
        work.used("forming", span, "compressed air of the neighbour", "energy",
                  0 if idle else round(work.made_in(span) * 0.05), "kWh", work.grid(), meter="air")
    work.gas("forming", whole(work.year))
    return work


def meter_exchanged(rng):
    """The electricity meter was exchanged in May; each part of the year names its meter."""
    work = Maker("meter exchanged", rng)
    work.materials(quarters(work.year))
    work.outputs("forming")
    changed = day(work.year, 5, rng.randint(2, 27))
    before = [*months(work.year, count=4), (day(work.year, 5), changed)]
    work.electricity("forming", before, meter="E-1044")
    work.electricity("forming", [(changed, day(work.year, 6)), *months(work.year, 6, 7)], meter="E-2210")
    work.gas("forming", whole(work.year))
    return work


def supplier_changed(rng):
    """Another supplier of electricity from July, under another name and with a contract for wind."""
    work = Maker("supplier changed", rng)
    work.materials(quarters(work.year))
    work.outputs("forming")
    work.electricity("forming", months(work.year, count=6), flow="electricity, Stadtwerke")
    second = months(work.year, 7, 6)
    work.electricity("forming", second, flow="electricity, Windkraft AG", source=work.factor("wind"))
    bills = work.rows(flow="electricity, Windkraft AG")
    for row in bills:
        row.update(instrument="PPA 2291", instrument_kwh=number(round(work.total * work.goods.kwh)),
                   instrument_start=day(work.year, 7), instrument_end=day(work.year + 1, 7))
    work.gas("forming", whole(work.year))
    return work


def discontinued(rng):
    """The last piece was made in September; an output of 0 for the rest, the hall still heated by gas."""
    work = Maker("discontinued", rng)
    work.pieces[9:] = [0, 0, 0]
    work.materials(quarters(work.year)[:3])
    work.outputs("forming", months(work.year, count=9))
    work.made("forming", whole(work.year, 10, 3)[0], 0)
    work.electricity("forming", quarters(work.year))
    work.gas("forming", whole(work.year))
    return work


PLANS = [meter_exchanged, supplier_changed, discontinued, heated_hall, bulk, odd_bills, bill_over_new_year, weekly,
         thirteen_periods, corrected, left_out, tools, carton_to_the_grave, closed_in_october, fiscal_year,
         summer_shutdown]
