"""The circular footprint formula: parameters, defaults and terms of a material (sections 14.1 to 14.3)."""
from fractions import Fraction

from . import tables
from .canon import Bad
from .numbers import ONE, ZERO, decimal
from .stop import Stop

FIXED = {
    "cut-off": {"A": ONE, "B": ONE},
    "closed-loop 0:100": {"A": ZERO, "QsinQp": ONE, "QsoutQp": ONE},
    "50:50": {"A": Fraction(1, 2), "QsinQp": ONE, "QsoutQp": ONE},
    "cff": {},
}
NAMES = {" (content)": "procurement", " (shared content)": "recycling", " (credits of shared content)": "recycling",
         " (end of life)": "recycling", " (credits at the end of life)": "recycling"}


def stated(material, name):
    return decimal(material[name]) if name in material else None


def parameters(material, method):
    """A, B and the qualities with what was taken as a default."""
    found, defaults = {}, []
    known = tables.CFF.get(ascii_lower(material["material"]), {"A": Fraction(1, 2)})
    for name in ("A", "B", "QsinQp", "QsoutQp"):
        value = stated(material, name)
        found[name] = FIXED[method].get(name) if value is None else value
    if found["A"] is None:
        found["A"] = known["A"]
        defaults.append("A")
    if found["B"] is None:
        found["B"] = ZERO
        if stated(material, "R3") > 0:
            defaults.append("B")
    for name, rate in (("QsinQp", "R1"), ("QsoutQp", "R2")):
        if found[name] is None:
            needed = found["A"] != 1 and stated(material, rate) > 0
            if needed and name not in known:
                raise Stop("Recycling", "%s of %s has no default" % (name, material["material"]))
            found[name] = known[name] if needed else ONE
            if needed:
                defaults.append(name)
    return found, defaults


def ascii_lower(text):
    return "".join(c.lower() if c.isascii() else c for c in text)


def terms(material, method):
    """Terms that are not 0: (what, amount, unit, name of the factor's field, "content", "shared" or "end")."""
    p, _ = parameters(material, method)
    m, r1, r2, r3 = (stated(material, k) for k in ("kg", "R1", "R2", "R3"))
    lhv, heat, power = (stated(material, k) or ZERO for k in ("LHV", "Xheat", "Xelec"))
    a, b, inward, outward = p["A"], p["B"], p["QsinQp"], p["QsoutQp"]
    cff = method == "cff"
    content = ONE if cff else a
    shared = m * r1 * (1 - a)
    energy = m * (1 - b) * r3
    found = [
        ("virgin material", m * (1 - r1), "kg", "Ev", "content"),
        ("recycled material", m * r1 * content, "kg", "Erec", "content"),
        ("recycled material, shared", shared * inward, "kg", "Ev", "shared" if cff else "content"),
        ("recycled material, shared", -shared if cff else ZERO, "kg", "Erec", "shared"),
        ("recycling", m * (1 - a) * r2, "kg", "ErecEoL", "end"),
        ("replaced material", -m * (1 - a) * r2 * outward, "kg", "EvStar", "end"),
        ("energy recovery", energy, "kg", "Eer", "end"),
        ("replaced heat", -energy * lhv * heat, "MJ", "Eheat", "end"),
        ("replaced electricity", -energy * lhv * power, "MJ", "Eelec", "end"),
        ("disposal", m * (1 - r2 - r3), "kg", "Ed", "end"),
    ]
    return [t for t in found if t[1] != 0]


def check(product, processes):
    """The form of `recycling` (section 26)."""
    recycling = product.get("recycling")
    if recycling is None:
        return
    method, materials = recycling["method"], recycling.get("materials", [])
    if method != "cut-off" and not materials:
        raise Bad("the method %s has materials" % method)
    if len({m["material"] for m in materials}) != len(materials):
        raise Bad("a material twice")
    for m in materials:
        for ending, stage in NAMES.items():
            if (stage, m["material"] + ending) in processes:
                raise Bad("a process with the name of recycled material")
        for name in ("A", "B", "QsinQp", "QsoutQp", "R1", "R2", "R3", "Xheat", "Xelec"):
            if not 0 <= (stated(m, name) or ZERO) <= 1:
                raise Bad("%s outside 0 to 1" % name)
            fixed = FIXED[method].get(name)
            if name in m and fixed is not None and stated(m, name) != fixed:
                raise Bad("%s is another than %s fixes" % (name, method))
        if stated(m, "R2") + stated(m, "R3") > 1 or (stated(m, "Xheat") or ZERO) + (stated(m, "Xelec") or ZERO) > 1:
            raise Bad("rates that sum to more than 1")
        if stated(m, "kg") <= 0 or (stated(m, "LHV") or ZERO) < 0:
            raise Bad("kg must be above 0, and LHV at least 0")
        try:
            missing = [t[3] for t in terms(m, method) if t[3] not in m]
        except Stop:
            missing = []
        if missing:
            raise Bad("%s needs the factor %s" % (m["material"], missing[0]))
