"""Exact numbers, dates and periods (sections 1 and 2 of schemas/calculation.md)."""
import datetime
import re
from fractions import Fraction

from . import canon
from .canon import Bad

ZERO = Fraction(0)
ONE = Fraction(1)


def half_even(value, digits):
    """Rounds to a multiple of 10^-digits, a tie to the even multiple; Python's round of a fraction does just that."""
    scale = 10**digits
    return Fraction(round(Fraction(value) * scale), scale)


def spell(value, digits=15):
    """The one spelling of a decimal; refuses what does not fit."""
    scaled = Fraction(value) * 10**digits
    if scaled.denominator != 1:
        raise Bad("%s is no multiple of 1e-%d" % (value, digits))
    number = abs(scaled.numerator)
    whole, rest = divmod(number, 10**digits)
    tail = ("%0*d" % (digits, rest)).rstrip("0")
    return ("-" if scaled < 0 else "") + str(whole) + ("." + tail if tail else "")


def decimal(text):
    if not isinstance(text, str) or not canon.DECIMAL.match(text):
        raise Bad("no decimal: %r" % (text,))
    return Fraction(text)


def co2e(text):
    if not isinstance(text, str) or not canon.CO2E.match(text):
        raise Bad("no mass of CO2e: %r" % (text,))
    return Fraction(text)


DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")


def date(text):
    """A date as the number of its day."""
    if not isinstance(text, str) or not DATE.match(text):
        raise Bad("no date: %r" % (text,))
    try:
        return datetime.date.fromisoformat(text).toordinal()
    except ValueError:
        raise Bad("no date: %r" % (text,)) from None


def day_text(day):
    return datetime.date.fromordinal(day).isoformat()


def plus_years(day, years):
    """The same month and day so many years later; 28 February for a 29 February that is not there."""
    d = datetime.date.fromordinal(day)
    try:
        return d.replace(year=d.year + years).toordinal()
    except ValueError:
        return d.replace(year=d.year + years, day=28).toordinal()


class Period(tuple):
    """Half-open: (first day, first day after)."""

    def __new__(cls, start, end):
        if start >= end:
            raise Bad("a period that does not end after it starts")
        return tuple.__new__(cls, (start, end))

    @classmethod
    def read(cls, value):
        if not isinstance(value, dict) or set(value) != {"start", "end"}:
            raise Bad("no period: %r" % (value,))
        return cls(date(value["start"]), date(value["end"]))

    def covers(self, other):
        return self[0] <= other[0] and other[1] <= self[1]

    def overlaps(self, other):
        return self[0] < other[1] and other[0] < self[1]

    def hull(self, other):
        return Period(min(self[0], other[0]), max(self[1], other[1]))

    def __str__(self):
        return "%s..%s" % (day_text(self[0]), day_text(self[1]))

    def as_json(self):
        return {"start": day_text(self[0]), "end": day_text(self[1])}


def largest_remainder(keys):
    """Shares of 1e-30 (section 9.1). `keys` are (id, key) in their places; ties go to the smaller id, then place."""
    total = sum(k for _, k in keys)
    unit = 10**30
    exact = [k * unit / total for _, k in keys]
    floors = [e.numerator // e.denominator for e in exact]
    missing = unit - sum(floors)
    order = sorted(range(len(keys)), key=lambda i: (-(exact[i] - floors[i]), keys[i][0], i))
    for i in order[:missing]:
        floors[i] += 1
    return [Fraction(f, unit) for f in floors]
