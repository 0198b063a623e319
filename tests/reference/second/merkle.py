"""Hash trees of RFC 6962 / RFC 9162: roots, inclusion and consistency."""
import hashlib


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def leaf(data):
    return sha256(b"\0", data)


def node(left, right):
    return sha256(b"\1", left, right)


def split(size):
    """The largest power of two below the number of leaves."""
    return 1 << (size - 1).bit_length() - 1


def root(hashes):
    """The root over leaf hashes; that of no leaf is the hash of nothing."""
    if not hashes:
        return sha256()
    if len(hashes) == 1:
        return hashes[0]
    k = split(len(hashes))
    return node(root(hashes[:k]), root(hashes[k:]))


def id_root(ids):
    """The root over statement ids (hex), sorted, each once, as `used` and the sets of states have it."""
    return root([leaf(bytes.fromhex(i)) for i in sorted(set(ids))])


def climb(at, size, start, path):
    """The root to which a leaf hash at a place leads (RFC 9162, 2.1.3.2), or None where the path has another length."""
    if at >= size:
        return None
    fn, sn, r = at, size - 1, start
    for p in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            r = node(p, r)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            r = node(r, p)
        fn >>= 1
        sn >>= 1
    return r if sn == 0 else None


def sides(at, size):
    """For each step of a path, from the leaf up: True where the node on the way is the right child."""
    steps = []
    low, high = 0, size
    while high - low > 1:
        k = split(high - low)
        if at < low + k:
            steps.append(False)
            high = low + k
        else:
            steps.append(True)
            low += k
    return steps[::-1]


def consistent(old, new, old_root, new_root, path):
    """RFC 9162, 2.1.4.2."""
    if old == 0 or old > new:
        return False
    if old == new:
        return not path and old_root == new_root
    path = list(path)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    fn, sn = old - 1, new - 1
    while fn & 1:
        fn >>= 1
        sn >>= 1
    fr = sr = path[0]
    for c in path[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            fr, sr = node(c, fr), node(c, sr)
            while not fn & 1 and fn:
                fn >>= 1
                sn >>= 1
        else:
            sr = node(sr, c)
        fn >>= 1
        sn >>= 1
    return fr == old_root and sr == new_root and sn == 0
