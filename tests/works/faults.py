"""Works with exactly one seeded fault each: an honest work, and what somebody gets wrong in it.

Every kind has three variants, numbered by `turn`. A mutator changes the work in place and raises `Unfit`
where the work that was drawn cannot show the fault.
"""

import copy
import random

import faults_of_amount
import faults_of_time
from slips import Unfit

KINDS = {**faults_of_time.KINDS, **faults_of_amount.KINDS}
OFTEN = 14  # kinds that are seeded three times; the others once, which makes 50 works


def seeded(seed):
    """(kind, honest twin, faulty work) of each seeded work; the seed says which kinds come three times."""
    rng = random.Random(f"{seed}/kinds")
    kinds = rng.sample(sorted(KINDS), len(KINDS))
    turns = [(kind, turn) for kind in kinds[:OFTEN] for turn in range(3)]
    turns += [(kind, rng.randrange(3)) for kind in kinds[OFTEN:]]
    for kind, turn in sorted(turns):
        yield f"{kind} ({turn + 1})", *draw(seed, kind, turn)


def draw(seed, kind, turn):
    """Draws honest works until one can show the fault."""
    mutate, plans = KINDS[kind]
    for attempt in range(50):
        rng = random.Random(f"{seed}/fault/{kind}/{turn}/{attempt}")
        work = plans[turn % len(plans)](rng)
        wrong = copy.deepcopy(work)
        try:
            mutate(wrong, rng, turn)
        except Unfit:
            continue
        return work, wrong
    raise Unfit(f"no work can show: {kind}")
