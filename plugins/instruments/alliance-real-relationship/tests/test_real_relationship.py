"""The Real Relationship Inventory: forms without a key, and what a clinic that holds the key makes of them."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from alliance_core import Instrument, load_instrument, score
from alliance_core.definition.completion import faults
from alliance_core.definition.load import parse_instrument

HERE = Path(__file__).resolve().parent.parent / "alliance_real_relationship"
SIZES = {"rri-c": 24, "rri-t": 24, "rri-c-sf": 8}
FORMS = {name: load_instrument(HERE / f"{name}.toml") for name in SIZES}
every_form = pytest.mark.parametrize("name", sorted(SIZES))
KEY = """completes = "{id}"
reverse = [{last}]
missing = {{ answered = 0.75, source = "project" }}
scales.realism = {{ method = "mean", items = {realism} }}
scales.genuineness = {{ method = "mean", items = {genuineness} }}
scales.total = {{ method = "mean", items = "all" }}
"""
"""A key made up for these tests: the odd items, the even items, and the last one reversed. It is not the real one."""


def completed(name: str) -> Instrument:
    """What a clinic's own file comes to that follows the README."""
    text = (HERE / f"{name}.toml").read_text(encoding="utf-8")
    items, [line] = SIZES[name], [line for line in text.splitlines() if line.startswith("partial = ")]
    odd, even = list(range(1, items + 1, 2)), list(range(2, items + 1, 2))
    key = KEY.format(id=name, last=items, realism=odd, genuineness=even)
    text = text.replace(line + "\n", key)
    text = text.replace(f'version = "{FORMS[name].version}"', f'version = "{FORMS[name].version}-own"')
    text = text[: text.index("[[examples]]")] + (
        f"[[examples]]\nanswers = {[5] * items}\n"
        f"scores = {{ realism = 5, genuineness = {float(Fraction(5 * (items // 2) - 4, items // 2)):.4f}, "
        f"total = {float(Fraction(5 * items - 4, items)):.4f} }}\n"
    )
    return parse_instrument(text.encode(), name=f"{name}.toml")


@every_form
def test_the_form_has_its_items_and_no_key(name: str) -> None:
    form = FORMS[name]
    assert [item.id for item in form.items] == [str(number) for number in range(1, SIZES[name] + 1)]
    assert [item.topic for item in form.items] == [f"item {number}" for number in range(1, SIZES[name] + 1)]
    assert {form.response(item).values for item in form.items} == {tuple(map(Fraction, range(1, 6)))}
    assert form.partial is not None
    assert form.scales == ()
    assert form.thresholds == ()
    assert not any(item.reverse for item in form.items)


@every_form
def test_nothing_is_scored_without_the_key(name: str) -> None:
    assert dict(score(FORMS[name], [3] * SIZES[name])) == {}


def test_client_and_therapist_form_are_twins() -> None:
    assert (FORMS["rri-c"].raters, FORMS["rri-c"].twin) == (("client",), "rri-t")
    assert (FORMS["rri-t"].raters, FORMS["rri-t"].twin) == (("therapist",), "rri-c")
    assert (FORMS["rri-c-sf"].raters, FORMS["rri-c-sf"].twin) == (("client",), None)


@every_form
def test_a_clinic_completes_it_as_the_readme_says(name: str) -> None:
    assert list(faults(completed(name), FORMS[name])) == []


def test_a_completed_form_scores_keyed_answers_that_were_added_up_by_hand() -> None:
    realism, genuineness = [4, 4, 5, 3, 4, 4, 5, 4, 3, 4, 4, 4], [5, 4, 4, 4, 5, 4, 3, 4, 4, 5, 4, 4]
    answers = [answer for pair in zip(realism, genuineness, strict=True) for answer in pair]
    answers[-1] = 6 - answers[-1]  # the made-up key reverses the last item
    results = score(completed("rri-c"), answers)
    assert results["realism"].value == 4
    assert results["genuineness"].value == Fraction(50, 12)
    assert results["total"].value == Fraction(98, 24)


def test_a_completed_short_form_scores_too() -> None:
    results = score(completed("rri-c-sf"), [4, 5, 4, 4, 3, 5, 4, 2])
    assert {name: result.value for name, result in results.items()} == {
        "realism": Fraction(15, 4), "genuineness": Fraction(18, 4), "total": Fraction(33, 8),
    }  # fmt: skip


@pytest.mark.parametrize(("answer", "keyed"), [(1, 5), (2, 4), (3, 3), (4, 2), (5, 1)])
def test_a_reversed_item_counts_6_minus_the_answer(answer: int, keyed: int) -> None:
    form = completed("rri-c-sf")
    assert form.keyed(form.item_by_id["8"], Fraction(answer)) == keyed


@every_form
def test_the_readme_tells_how(name: str) -> None:
    text = (HERE.parent / "README.md").read_text(encoding="utf-8")
    for word in (name, "completes", "reverse", "alliance instruments add", "partial"):
        assert word in text


@every_form
def test_the_wording_is_the_owners_and_must_be_supplied(name: str) -> None:
    licence = FORMS[name].licence
    assert licence.wording == "supply-your-own"
    assert "Gelso" in licence.owner


@every_form
def test_the_definition_has_at_most_sixty_lines(name: str) -> None:
    assert len((HERE / f"{name}.toml").read_text(encoding="utf-8").splitlines()) <= 60
