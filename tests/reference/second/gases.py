"""GWP of gases (section 11)."""
from . import tables
from .numbers import ZERO
from .shapes import CATEGORIES
from .stop import Stop


def gwp(gas, which):
    """kg CO2e per kg in a set; a blend without a value of its own by its components."""
    own = tables.GWP.get(gas, {}).get(which)
    if own is not None:
        return own
    if gas not in tables.BLENDS:
        raise Stop("NoGwp", "%s in %s" % (gas, which))
    total = ZERO
    for component, per_mille in tables.BLENDS[gas]:
        value = tables.GWP.get(component, {}).get(which)
        if value is None:
            raise Stop("NoGwp", "%s of %s in %s" % (component, gas, which))
        total += per_mille * value
    return total / 1000


def category(gas, amount):
    if gas == "CO2_biogenic":
        return "biogenicCO2Uptake" if amount < 0 else "biogenicCO2Released"
    return "biogenicNonCO2Emissions" if gas == "CH4_biogenic" else "fossilGhgEmissions"


def of_factor(masses, which):
    """Categories of a factor that states kg of gases."""
    found = dict.fromkeys(CATEGORIES, ZERO)
    for gas, kg in masses.items():
        value = kg * gwp(gas, which)
        if (value * 10**15).denominator != 1:
            raise Stop("Value", "kg times GWP of %s is no whole number of 1e-15 kg" % gas)
        found[category(gas, kg)] += value
    return found
