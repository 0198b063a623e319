"""Names that are compared folded (section 3)."""
import functools
import unicodedata

DASHES = {0x2D, 0x2212, *range(0x2010, 0x2016)}
SPACES = {*range(0x09, 0x0E), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000}
UNSEEN = {0xAD, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0xFEFF,
          *range(0xE0000, 0xE0080)}


@functools.lru_cache(maxsize=None)
def fold(text):
    if text is None:
        return None
    if not text.isascii():
        text = "".join(c for c in unicodedata.normalize("NFKC", text) if ord(c) not in UNSEEN)
    out = []
    for c in text:
        if ord(c) in DASHES or ord(c) in SPACES:
            if not out or out[-1] != " ":
                out.append(" ")
        else:
            out.append(c.lower())
    return "".join(out).strip(" ")


def meet(a, b):
    """Two names meet where one is not given or both are the same folded."""
    return a is None or b is None or fold(a) == fold(b)


def differ(a, b):
    return a is not None and b is not None and fold(a) != fold(b)
