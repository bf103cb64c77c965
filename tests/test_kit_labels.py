"""The order of labels, in the definition and in a translation."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from alliance_core.testing.labels import label_order_findings

ROOT = Path(__file__).parents[1]
OFTEN = {Fraction(n): word for n, word in enumerate(("never", "rarely", "sometimes", "often", "always"), start=1)}


def words(*said: str) -> dict[Fraction, str]:
    return {Fraction(n): word for n, word in enumerate(said, start=1)}


@pytest.mark.parametrize(
    ("translated", "says"),
    [
        (words("Nie", "Selten", "Manchmal", "Oft", "Immer"), None),
        (words("Immer", "Oft", "Manchmal", "Selten", "Nie"), "turn the scale round: 'Immer' stands at 1"),
        (words("Toujours", "Souvent", "Parfois", "Rarement", "Jamais"), "turn the scale round"),
        (words("Nie", "Selten", "Oft", "Manchmal", "Immer"), "'Oft' stands at 3 and 'Manchmal' at 4"),
        (words("Never", "Rarely", "Often", "Sometimes", "Always"), "'Often' stands at 3, but the definition has it"),
        (words("Nie", "Selten", "Manchmal", "Oft"), "there is no label for 5"),
        (words("ei koskaan", "harvoin", "joskus", "usein", "aina"), None),
    ],
)
def test_translated_labels_are_held_against_the_definition(translated: Any, says: str | None) -> None:
    found = label_order_findings(translated, OFTEN)
    assert (found == []) if says is None else any(says in sentence for sentence in found)
