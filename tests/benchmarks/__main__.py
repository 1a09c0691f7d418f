"""Runs every benchmark, one after the other: `make bench`.

Each prints ratios measured in one run and can be run by itself with its own options:
`python -m tests.benchmarks.<name> --help`.
"""

import subprocess
import sys

BENCHMARKS = (
    "submissions",
    "appends",
    "rebuild",
    "counting",
    "results_page",
    "pages",
    "sealing",
    "verifier",
)


def main() -> None:
    """Run them in processes of their own, so that none warms another."""
    for name in BENCHMARKS:
        print(f"\n=== {name} ===", flush=True)
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", f"tests.benchmarks.{name}"], check=True
        )


if __name__ == "__main__":
    main()
