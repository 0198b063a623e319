"""Units and what converts (section 4)."""
from fractions import Fraction

from .numbers import half_even
from .stop import Stop

TABLE = {}
for dimension, units in {
    "mass": {"kg": 100_000_000, "g": 100_000, "t": 100_000_000_000, "lb": 45_359_237},
    "energy": {"kWh": 3_600, "MJ": 1_000, "GJ": 1_000_000, "tce": 29_307_600},
    "energy ncv": {"kWh_ncv": 3_600, "MJ_ncv": 1_000, "GJ_ncv": 1_000_000},
    "energy gcv": {"kWh_gcv": 3_600, "MJ_gcv": 1_000, "GJ_gcv": 1_000_000},
    "volume": {"L": 1, "m3": 1_000},
    "normal volume": {"Nm3": 1},
    "area": {"m2": 1},
    "time": {"h": 1},
    "distance": {"m": 1, "km": 1_000},
    "mass-distance": {"kgkm": 1, "tkm": 1_000},
    "count": {"piece": 1},
    "data": {"Mbit.s": 1},
}.items():
    for name, quanta in units.items():
        TABLE[name] = (dimension, quanta)


def dimension(unit):
    return TABLE[unit][0]


def ratio(unit, other):
    """How many of the other unit one of the unit is, or None where they are of two dimensions."""
    if TABLE[unit][0] != TABLE[other][0]:
        return None
    return Fraction(TABLE[unit][1], TABLE[other][1])


def convert(amount, unit, other):
    found = ratio(unit, other)
    return None if found is None else amount * found


def product_of(first, second):
    """The exact product of two quantities with its unit (4.2); each is (amount, unit)."""
    for (a, u), (b, w) in ((first, second), (second, first)):
        if dimension(u) == "mass" and dimension(w) == "distance":
            return convert(a, u, "kg") * convert(b, w, "km"), "kgkm"
    (a, u), (b, w) = first, second
    if dimension(u) == "distance" and dimension(w) == "distance":
        return convert(a, u, "m") * convert(b, w, "m"), "m2"
    if dimension(u) == "count":
        return a * b, w
    if dimension(w) == "count":
        return a * b, u
    raise Stop("NoProductUnit", "%s times %s" % (u, w))


def divide(amount, unit, per, per_unit, mass, code, small):
    """`amount` / what something is per, to 1e-18; with the link from a mass to the declared unit by `mass` (4.3)."""
    if dimension(unit) == dimension(per_unit):
        exact = convert(amount, unit, per_unit) / per
        divided = not (unit == per_unit and per == 1)
    elif dimension(unit) == "mass" and mass is not None and mass > 0:
        # The mass is that of the declared unit as a whole, so that the quotient counts declared units.
        exact = convert(amount, unit, "kg") / mass
        divided = True
    else:
        raise Stop(code, "%s does not convert to %s" % (unit, per_unit))
    if divided and exact != 0 and abs(exact) < Fraction(1, 10**12) and (exact * 10**18).denominator != 1:
        raise Stop(small, "an amount below 1e-12 of what it is divided by")
    return half_even(exact, 18)
