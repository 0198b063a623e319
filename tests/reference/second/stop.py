"""What stops a calculation (section 18)."""


class Stop(Exception):
    """One condition by its name, with words for a person."""

    def __init__(self, code, words=""):
        super().__init__("%s: %s" % (code, words) if words else code)
        self.code = code
        self.words = words
