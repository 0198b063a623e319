"""Products that consume each other (sections 15.3 and 15.4): exact elimination."""
from fractions import Fraction

from .numbers import ZERO
from .shapes import CATEGORIES
from .stop import Stop

COUNTED = CATEGORIES[:7]
OF_WHICH = CATEGORIES[9:]


def near_half_even(value):
    """R10: to 1e-15, where what lies within 2^-64 quantum of a half counts as the half."""
    quanta = value * 10**15
    floor = quanta.numerator // quanta.denominator
    rest = quanta - floor
    if abs(rest - Fraction(1, 2)) <= Fraction(1, 2**64):
        return Fraction(floor + floor % 2, 10**15)
    return Fraction(floor + (1 if rest > Fraction(1, 2) else 0), 10**15)


def eliminate(matrix, right):
    """Solves for several right-hand sides in the order of rows without exchange while pivots are not zero; returns the
    pivots, the sign of the determinant and the solution (None where it is singular)."""
    n = len(matrix)
    a = [list(row) + list(r) for row, r in zip(matrix, right)]
    pivots, sign = [], 1
    for at in range(n):
        if a[at][at] == 0:
            other = next((i for i in range(at + 1, n) if a[i][at] != 0), None)
            pivots.append(ZERO)
            if other is None:
                return pivots, 0, None
            a[at], a[other] = a[other], a[at]
            sign = -sign
        else:
            pivots.append(a[at][at])
        pivot = a[at][at]
        sign = sign if pivot > 0 else -sign
        for i in range(at + 1, n):
            if a[i][at] != 0:
                scale = a[i][at] / pivot
                a[i] = [x - scale * y for x, y in zip(a[i], a[at])]
    width = len(a[0]) - n if n else 0
    solution = [None] * n
    for at in range(n - 1, -1, -1):
        row = a[at]
        solution[at] = [(row[n + c] - sum(row[j] * solution[j][c] for j in range(at + 1, n) if row[j])) / row[at]
                        for c in range(width)]
    return pivots, sign, solution


def solve(diagonal, taken, right):
    """x of D x = N x + b, or a stop."""
    n = len(diagonal)
    matrix = [[(diagonal[i] if i == j else ZERO) - taken[i][j] for j in range(n)] for i in range(n)]
    pivots, sign, solution = eliminate(matrix, right)
    positive = [[(diagonal[i] if i == j else ZERO) - abs(taken[i][j]) for j in range(n)] for i in range(n)]
    certified = all(p > 0 for p in eliminate(positive, [[] for _ in range(n)])[0])
    if certified:
        return solution
    if n > 64:
        raise Stop("Loop", "not certified, and more than 64 rows")
    if all(v >= 0 for row in taken for v in row):
        raise Stop("Loop", "consumes more than it makes, or as much")
    if sign == 0:
        raise Stop("Loop", "amounts cancel")
    if sign < 0:
        raise Stop("Loop", "consumes")
    return solution


def figures(members):
    """Sets the rounded figures of the gate rows of the products of a loop. `members`: product id -> its gate rows."""
    order = [(p, r) for p in sorted(members, key=lambda p: p.all["ids"][0].encode()) for r in members[p] if r.fixed is None]
    position = {id(r): at for at, (_, r) in enumerate(order)}
    inside = {p.id: [r for r in rows if r.fixed is None] for p, rows in members.items()}
    fixed = {p.id: [r for r in rows if r.fixed is not None] for p, rows in members.items()}

    def constant(product, category):
        if category == "excluding":
            return sum((r.fixed[c] for r in fixed[product] for c in COUNTED), start=ZERO)
        return sum((r.fixed[category] for r in fixed[product]), start=ZERO)

    def system(category, whole):
        """N and b of one category; lines for which `whole` holds are taken from the sum excluding uptake instead."""
        taken = [[ZERO] * len(order) for _ in order]
        right = [ZERO] * len(order)
        for at, (_, row) in enumerate(order):
            for line in row.lines:
                q = line.source.product
                weight = line.share * line.ratio
                if q is None or q.id not in inside:
                    right[at] += weight * line.of(category)
                elif whole(line):
                    right[at] += weight * (sum((excluding[position[id(r)]] for r in inside[q.id]), start=ZERO)
                                           + constant(q.id, "excluding"))
                else:
                    right[at] += weight * constant(q.id, category)
                    for r in inside[q.id]:
                        taken[at][position[id(r)]] += weight
        return taken, right

    diagonal = [r.units for _, r in order]
    plain = CATEGORIES[:9]
    systems = [system(c, lambda line: False) for c in plain]
    rights = [[systems[k][1][i] for k in range(len(plain))] for i in range(len(order))]
    found = solve(diagonal, systems[0][0], rights) if order else []
    excluding = [sum(x[:7], start=ZERO) for x in found]
    values = [dict(zip(plain, x)) for x in found]
    for c in OF_WHICH:
        taken, right = system(c, lambda line, c=c: line.whole == c)
        for at, x in enumerate(solve(diagonal, taken, [[v] for v in right]) if order else []):
            values[at][c] = x[0]
    for at, (_, row) in enumerate(order):
        row.figures = {c: near_half_even(values[at][c]) for c in CATEGORIES}
    for rows in fixed.values():
        for row in rows:
            row.figures = dict(row.fixed)
