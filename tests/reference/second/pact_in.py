"""What a supplier's PACT document gives (section 24)."""
import json
import re
from fractions import Fraction

from . import numbers
from .canon import Bad
from .numbers import ZERO, Period
from .shapes import CATEGORIES

COUNTED = CATEGORIES[:7]
UNITS = {"liter": "L", "kilogram": "kg", "cubic meter": "m3", "kilowatt hour": "kWh", "megajoule": "MJ",
         "ton kilometer": "tkm", "square meter": "m2", "piece": "piece", "hour": "h", "megabit second": "Mbit.s"}
REPORTS = {"AR2": "SAR", "AR3": "TAR", "AR4": "AR4", "AR5": "AR5", "AR6": "AR6"}
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?\Z")


def pairs(items):
    found = {}
    for k, v in items:
        if k in found:
            raise Bad("the key %s twice" % k)
        if v is None:
            raise Bad("null at %s" % k)
        found[k] = v
    return found


class JsonNumber(str):
    """A number that is no string; version 3 has none."""


def number(value, digits):
    if not isinstance(value, str) or isinstance(value, JsonNumber) or not NUMBER.match(value):
        raise Bad("no number: %r" % (value,))
    found = Fraction(value)
    if (found * 10**digits).denominator != 1:
        raise Bad("%s has more than %d fractional digits" % (value, digits))
    return found


def instant(value):
    """Day of an instant, and the first day that does not begin before it."""
    found = re.match(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9:]{8})(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})\Z", str(value))
    if not found:
        raise Bad("no instant: %r" % (value,))
    day = numbers.date(found.group(1))
    hours, minutes, seconds = (int(p) for p in found.group(2).split(":"))
    at = hours * 3600 + minutes * 60 + seconds + Fraction("0" + (found.group(3) or ""))
    if found.group(4) != "Z":
        shift = int(found.group(4)[1:3]) * 3600 + int(found.group(4)[4:6]) * 60
        at -= shift if found.group(4)[0] == "+" else -shift
    day, at = day + at // 86400, at % 86400
    return int(day), int(day) + (1 if at else 0)


class Document:
    """What a calculation takes from one document."""

    def __init__(self, data):
        try:
            self.read(data)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            raise Bad("no PACT document: %r" % error) from None

    def read(self, data):
        try:
            top = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_float=JsonNumber, parse_int=JsonNumber)
        except (UnicodeDecodeError, json.JSONDecodeError) as error:
            raise Bad("no PACT document: %s" % error) from None
        self.id = top.get("id")
        pcf = top.get("pcf")
        if not isinstance(pcf, dict):
            raise Bad("a PACT document without pcf")
        if not re.match(r"[0-9]+\.[0-9]+\.[0-9]+\Z", str(top.get("specVersion"))):
            raise Bad("a specVersion of other than three numbers")
        pcf = pcf if str(top["specVersion"]).startswith("3.") else version_2(pcf)
        if pcf.get("declaredUnitOfMeasurement") not in UNITS:
            raise Bad("an unknown declared unit")
        self.unit = UNITS[pcf["declaredUnitOfMeasurement"]]
        self.amount = number(pcf.get("declaredUnitAmount"), 12)
        if self.amount <= 0:
            raise Bad("a declared amount that is not above 0")
        mass = number(pcf.get("productMassPerDeclaredUnit", "0"), 12)
        self.mass = mass if mass > 0 else None
        headline = number(pcf.get("pcfExcludingBiogenicUptake"), 15)
        self.categories = {c: number(pcf[c], 15) if c in pcf else ZERO for c in CATEGORIES}
        self.rest = headline - sum(self.categories[c] for c in COUNTED)
        self.categories["fossilGhgEmissions"] += self.rest
        net = number(pcf["biogenicCO2Uptake"], 15) if "biogenicCO2Uptake" in pcf else \
            number(pcf.get("pcfIncludingBiogenicUptake"), 15) - headline
        self.categories["biogenicCO2Uptake"] = min(net, ZERO)
        self.categories["biogenicCO2Released"] = max(net, ZERO)
        share = pcf.get("primaryDataShare")
        self.primary = ZERO if share is None else number(share, 12)
        if not 0 <= self.primary <= 100:
            raise Bad("a primary data share outside 0 to 100")
        self.quality = self.ratings(pcf.get("dqi"))
        reports = pcf.get("ipccCharacterizationFactors", [])
        self.gwp = {REPORTS.get(r, "unstated") for r in reports} or {"unstated"}
        self.validity = self.valid(top, pcf)

    @staticmethod
    def ratings(dqi):
        if not isinstance(dqi, dict):
            return None
        names = {"geography": "geographicalDQR", "technology": "technologicalDQR", "time": "temporalDQR"}
        if any(n not in dqi for n in names.values()):
            raise Bad("a dqi without all three ratings")
        try:
            found = {k: number(dqi[n], 12) for k, n in names.items()}
        except Bad:
            return None
        return found if all(1 <= v <= 5 for v in found.values()) else None

    @staticmethod
    def valid(top, pcf):
        """24.1.1."""
        end_of_reference = pcf.get("referencePeriodEnd")
        start, end = top.get("validityPeriodStart"), top.get("validityPeriodEnd")
        if start is None and end is None:
            return None
        if (start is None or end is None) and end_of_reference is None:
            return None
        first = instant(start if start is not None else end_of_reference)[0]
        last = instant(end)[1] if end is not None else numbers.plus_years(instant(end_of_reference)[1], 3)
        return Period(first, last)


def version_2(pcf):
    """Version 2 as version 3 (24.2)."""
    def value(name):
        return number(pcf[name], 15) if name in pcf else ZERO

    pcf = {k: str(v) if isinstance(v, JsonNumber) else v for k, v in pcf.items()}
    land, uptake = value("landManagementGhgEmissions"), value("biogenicCarbonWithdrawal")
    luc, other = value("dLucGhgEmissions"), value("otherBiogenicGhgEmissions")
    headline = max(value("pCfExcludingBiogenic"), value("fossilGhgEmissions") + luc + land + other)
    found = {"declaredUnitOfMeasurement": pcf.get("declaredUnit"), "declaredUnitAmount": "1",
             "pcfExcludingBiogenicUptake": numbers.spell(headline),
             "pcfIncludingBiogenicUptake": numbers.spell(headline + uptake),
             "fossilGhgEmissions": numbers.spell(value("fossilGhgEmissions")),
             "landUseChangeGhgEmissions": numbers.spell(luc), "biogenicNonCO2Emissions": numbers.spell(other),
             "landManagementBiogenicCO2Removals" if land < 0 else "landManagementBiogenicCO2Emissions": numbers.spell(land),
             "ipccCharacterizationFactors": pcf.get("ipccCharacterizationFactorsSources") or
             [r for r in [pcf.get("characterizationFactors")] if r]}
    for name in ("productMassPerDeclaredUnit", "primaryDataShare", "aircraftGhgEmissions", "packagingGhgEmissions"):
        if name in pcf:
            found[name] = pcf[name]
    end = pcf.get("referencePeriodEnd", pcf.get("reportingPeriodEnd"))
    if end is not None:
        found["referencePeriodEnd"] = end
    return found
