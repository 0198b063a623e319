"""The 184 bytes of a seal (schemas/seal.md)."""
import base64

from . import ed25519
from .canon import Bad


class Seal:
    def __init__(self, raw):
        if len(raw) != 184 or raw[:8] != b"PCFSEAL1":
            raise Bad("no seal")
        self.raw, self.ledger = raw, raw[8:40]
        self.key_bytes = raw[40:72]
        self.key = base64.b64encode(self.key_bytes).decode()
        self.time = int.from_bytes(raw[72:80], "big")
        self.count = int.from_bytes(raw[80:88], "big")
        self.root, self.signature = raw[88:120], raw[120:]
        if not 1 <= self.count <= 65_536:
            raise Bad("a seal over no statement, or more than 65,536")

    def holds(self):
        return ed25519.verify(self.key_bytes, self.raw[:120], self.signature)
