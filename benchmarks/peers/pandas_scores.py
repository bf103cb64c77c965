"""The same scoring as a researcher writes it with pandas: ``pandas_scores.py ANSWERS SCORES [--notes]``.

With --notes it writes what ``alliance score`` writes, how many items were answered and why a score is missing too.
"""

from __future__ import annotations

import sys

import pandas as pd

ITEMS = [f"q{number}" for number in range(1, 13)]
REVERSED = ["q4", "q8", "q11"]
SCALES = {"task": ITEMS[0::3], "bond": ITEMS[1::3], "goal": ITEMS[2::3], "total": ITEMS}
SHARE = 0.75


def notes(size: int, needed: int) -> dict[int, str]:
    """The sentence for each number of answered items."""
    prorated = {n: f"prorated: {n} of {size} answered" for n in range(needed, size)}
    missing = {n: f"not scorable: {size - n} of {size} missing, the rule allows {size - needed}" for n in range(needed)}
    return {size: ""} | prorated | missing


def main() -> None:
    """Read, reverse, prorate, write."""
    source, target, *options = sys.argv[1:]
    data = pd.read_csv(source)
    data[REVERSED] = 6 - data[REVERSED]
    columns = {}
    for name, items in SCALES.items():
        answered = data[items].count(axis=1)
        needed = int(SHARE * len(items))
        columns[name] = data[items].mean(axis=1).where(answered >= needed)
        if options:
            columns[f"{name}.answered"] = answered
            columns[f"{name}.note"] = answered.map(notes(len(items), needed))
    pd.DataFrame(columns).to_csv(target, index=False)


main()
