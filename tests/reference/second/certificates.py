"""Certificates of an id (section 12.1)."""
import re

from .canon import Bad
from .names import fold


class Range:
    """All certificates of one text from number to number; a single id without a number is a range of one."""

    def __init__(self, text, first, last, digits):
        self.text, self.first, self.last, self.digits = text, first, last, digits

    @property
    def count(self):
        return 1 if self.first is None else self.last - self.first + 1

    def one(self, number):
        return self.text + ("" if number is None else str(number).zfill(self.digits))

    def all(self):
        if self.first is None:
            return [self.text]
        return [self.one(n) for n in range(self.first, self.last + 1)]

    def __eq__(self, other):
        return self.all() == other.all()

    def __hash__(self):
        return hash(self.one(self.first))


def clean(text):
    folded = fold(text).replace(" ", "")
    if not any(c.isalnum() for c in folded):
        raise Bad("a certificate without a letter or digit: %s" % text)
    return folded


def parts(text):
    """Text and number, as (text, digits)."""
    found = re.search(r"[0-9]{1,18}\Z", text)
    return (text, "") if not found else (text[:found.start()], found.group())


def read(ident):
    if ".." in ident:
        left, right = ident.split("..", 1)
        (text, first), (other, last) = parts(clean(left)), parts(clean(right))
        if text != other or not first or not last:
            raise Bad("the ends of %s have not one text and two numbers" % ident)
        if (first[0] == "0" or last[0] == "0") and len(first) != len(last):
            raise Bad("the ends of %s have not as many digits" % ident)
        if int(last) < int(first):
            raise Bad("%s ends before it begins" % ident)
        found = Range(text, int(first), int(last), len(first) if len(first) == len(last) else 0)
        if found.count > 10_000:
            raise Bad("more than 10,000 certificates")
        return found
    text, number = parts(clean(ident))
    if not number:
        return Range(text, None, None, 0)
    return Range(text, int(number), int(number), len(number))
