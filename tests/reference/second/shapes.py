"""Which members a header, a body or a draft has, and of what kind (schemas/statement.md and statement.schema.json)."""
import re

from . import canon, ed25519, numbers, units
from .canon import Bad

STAGES = ["design", "procurement", "production", "transport", "storage", "use", "recycling"]
SETS = ["SAR", "TAR", "AR4", "AR5", "AR6", "AR6-SF6-24300"]
TYPES = ["activity", "actor", "annual", "assurance", "authority", "factor", "ledger", "product", "publication", "redaction",
         "state", "supplierFootprint", "withdrawal"]
CATEGORIES = ["fossilGhgEmissions", "biogenicNonCO2Emissions", "landUseChangeGhgEmissions",
              "landManagementBiogenicCO2Emissions", "landManagementBiogenicCO2Removals", "technologicalCO2Removals",
              "ccsTechnologicalCO2Capture", "biogenicCO2Uptake", "biogenicCO2Released", "aircraftGhgEmissions",
              "packagingGhgEmissions", "landManagementFossilGhgEmissions"]


def text(value):
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= 2000:
        raise Bad("no text of 1 to 2,000 bytes: %r" % (value,))
    if any(ord(c) < 32 or 0x7F <= ord(c) <= 0x9F for c in value) or value != value.strip():
        raise Bad("a text with control characters, or white space at an end: %r" % (value,))


def pattern(expression, words):
    compiled = re.compile(expression + r"\Z")

    def check(value):
        if not isinstance(value, str) or not compiled.match(value):
            raise Bad("no %s: %r" % (words, value))
    return check


def one_of(*names):
    def check(value):
        if value not in names or not isinstance(value, str):
            raise Bad("%r is none of %s" % (value, ", ".join(names)))
    return check


def yes(value):
    if value is not True:
        raise Bad("a member that is left out where it is not true")


def boolean(value):
    if value is not True and value is not False:
        raise Bad("neither true nor false: %r" % (value,))


def key(value):
    canon.unbase64(value, 32)


def salt(value):
    canon.unbase64url(value, 16)


def document(value):
    canon.unbase64url(value)


INSTANT = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z", "instant")


def instant(value):
    INSTANT(value)
    numbers.date(value[:10])


def uuid_of(value):
    pattern(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "UUID")(value)


def product_id(value):
    pattern(r"urn:(gtin:[0-9]{14}|uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
            r"|pact:[a-z0-9.-]+:product-id:[A-Za-z0-9._~()+,=@;$!*'%/:-]+)", "product id")(value)
    if value.startswith("urn:gtin:"):
        digits = [int(c) for c in value[9:]]
        if sum(d * (1 if at % 2 else 3) for at, d in enumerate(digits)) % 10:
            raise Bad("a GTIN whose check digit is wrong: %s" % value)


def served(value):
    if value != "*":
        product_id(value)


def served_tag(value):
    if value != "*":
        canon.hash32(value)


def map_of(names, kind):
    def check(value):
        if not isinstance(value, dict):
            raise Bad("no object: %r" % (value,))
        for k, v in value.items():
            names(k)
            kind(v)
    return check


def uncertainty(value):
    if isinstance(value, str):
        if numbers.decimal(value) < 1:
            raise Bad("a squared geometric standard deviation below 1")
    else:
        check(value, PEDIGREE)


def accept(check_value):
    return lambda value: check_value(value) and None


D, C, H, W = numbers.decimal, numbers.co2e, canon.hash32, canon.whole
PERIOD, DATE = numbers.Period.read, numbers.date
UNIT, STAGE, GWP = one_of(*units.TABLE), one_of(*STAGES), one_of(*SETS)
STATED = one_of(*SETS, "unstated")
ACTOR = pattern(r"[a-z0-9][a-z0-9.-]{0,62}", "actor id")
FACTOR = pattern(r"[A-Za-z0-9][A-Za-z0-9._-]{0,126}", "factor id")
COUNTRY, SUBDIVISION = pattern(r"[A-Z]{2}", "country"), pattern(r"[A-Z]{2}-[A-Z0-9]{1,3}", "subdivision")
URN = pattern(r"urn:[a-z0-9][a-z0-9-]{0,30}:[!-~]+", "URN")
GAS = pattern(r"[A-Za-z0-9_]+", "gas")
YEAR = pattern(r"[0-9]{4}", "year")
SCORE = one_of("1", "2", "3", "4", "5")
DATA = one_of("estimated", "primary", "secondary")
BOUNDARY = one_of("cradle-to-gate", "cradle-to-grave")
QUANTITY = {"amount": D, "unit": UNIT}
QUALITY = {"geography": D, "technology": D, "time": D}
PEDIGREE = {"basic?": D, "completeness": SCORE, "geographical": SCORE, "reliability": SCORE, "sampleSize?": SCORE,
            "technological": SCORE, "temporal": SCORE}
EVIDENCE = [{"name": text, "sha256": H}]
INSTRUMENT = {"id": text, "kWh": D, "period": PERIOD}
FLOW = {"amount?": D, "biogenicCarbon?": D, "data?": DATA, "delivered?": yes, "estimate?": C, "factor?": FACTOR,
        "footprint?": uuid_of, "fossilCarbon?": D, "gas?": GAS, "instruments?": [INSTRUMENT],
        "kind": one_of("aircraft", "emission", "energy", "excluded", "infrastructure", "material", "packaging", "transport",
                       "waste"),
        "name": text, "of?": [{"amount": D, "name": text, "unit": UNIT}], "product?": product_id, "reason?": text,
        "splitFrom?": D, "substitutes?": text, "uncertainty?": uncertainty, "unit?": UNIT, "upstream?": FACTOR}
OUTPUT = {"amount": D, "keys?": map_of(text, D), "product": product_id, "splitFrom?": D, "unit": UNIT, "value?": D}
MATERIAL = {"A?": D, "B?": D, "Ed?": FACTOR, "Eelec?": FACTOR, "Eer?": FACTOR, "Eheat?": FACTOR, "Erec?": FACTOR,
            "ErecEoL?": FACTOR, "Ev": FACTOR, "EvStar?": FACTOR, "LHV?": D, "QsinQp?": D, "QsoutQp?": D, "R1": D, "R2": D,
            "R3": D, "Xelec?": D, "Xheat?": D, "kg": D, "material": text, "region?": COUNTRY}
LOG = {"root": H, "size": W}
SET = {"categories": {c: C for c in CATEGORIES}, "excludingUptake": C, "includingUptake": C}
FIGURES = {"dataQuality?": QUALITY, "exemptedEmissionsPercent?": D, "gate": SET, "grave?": SET, "gwp": [STATED],
           "primaryDataShare": D, "processes": [{"figures": SET, "process": text, "stage": STAGE}],
           "stages": [{"figures": SET, "stage": STAGE}]}
KEPT_EMPTY = {"gwp", "processes", "types"}
HEAD = {"by": ACTOR, "replaces?": H, "v": one_of("1")}
SALTED = {**HEAD, "salt": salt}
COMMON_ACTIVITY = {"appliesTo?": PERIOD, "batch?": text, "meter?": text, "period": PERIOD, "process": text, "recipe?": yes,
                   "scenario?": text, "stage": STAGE}
BODY_ACTIVITY = {"allocation?": text, "evidence?": EVIDENCE, "flows?": [FLOW], "outputs?": [OUTPUT], "quality?": QUALITY,
                 "splitFrom?": PERIOD}
BODY_FACTOR = {"category": one_of("biogenic_co2", "electricity.generation", "electricity.lifecycle", "electricity.td_loss",
                                  "electricity.wtt", "fuel.bioenergy", "fuel.bioenergy_wtt", "fuel.combustion", "fuel.wtt",
                                  "heat", "heat.wtt", "material", "process", "service", "transport.freight",
                                  "transport.freight_wtt", "waste", "water"),
               "data": DATA, "exclusions?": [one_of("biogenic-co2", "combustion", "grid-losses")],
               "gases?": map_of(GAS, D), "geography?": text, "gwp?": STATED, "licence": text, "name": text, "note?": text,
               "quality?": QUALITY, "scope": one_of("direct", "life-cycle", "upstream"), "source": text,
               "sourceVersion?": text, "uncertainty?": uncertainty, "unit": UNIT,
               "values?": map_of(one_of(*CATEGORIES), C), "year": YEAR}
BODY_SUPPLIER = {"digest": H, "document": document, "evidence?": EVIDENCE}
BODY_ANNUAL = {"directEmissions": C, "energy": QUANTITY, "output": QUANTITY, "valueAdded": D}
HEADERS = {
    "activity": {**HEAD, **COMMON_ACTIVITY, "body": H, "for?": [{"product": served_tag}], "outputs?": [{"product": H}],
                 "series?": salt, "site?": text},
    "annual": {**HEAD, "body": H, "subject": text, "year": YEAR},
    "supplierFootprint": {**HEAD, "body": H, "footprint": uuid_of},
    "ledger": {"by": ACTOR, "logKey": key, "operatorKey": key, "origin": text, "recoveryKey": key, "salt": salt,
               "v": HEAD["v"]},
    "authority": {"by": ACTOR, "logKey?": key, "operatorKey?": key, "recoveryKey?": key, "salt": salt, "v": HEAD["v"]},
    "actor": {**SALTED, "actor": ACTOR, "companyIds?": [URN], "keys": [key], "name": text,
              "revoked?": [{"from": W, "key": key}],
              "rights": {"products?": [product_id], "stages?": [STAGE], "types": [one_of(*TYPES)]}},
    "product": {**SALTED, "boundary": BOUNDARY, "carbon?": {"biogenic?": D, "fossil": D, "recycled?": D},
                "ccsIncluded?": boolean, "classifications?": [URN], "declaredUnit": QUANTITY, "description?": text,
                "designAtGate?": yes, "exemptions?": one_of("listed", "none"), "ids": [product_id],
                "massPerDeclaredUnit?": D, "name": text, "packaging?": {"biogenicCarbon?": D, "included": boolean},
                "processes": [{"name": text, "signers": [ACTOR], "stage": STAGE, "unitsOf?": text}],
                "recycling?": {"materials?": [MATERIAL],
                               "method": one_of("50:50", "cff", "closed-loop 0:100", "cut-off")},
                "rules?": [{"name": text, "operator": text}], "tagSalt": salt, "unitTolerancePercent?": D},
    "assurance": {**SALTED, "figures": H, "findings?": [text], "level": one_of("limited", "reasonable"), "log": LOG,
                  "opinion": one_of("adverse", "qualified", "unmodified"), "scope": text, "standard": text, "stateRoot?": H},
    "withdrawal": {"by": ACTOR, "reason": text, "salt": salt, "statement": H, "v": HEAD["v"]},
    "redaction": {"by": ACTOR, "reason": text, "salt": salt, "statement": H, "v": HEAD["v"]},
    "state": {"by": ACTOR, "root": H, "salt": salt, "size": W, "v": HEAD["v"]},
}
OPEN_FACTOR = {**SALTED, **BODY_FACTOR, "factor": FACTOR, "open": yes}
CLOSED_FACTOR = {**HEAD, "body": H, "factor": FACTOR}
BODIES = {"activity": {**BODY_ACTIVITY, "country?": COUNTRY, "for?": [product_id], "subdivision?": SUBDIVISION},
          "annual": BODY_ANNUAL, "factor": BODY_FACTOR, "supplierFootprint": BODY_SUPPLIER}


def check(value, shape, where=""):
    """Refuses what has another shape: unknown, missing and empty members too."""
    if isinstance(shape, list):
        if not isinstance(value, list):
            raise Bad("%s: no list" % where)
        for at, item in enumerate(value):
            check(item, shape[0], "%s[%d]" % (where, at))
    elif isinstance(shape, dict):
        if not isinstance(value, dict):
            raise Bad("%s: no object" % where)
        known = {k.rstrip("?"): (k.endswith("?"), v) for k, v in shape.items()}
        for k, v in value.items():
            if k not in known:
                raise Bad("%s: the unknown member %s" % (where, k))
            if v in ([], {}) and k not in KEPT_EMPTY and known[k][0]:
                raise Bad("%s.%s: empty, and so to be left out" % (where, k))
            check(v, known[k][1], where + "." + k)
        for k, (optional, _) in known.items():
            if not optional and k not in value:
                raise Bad("%s: %s is missing" % (where, k))
    else:
        try:
            shape(value)
        except (Bad, AttributeError, TypeError, ValueError) as error:
            raise Bad("%s: %s" % (where, error)) from None


def good_key(value):
    """Whether base64 is a public key that may be used."""
    return ed25519.valid_key(canon.unbase64(value, 32))
