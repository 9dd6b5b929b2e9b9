"""Ours and the peers', measured in turn on one core: `python tests/bench/compare.py W1 W3`.

Needs `cargo bench --no-run` to have built the benchmark, and the packages of
`tests/bench/peers/requirements.txt` for the peers; one that is missing is skipped, and named.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PEERS = {
    "numpy": "numpy",
    "jax": "jax",
    "torch": "torch",
    "sklearn": "scikit-learn",
    "keras": "keras, a tape",
    "keras_fit": "keras, fit",
}


def benchmark(given):
    if given:
        return [given]
    target = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    built = [p for p in (target / "release" / "deps").glob("speed-*") if os.access(p, os.X_OK) and p.suffix == ""]
    if not built:
        sys.exit("build it first: cargo bench --no-run")
    return [str(max(built, key=lambda p: p.stat().st_mtime))]


def measured(command):
    """The best of a run, or why there is none."""
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE / "peers")
    if done.returncode:
        lines = done.stderr.strip().splitlines()
        return None, lines[-1] if lines else "it failed"
    return json.loads(done.stdout.strip().splitlines()[-1])["best"], None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("workloads", nargs="*", default=["W1", "W2", "W3", "W4", "W5"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ours", help="the benchmark's binary")
    parser.add_argument("--peers", nargs="*", default=list(PEERS))
    chosen = parser.parse_args()
    ours = benchmark(chosen.ours)
    print(f"{'workload':9}{'ours /s':>14}  {'peer':14}{'peer /s':>14}{'ratio':>9}{'min':>9}{'max':>9}")
    for workload in chosen.workloads:
        own, rates, missing = [], {peer: [] for peer in chosen.peers}, {}
        for _ in range(chosen.rounds):
            for peer in chosen.peers:
                if peer in missing:
                    continue
                mine, problem = measured([*ours, "--exact", workload, "--json", "--rounds", "3"])
                if mine is None:
                    sys.exit(problem)
                theirs, problem = measured([sys.executable, f"{peer}_peer.py", workload])
                if theirs is None:
                    missing[peer] = problem
                    continue
                own.append(mine)
                rates[peer].append((mine, theirs))
        for peer, pairs in rates.items():
            if peer in missing:
                print(f"{workload:9}{'':14}  {PEERS[peer]:14}skipped: {missing[peer]}")
                continue
            ratios = [mine / theirs for mine, theirs in pairs]
            mine, theirs = (statistics.median(side) for side in zip(*pairs))
            middle = statistics.median(ratios)
            print(
                f"{workload:9}{mine:14,.0f}  {PEERS[peer]:14}{theirs:14,.0f}"
                f"{middle:9.1f}{min(ratios):9.1f}{max(ratios):9.1f}"
            )


main()
