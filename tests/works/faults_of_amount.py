"""Seeded faults of amounts, units, sources and stages."""

import habits
import plans
import plants
from book import day, number
from slips import POWER, Unfit, any_row, scale


def tonnes_for_kilograms(work, rng, turn):
    """In one quarter tonnes stand for kilograms, or the reverse, or a lorry hauls kilograms as tonnes."""
    if turn == 2:
        row = any_row(work, rng, kind="transport", process="materials")
        scale(row, 1000)
        return
    row = any_row(work, rng, kind="material", flow=work.goods.material)
    if turn == 0:
        scale(row, 0.001)
    else:
        row["unit"] = "t"


def tenfold(work, rng, turn):
    """A decimal point was lost in one month's electricity."""
    row = any_row(work, rng, flow=POWER)
    if not isinstance(work, plants.Plant) and not work.made_in((row["start"], row["end"])):
        raise Unfit  # ten times the base load of a standstill is less than 1 % of the gate
    scale(row, 10)


def rejects(work, rng, turn):
    """The first process counts what it made before rejects, 6 to 12 % more than was good in the end."""
    by = rng.uniform(1.06, 1.12)
    for row in work.rows(process="materials" if turn == 1 else "forming", flow=""):
        row["output"] = number(round(float(row["output"]) * by))


def wind_unclaimed(work, rng, turn):
    """Electricity counts as wind, and no certificate, contract or meter stands behind it."""
    if turn == 1:
        for row in work.rows(flow=POWER):
            row.update(flow="green electricity", source=work.factor("wind"))
        return
    claims = [row for row in work.activities if row.get("instrument")]
    for row in claims if turn == 0 else claims[:1]:
        for column in ("instrument", "instrument_kwh", "instrument_start", "instrument_end"):
            row[column] = ""


def old_certificate(work, rng, turn):
    """The certificate's electricity was generated 14 to 18 months, or more than two years, before."""
    start, end = [((-2, 1), (-2, 7)), ((-3, 1), (-3, 7)), ((-2, 8), (-2, 11))][turn]
    starts, ends = day(work.year + start[0], start[1]), day(work.year + end[0], end[1])
    for row in work.activities:
        if row.get("instrument"):
            count = row["instrument"].count("|") + 1
            row.update(instrument_start="|".join([starts] * count), instrument_end="|".join([ends] * count))


def nothing_released(work, rng, turn):
    """The end of life releases none of the biogenic carbon, or half of it."""
    released = [row for row in work.rows(process="end of life") if row.get("kind") == "emission"]
    if turn == 2:
        scale(released[0], 0.5)
    else:
        work.remove(released)


def no_energy(work, rng, turn):
    """A process of the product has outputs and no energy."""
    process = ("finishing", "forming", "machining")[turn]
    rows = [row for row in work.rows(process=process) if row.get("kind") == "energy"]
    if not rows:
        raise Unfit
    work.remove(rows)


def mass_off(work, rng, turn):
    """A fifth too much or too little material, or a product that is weighed with its pallet."""
    if turn == 2:
        for row in work.products:
            scale(row, 1.25, "mass_kg")
        return
    for row in work.activities:
        if row.get("flow") in (work.goods.material, f"{work.goods.material} by lorry"):
            scale(row, 1.25 if turn == 0 else 0.8)


def no_haulage(work, rng, turn):
    """The main material came from somewhere, and neither a lorry nor `delivered` says how."""
    work.remove([row for row in work.rows(process="materials") if row.get("kind") == "transport"])
    for row in work.rows(flow=work.goods.material):
        row["delivered"] = ""


def old_factor(work, rng, turn):
    """A factor of 2009 for material, or the grid's of six or nine years ago."""
    if turn == 0:
        old, rows = work.factor(work.goods.factor, year=2009), work.rows(flow=work.goods.material)
    else:
        key = "grid." + (work.country.lower() if work.country != "CN" else "cn")
        old, rows = work.factor(key, year=work.year - (6 if turn == 1 else 9)), work.rows(flow=POWER)
    for row in rows:
        row["source"] = old


def haulage_elsewhere(work, rng, turn):
    """Inbound haulage stands after the gate, or the haulage of goods to retail before it."""
    if turn == 2:
        row = any_row(work, rng, process="distribution", kind="transport")
        row.update(stage="procurement", process="materials", site=work.site, country=work.country)
        return
    for row in [row for row in work.rows(process="materials") if row.get("kind") == "transport"]:
        row.update(stage="transport", process="distribution", site="", country="")


def heavy_kwh(work, rng, turn):
    """The factor of a kilowatt-hour is ten times too large, or in grams."""
    key = "grid." + (work.country.lower() if work.country != "CN" else "cn")
    for row in work.rows(flow=POWER):
        row["source"] = work.factor(key, value=(5.777, 577.7, 4.12)[turn])


def too_much_carbon(work, rng, turn):
    """Carbon dioxide, or the carbon of a hundred pieces, stands as the carbon of one."""
    column = "biogenic_carbon_kg" if turn == 1 else "fossil_carbon_kg"
    if float(work.products[0][column]) == 0:
        raise Unfit
    for row in work.products:
        scale(row, 100 if turn == 2 else 44 / 12, column)


KINDS = {
    "tonnes for kilograms in a quarter": (tonnes_for_kilograms, [plans.plain, plans.two_steps, plans.appliance]),
    "ten times the electricity in a month": (
        tenfold, [plans.monthly_meter, plans.standstill, plants.shared_by_hours]),
    "rejects between processes": (rejects, [plans.two_steps]),
    "wind electricity without certificate": (
        wind_unclaimed, [plans.two_certificates, plans.plain, plans.one_certificate_two_processes]),
    "a certificate older than 12 months": (
        old_certificate, [plans.two_certificates, plans.one_certificate_two_processes]),
    "no biogenic carbon released at the end": (
        nothing_released, [plans.chair_to_the_grave, habits.carton_to_the_grave]),
    "a process without energy": (no_energy, [plans.two_steps, plans.plain, plans.foundry]),
    "mass in and out differ by a fifth": (mass_off, [plans.plain, plans.monthly_meter, plans.two_steps]),
    "material without haulage": (no_haulage, [plans.plain, plans.monthly_meter, plans.many_deliveries]),
    "a factor far from the period": (old_factor, [plans.plain, plans.two_steps, plans.monthly_meter]),
    "haulage at the wrong stage": (haulage_elsewhere, [plans.appliance, plans.surveyed_use]),
    "a kWh of more than 2 kg": (heavy_kwh, [plans.plain, plans.monthly_meter, plans.two_steps]),
    "more carbon than mass": (too_much_carbon, [plans.plain, plans.chair, plans.monthly_meter]),
}
