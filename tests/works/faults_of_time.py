"""Seeded faults of days, bills and places: what is missing, stands twice, or ends a day early."""

import habits
import plans
import plants
from book import day, later, months, number, quarters, whole
from slips import POWER, Unfit, any_row, gate_share, keep_only, total


def month_missing(work, rng, turn):
    """A month of electricity was never recorded."""
    row = any_row(work, rng, flow=POWER)
    if not isinstance(work, plants.Plant) and gate_share(work, [row]) < 0.013:
        raise Unfit  # the design asks of 1 % of the gate; a plant's share is well above that
    work.remove([row])


def bill_twice(work, rng, turn):
    """The same bill again: in the same file, by another clerk without site, or by the days of its invoice."""
    again = dict(any_row(work, rng, flow=POWER))
    if turn == 0:
        work.activities.append(again)
        return
    if turn == 1:
        again.update(site="", country="", amount=number(round(float(again["amount"]), -2)))
    else:
        again.update(flow="Grid-Electricity", start=later(again["start"], 3))
    work.later_files = [[again]]


def total_beside_parts(work, rng, turn):
    """The total of the year stands beside its months: of electricity, of output, and of gas."""
    span = whole(work.year)[0]
    if turn == 1:
        rows = [row for row in work.rows(process="forming") if row.get("output")]
        work.made("forming", span, round(sum(float(row["output"]) for row in rows)))
        return
    rows = work.rows(flow=POWER if turn == 0 else "natural gas", process="forming")
    if len(rows) < 2:
        raise Unfit
    work.activities.append({**rows[0], "start": span[0], "end": span[1], "amount": total(rows)})


def short_data(work, rng, turn):
    """A day, January or the best quarter stands for the year."""
    spans = [(day(work.year, 5, 6), day(work.year, 5, 7)), months(work.year)[0], rng.choice(quarters(work.year))]
    keep_only(work, spans[turn])


def gas_beyond_output(work, rng, turn):
    """Production ended in September; the gas is that of the whole year."""
    gas = work.rows(flow="natural gas")
    if len(gas) != 1:
        raise Unfit
    bill = dict(gas[0])
    keep_only(work, whole(work.year, count=9)[0])
    work.rows(flow="natural gas")[0].update(bill)


def site_as_two(work, rng, turn):
    """One site under two names: the outputs stand under both, the gas or oil under the second only."""
    second = ["SAP plant 1000", work.site + " (old name)", "Main works"][turn]
    processes = ("forming", "materials") if turn == 1 else ("forming",)
    for row in [row for row in work.activities if row.get("output") and row["process"] in processes]:
        work.activities.append({**row, "site": second})
    for row in work.rows(kind="energy"):
        if row["flow"] != POWER:
            row["site"] = second


def last_day(work, rng, turn):
    """`end` is the last day instead of the first after it: everywhere, in the bills, or in the outputs."""
    for row in work.activities:
        is_bill, is_output = row.get("flow") == POWER, bool(row.get("output"))
        if turn == 0 or (turn == 1 and is_bill) or (turn == 2 and is_output):
            row["end"] = later(row["end"], -1)


def delivery_twice(work, rng, turn):
    """One delivery again with the same amount: without its site, a day later, or under its note's number."""
    row = any_row(work, rng, kind="material", flow="screws" if turn == 0 else work.goods.material)
    again = dict(row)
    if turn == 0:
        again.update(site="", country="")
    elif turn == 1:
        again["start"] = later(again["start"], 1)
    else:
        again["flow"] = f"{row['flow']}, delivery note {rng.randint(4000, 4999)}"
    work.later_files = [[again]]


def sum_under_another_name(work, rng, turn):
    """The same source under another name: the year's sum of electricity or gas, or one month's amount again."""
    span = whole(work.year)[0]
    if turn == 2:
        row = any_row(work, rng, flow=POWER)
        work.activities.append({**row, "flow": f"power of cost centre {rng.randint(300, 400)}"})
        return
    rows = work.rows(flow=POWER if turn == 0 else "natural gas", process="forming")
    if len(rows) < 2:
        raise Unfit
    name = "electricity of the works, as billed" if turn == 0 else "gas, annual statement"
    work.activities.append({**rows[0], "flow": name, "start": span[0], "end": span[1], "amount": total(rows)})


KINDS = {
    "a month of electricity missing": (month_missing, [plans.monthly_meter, habits.tools, plants.shared_by_hours]),
    "a bill recorded twice": (bill_twice, [plans.plain, plans.monthly_meter, habits.weekly]),
    "the total beside its parts": (total_beside_parts, [plans.standstill, plans.plain, plans.many_deliveries]),
    "a day, a month or a quarter for the year": (short_data, [plans.monthly_meter, plans.standstill, plans.plain]),
    "a year's gas over nine months' pieces": (gas_beyond_output, [plans.plain, plans.monthly_meter, plans.standstill]),
    "one site counted as two": (site_as_two, [plans.plain, plans.monthly_meter, plans.oil_tank]),
    "the period ends on the last day": (last_day, [plans.monthly_meter, plans.monthly_meter, plans.plain]),
    "a delivery recorded twice": (delivery_twice, [plans.many_deliveries, plans.plain, plans.monthly_meter]),
    "the same source under another name": (
        sum_under_another_name, [plans.monthly_meter, plans.many_deliveries, plans.standstill]),
}
