"""Canonical JSON (RFC 8785 as schemas/statement.md narrows it): strings, arrays and objects alone, in one spelling."""
import base64
import json
import re


class Bad(Exception):
    """What is read is not in its form. Carries one sentence."""


ESCAPES = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r"}


def text(value):
    """A string as RFC 8785 writes it."""
    out = ['"']
    for c in value:
        if c in ESCAPES:
            out.append(ESCAPES[c])
        elif c < " ":
            out.append("\\u%04x" % ord(c))
        elif 0xD800 <= ord(c) <= 0xDFFF:
            raise Bad("a lone surrogate")
        else:
            out.append(c)
    out.append('"')
    return "".join(out)


def order(key):
    """Keys are sorted by their UTF-16 code units."""
    return key.encode("utf-16-be", "surrogatepass")


def write(value):
    """The canonical text of a value. Booleans are spelt out; there are no numbers and no null."""
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, str):
        return text(value)
    if isinstance(value, list):
        return "[" + ",".join(write(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ",".join(text(k) + ":" + write(value[k]) for k in sorted(value, key=order)) + "}"
    raise Bad("a value that is no text, list or object: %r" % (value,))


def pairs(items):
    found = {}
    for key, value in items:
        if key in found:
            raise Bad("the key %s twice" % key)
        found[key] = value
    return found


def number(token):
    raise Bad("a JSON number: %s" % token)


def parse(data):
    """Reads canonical bytes; other bytes than the canonical ones are refused with the first difference."""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=pairs, parse_float=number, parse_int=number,
                           parse_constant=number)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise Bad("no JSON: %s" % error) from None
    try:
        again = write(value).encode("utf-8")
    except RecursionError:
        raise Bad("nested too deeply") from None
    if again != data:
        at = next((i for i, (a, b) in enumerate(zip(again, data)) if a != b), min(len(again), len(data)))
        raise Bad("not canonical at byte %d" % at)
    return value


HASH = re.compile(r"[0-9a-f]{64}\Z")
WHOLE = re.compile(r"(0|[1-9][0-9]{0,17})\Z")
DECIMAL = re.compile(r"(0|-?[1-9][0-9]{0,17}|-?(0|[1-9][0-9]{0,17})\.[0-9]{0,11}[1-9])\Z")
CO2E = re.compile(r"(0|-?[1-9][0-9]{0,17}|-?(0|[1-9][0-9]{0,17})\.[0-9]{0,14}[1-9])\Z")


def hash32(value):
    """The 32 bytes of 64 lower-case hex digits."""
    if not isinstance(value, str) or not HASH.match(value):
        raise Bad("no hash: %r" % (value,))
    return bytes.fromhex(value)


def whole(value):
    if not isinstance(value, str) or not WHOLE.match(value):
        raise Bad("no whole number: %r" % (value,))
    return int(value)


def unbase64(value, length):
    """Standard base64 with padding, in its one spelling, of so many bytes."""
    try:
        data = base64.b64decode(value.encode("ascii"), validate=True)
    except (ValueError, AttributeError):
        raise Bad("no base64") from None
    if base64.b64encode(data).decode() != value or (length is not None and len(data) != length):
        raise Bad("base64 of another length or spelling")
    return data


def unbase64url(value, length=None):
    """base64url without padding, in its one spelling."""
    try:
        data = base64.b64decode(value.encode("ascii") + b"=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (ValueError, AttributeError):
        raise Bad("no base64url") from None
    if base64.urlsafe_b64encode(data).decode().rstrip("=") != value or (length is not None and len(data) != length):
        raise Bad("base64url of another length or spelling")
    return data
