"""Signed notes and checkpoints (C2SP), as schemas/log.md has them."""
import base64
import hashlib

from . import canon, ed25519
from .canon import Bad


def key_id(name, kind, key):
    return hashlib.sha256(name.encode() + b"\n" + bytes([kind]) + key).digest()[:4]


def verifier_key(text):
    """`name+id+key` of an Ed25519 log key: its name and its 32 bytes."""
    parts = text.strip().split("+", 2)
    if len(parts) != 3:
        raise Bad("no verifier key")
    data = canon.unbase64(parts[2], 33)
    if data[0] != 1 or key_id(parts[0], 1, data[1:]).hex() != parts[1]:
        raise Bad("a verifier key whose type or id is not its own")
    return parts[0], data[1:]


class Checkpoint:
    """Origin, size and root of a signed note, and its signature lines."""

    def __init__(self, note):
        if len(note.encode()) > 1_000_000:
            raise Bad("a note above 1,000,000 bytes")
        if any((c < " " and c != "\n") or 0x7F <= ord(c) <= 0x9F for c in note):
            raise Bad("a note with control characters")
        at = note.rfind("\n\n")
        if at < 0 or not note.endswith("\n"):
            raise Bad("a note without a blank line, or whose last line is not whole")
        self.text, lines = note[:at + 1], note[at + 2:].split("\n")[:-1]
        if not 1 <= len(lines) <= 100:
            raise Bad("a note with no signature, or more than 100")
        self.signatures = []
        for line in lines:
            parts = line.split(" ")
            if len(parts) != 3 or parts[0] != "\u2014" or not parts[1] or "+" in parts[1]:
                raise Bad("a signature line in another form")
            data = canon.unbase64(parts[2], None)
            if len(data) < 5:
                raise Bad("a signature that is too short")
            self.signatures.append((parts[1], data[:4], data[4:]))
        head = self.text[:-1].split("\n")
        if len(head) < 3 or not all(head):
            raise Bad("a checkpoint needs an origin, a size and a root")
        self.origin, self.size = head[0], canon.whole(head[1])
        self.root = canon.unbase64(head[2], 32)
        if self.size == 0 and self.root != hashlib.sha256().digest():
            raise Bad("size 0 with a root of something")

    def signed_by(self, key):
        """Whether the log key signed it. A known name and id over a signature that does not hold spoils the note."""
        wanted = (self.origin, key_id(self.origin, 1, key))
        ours = [s for name, ident, s in self.signatures if (name, ident) == wanted]
        return bool(ours) and all(ed25519.verify(key, self.text.encode(), s) for s in ours)


def encode_key(name, key):
    return "%s+%s+%s" % (name, key_id(name, 1, key).hex(), base64.b64encode(b"\1" + key).decode())
