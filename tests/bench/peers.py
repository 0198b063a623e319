"""The graphs of the footprint benches in floats, by scipy and by bw2calc; each in a process of its own, with a limit of time."""

import multiprocessing
import queue
import sys
import time

import numpy as np
import scipy.sparse as sp

LIMIT_S = 200


def read(path):
    made, inputs, factors, ours, gate = {}, [], [], None, None
    with open(path, encoding="ascii") as lines:
        for line in lines:
            kind, *rest = line.split()
            if kind == "p":
                made[int(rest[0])] = int(rest[1])
            elif kind == "i":
                inputs.append((int(rest[0]), int(rest[1]), int(rest[2])))
            elif kind == "f":
                factors.append((int(rest[0]), float(rest[1]), int(rest[2])))
            elif kind == "t":
                ours = float(rest[0])
            elif kind == "g":
                gate = (int(rest[0]), float(rest[1]))
    count = len(made)
    units = np.array([made[n] for n in range(count)], dtype=float)
    own = np.zeros(count)
    for product, kg, amount in factors:
        own[product] += kg * amount / units[product]
    rows, columns, amounts = (np.array(part) for part in zip(*inputs))
    taken = sp.csr_matrix((amounts / units[rows], (rows, columns)), shape=(count, count))
    taken.sum_duplicates()
    return taken, own, ours, gate


def power_series(taken, own, _):
    total, term = own.copy(), own
    while np.max(np.abs(term)) > 1e-15 * np.max(np.abs(total)):
        term = taken @ term
        total += term
    return total


def sparse_solver(taken, own, _):
    from scipy.sparse.linalg import spsolve

    return spsolve(sp.identity(len(own), format="csc") - taken.tocsc(), own)


def bw2calc(taken, own, product):
    import bw2calc as bc
    import bw_processing as bwp

    flow, count = 10 * len(own), len(own)
    pairs = taken.tocoo()
    diagonal = np.arange(count)

    def indices(rows, columns):
        array = np.zeros(len(rows), dtype=bwp.INDICES_DTYPE)
        array["row"], array["col"] = rows, columns
        return array

    package = bwp.create_datapackage()
    package.add_persistent_vector(
        matrix="technosphere_matrix",
        indices_array=indices(np.concatenate([diagonal, pairs.col]) + 1, np.concatenate([diagonal, pairs.row]) + 1),
        data_array=np.concatenate([np.ones(count), pairs.data]),
        flip_array=np.concatenate([np.zeros(count, bool), np.ones(len(pairs.data), bool)]),
    )
    package.add_persistent_vector(
        matrix="biosphere_matrix", indices_array=indices(np.full(count, flow), diagonal + 1), data_array=own
    )
    package.add_persistent_vector(
        matrix="characterization_matrix", indices_array=indices([flow], [flow]), data_array=np.ones(1)
    )
    begun = time.perf_counter()
    lca = bc.LCA(demand={product + 1: 1}, data_objs=[package])
    lca.lci()
    lca.lcia()
    return {product: lca.score}, time.perf_counter() - begun


def child(solver, graph, answers):
    taken, own, _, (product, _) = graph
    begun = time.perf_counter()
    found = solver(taken, own, product)
    seconds = time.perf_counter() - begun
    if isinstance(found, tuple):
        found, seconds = found
    answers.put((seconds, float(found[product])))


def answer(process, answers, ours, exact):
    """What came of a solver; a process that ended without an answer is not one that was too slow."""
    begun = time.monotonic()
    while time.monotonic() - begun < LIMIT_S:
        try:
            seconds, kg = answers.get(timeout=1)
            return f"{seconds:.3g} s | {seconds / ours:.3g} times | {abs(kg / exact - 1):.1e} apart"
        except queue.Empty:
            if process.exitcode not in (None, 0):
                return f"failed with exit code {process.exitcode} | | "
    return f"no answer in {LIMIT_S} s | more than {LIMIT_S / ours:.3g} times | "


def main(folder):
    print("| graph, one category | ours, all gates | other | took | over ours | its last gate against ours |\n|---|---|---|---|---|---|")
    for name in ("acyclic", "loop"):
        graph = read(f"{folder}/{name}.txt")
        ours, (_, exact) = graph[2], graph[3]
        solvers = [
            ("scipy, power series, all products", power_series),
            ("scipy, sparse LU, all products", sparse_solver),
            ("bw2calc, one product", bw2calc),
        ]
        for what, solver in solvers:
            answers = multiprocessing.Queue()
            process = multiprocessing.Process(target=child, args=(solver, graph, answers))
            process.start()
            said = answer(process, answers, ours, exact)
            process.terminate()
            process.join()
            print(f"| {name} | {ours:.3g} s | {what} | {said} |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
