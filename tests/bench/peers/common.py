"""What the peers share: the workloads' data, and a clock.

Each peer trains the same workload as `cargo bench` does, with rows in the order of the file and the
loss of every batch kept, and prints updates (W1, W3, W4) or rows (W2, W5) a second on one core.
"""
import os

# Before any library that would start threads of its own.
for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XLA_FLAGS"] = (
    "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1 "
    + os.environ.get("XLA_FLAGS", "")
)
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})

import json
import sys
import time

import numpy as np

BATCH = {"W1": 32, "W2": 256, "W3": 32, "W4": 10, "W5": 128}
PRECISION = {"W1": np.float64}


def data(workload):
    """Features and targets, of the workload's shape and precision."""
    g = np.random.RandomState(1)
    dtype = PRECISION.get(workload, np.float32)
    if workload in ("W1", "W2"):
        rows, width = (400, 2) if workload == "W1" else (1_000_000, 28)
        y = g.randint(0, 2, rows)
        x = g.normal(size=(rows, width)).astype(dtype) + (y[:, None] - 0.5).astype(dtype)
        return x, y.astype(dtype)[:, None]
    if workload == "W3":
        x = g.normal(size=(2048, 10))
        return x.astype(dtype), (x @ g.uniform(0, 1, (10, 1))).astype(dtype)
    if workload == "W4":
        angle, inner = g.uniform(0, 2 * np.pi, 500), g.randint(0, 2, 500)
        x = np.stack([np.cos(angle), np.sin(angle)], 1) * np.where(inner, 0.5, 1.0)[:, None]
        return x.astype(dtype), inner.astype(dtype)[:, None]
    if workload == "W5":
        y = g.randint(0, 10, 12_800)
        x = g.normal(size=(12_800, 784)) + g.normal(size=(10, 784))[y]
        return x.astype(dtype), np.eye(10, dtype=dtype)[y]
    raise SystemExit(f"no workload {workload}")


def widths(workload):
    """Units of each layer, features first."""
    return {"W1": [2, 1], "W2": [28, 1], "W3": [10, 64, 64, 1], "W4": [2, 8, 8, 1], "W5": [784, 128, 10]}[
        workload
    ]


def start(workload):
    """Weights (in × out) and biases of each layer."""
    g = np.random.RandomState(2)
    dtype = PRECISION.get(workload, np.float32)
    sizes = widths(workload)
    layers = zip(sizes, sizes[1:])
    return [
        ((g.normal(size=(a, b)) / np.sqrt(a)).astype(dtype), np.zeros(b, dtype)) for a, b in layers
    ]


def measure(workload, peer, train, unit_rows=None, seconds=1.5, rounds=3):
    """`train()` does some updates and says how many; prints units a second of processor time."""
    rows = BATCH[workload] if workload in ("W2", "W5") else 1
    train()
    rates = []
    for _ in range(rounds):
        wall, cpu, done = time.perf_counter(), time.process_time(), 0
        while time.perf_counter() - wall < seconds:
            done += train()
        rates.append(rows * done / (time.process_time() - cpu))
    rates.sort()
    print(
        json.dumps(
            {
                "workload": workload,
                "peer": peer,
                "median": rates[len(rates) // 2],
                "best": rates[-1],
            }
        )
    )
    sys.stdout.flush()
