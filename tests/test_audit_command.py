"""`alliance audit`: the scores of a file are recomputed, and the mistake behind wrong ones is named, or none is."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from tests.conftest import Alliance

ROOT = Path(__file__).parents[1]
PUBLISHED = ROOT.parent / "shared" / "data" / "ai-psychotherapy-eval"
MAPS = ROOT / "examples" / "ai-psychotherapy-eval"

Form = Sequence[int | None]
Totals = Mapping[str, Fraction | None]


class Key(NamedTuple):
    """A scoring key as somebody would write it by hand, apart from the product."""

    scales: Mapping[str, Sequence[int]]
    reverse: frozenset[int]
    top: int
    mean: bool = False

    def score(self, form: Form, *, needed: float = 0.75) -> dict[str, Fraction | None]:
        return {name: self.one(items, form, needed) for name, items in self.scales.items()}

    def one(self, items: Sequence[int], form: Form, needed: float) -> Fraction | None:
        known = [(item, form[item - 1]) for item in items]
        keyed = [self.top + 1 - value if item in self.reverse else value for item, value in known if value is not None]
        if not keyed or len(keyed) < needed * len(items):
            return None
        return Fraction(sum(keyed), len(keyed)) * (1 if self.mean else len(items))

    def reversing(self, *items: int) -> Key:
        return self._replace(reverse=frozenset(items))

    def with_scale(self, **scales: Sequence[int]) -> Key:
        return self._replace(scales={**self.scales, **scales})


TASK, BOND, GOAL = (1, 2, 8, 12), (3, 5, 7, 9), (4, 6, 10, 11)
WAI_S = Key({"task": TASK, "bond": BOND, "goal": GOAL, "total": range(1, 13)}, frozenset({4, 10}), 7)
WAI_SR = Key(
    {"task": (1, 2, 10, 12), "bond": (3, 5, 7, 9), "goal": (4, 6, 8, 11), "total": range(1, 13)}, frozenset(), 5
)
WAI_36 = Key(
    {
        "task": (2, 4, 7, 11, 13, 15, 16, 18, 24, 31, 33, 35),
        "bond": (1, 5, 8, 17, 19, 20, 21, 23, 26, 28, 29, 36),
        "goal": (3, 6, 9, 10, 12, 14, 22, 25, 27, 30, 32, 34),
        "total": range(1, 37),
    },
    frozenset({1, 3, 7, 9, 10, 11, 12, 15, 20, 27, 29, 31, 33, 34}),
    7,
)
CHECK_IN = Key({"total": range(1, 7)}, frozenset({5}), 5, mean=True)
KEYS = {"wai-s": WAI_S, "wai-sr": WAI_SR, "wai-36": WAI_36, "session-check-in": CHECK_IN}
CHECK_IN_ITEMS = ("goal", "task", "bond", "heard", "unsaid", "overall")


def forms(instrument: str, *, missing: float = 0, count: int = 60) -> list[list[int | None]]:
    key, chance = KEYS[instrument], random.Random(f"{instrument} {missing}")  # noqa: S311  # a seed, no secret
    return [
        [None if chance.random() < missing else chance.randint(1, key.top) for _ in key.scales["total"]]
        for _ in range(count)
    ]


def zero_for_missing(form: Form, reverse: frozenset[int] = frozenset(), top: int = 0) -> list[int]:
    """Zero after reversing; to have it there, what will be reversed is made the top and one more."""
    return [(top + 1 if n in reverse else 0) if value is None else value for n, value in enumerate(form, start=1)]


def positions(form: Form) -> list[int | None]:
    descending = {2, 5, 6, 8, 10, 11}
    return [6 - value if value and n in descending else value for n, value in enumerate(form, start=1)]


def added_up(form: Form) -> Totals:
    right = WAI_SR.score(form)
    parts = [right[name] for name in ("task", "bond", "goal")]
    return {**right, "total": None if None in parts else sum((part for part in parts if part is not None), Fraction(0))}


def written(value: Fraction | None, places: int | None) -> str:
    if value is None:
        return ""
    if value.denominator == 1:
        return str(value.numerator)
    return repr(float(value)) if places is None else f"{float(round(value, places)):.{places}f}"


def file_of(
    alliance: Alliance, instrument: str, answered: Sequence[Form], stated: Sequence[Totals], places: int | None = 2
) -> tuple[str, ...]:
    """A file of forms with the scores that somebody computed, and its map; what to audit it with."""
    ids = CHECK_IN_ITEMS if instrument == "session-check-in" else [str(n) for n in KEYS[instrument].scales["total"]]
    scales = list(KEYS[instrument].scales)
    lines = [",".join([*(f"q_{name}" for name in ids), *(f"their_{scale}" for scale in scales)])]
    for form, totals in zip(answered, stated, strict=True):
        cells = ["" if value is None else str(value) for value in form]
        lines.append(",".join([*cells, *(written(totals[scale], places) for scale in scales)]))
    alliance.write("forms.csv", "\n".join([*lines, ""]))
    scores = "\n".join(f'{scale} = "their_{scale}"' for scale in scales)
    alliance.write("map.toml", f'[items]\neach = "q_{{item}}"\n[scores]\n{scores}\n')
    return ("audit", "forms.csv", "--instrument", instrument, "--map", "map.toml")


@pytest.mark.parametrize("places", [2, 4, None], ids=["two places", "four places", "doubles"])
@pytest.mark.parametrize("instrument", sorted(KEYS))
def test_right_scores_agree_to_the_places_they_are_stated_with(
    alliance: Alliance, instrument: str, places: int | None
) -> None:
    answered = forms(instrument, missing=0.08)
    arguments = file_of(alliance, instrument, answered, [KEYS[instrument].score(form) for form in answered], places)
    outcome = alliance(*arguments)
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out.startswith(f"All 60 rows agree with {instrument} ")
    told = json.loads(alliance(*arguments, "--json").out)
    assert (told["rows"], told["wrong_rows"], told["differences"], told["explanations"]) == (60, 0, [], [])


class Planted(NamedTuple):
    """A mistake, how it scores a form, and the words for it."""

    instrument: str
    missing: float
    score: Callable[[Form], Totals]
    what: str


MISTAKES = [
    Planted("wai-s", 0, WAI_S.reversing(4).score, "not reversing item 10"),
    Planted("wai-s", 0.05, WAI_S.reversing(10).score, "not reversing item 4"),
    Planted("wai-s", 0, WAI_S.reversing(2, 4, 10).score, "reversing item 2"),
    Planted("wai-s", 0, WAI_S.reversing(4, 9).score, "reversing item 9 instead of item 10"),
    Planted("wai-s", 0.05, WAI_S.reversing(5, 10).score, "reversing item 5 instead of item 4"),
    Planted("wai-s", 0, WAI_S.reversing().score, "reversing no item at all"),
    Planted(
        "wai-36", 0, WAI_36.reversing(*(WAI_36.reverse - {29} | {28})).score, "reversing item 28 instead of item 29"
    ),
    Planted("wai-s", 0, WAI_S.with_scale(task=(1, 2, 8)).score, "leaving item 12 out of task"),
    Planted("wai-s", 0, WAI_S.with_scale(total=range(1, 12)).score, "leaving item 12 out of total"),
    Planted("wai-s", 0, WAI_S.with_scale(bond=(*BOND, 1)).score, "counting item 1 in bond too"),
    Planted(
        "wai-s", 0, WAI_S.with_scale(task=(*TASK, 3), bond=(5, 7, 9)).score, "scoring item 3 in task instead of bond"
    ),
    Planted(
        "wai-sr",
        0.02,
        WAI_SR.with_scale(task=(1, 2, 8, 12), goal=(4, 6, 10, 11)).score,
        "swapping item 8 of goal and item 10 of task",
    ),
    Planted(
        "wai-sr",
        0,
        lambda form: WAI_SR.score(positions(form)),
        "taking positions for values in the items that print their options descending (2, 5, 6, 8, 10, 11)",
    ),
    Planted("wai-sr", 0.1, lambda form: WAI_SR.score(zero_for_missing(form)), "counting a missing answer as zero"),
    Planted(
        "wai-s",
        0.1,
        lambda form: WAI_S.score(zero_for_missing(form, WAI_S.reverse, WAI_S.top)),
        "counting a missing answer as zero",
    ),
    Planted(
        "wai-s",
        0.1,
        lambda form: WAI_S.score(zero_for_missing(form)),
        "taking zero for a missing answer before reversing",
    ),
    Planted(
        "session-check-in",
        0.1,
        lambda form: CHECK_IN.score(zero_for_missing(form, CHECK_IN.reverse, CHECK_IN.top)),
        "counting a missing answer as zero",
    ),
    Planted(
        "wai-sr",
        0.3,
        lambda form: WAI_SR.score(form, needed=0),
        "prorating from however few answers there are",
    ),
    Planted("wai-sr", 0.08, added_up, "adding up task, bond, goal for total"),
    Planted("wai-sr", 0.05, WAI_SR._replace(mean=True).score, "stating the mean of the items instead of their sum"),
    Planted(
        "session-check-in",
        0.05,
        CHECK_IN._replace(mean=False).score,
        "stating the sum of the items instead of their mean",
    ),
    Planted("session-check-in", 0, CHECK_IN.reversing().score, "not reversing item unsaid"),
]


@pytest.mark.parametrize("planted", MISTAKES, ids=lambda planted: f"{planted.instrument}: {planted.what}")
def test_a_single_mistake_is_named(alliance: Alliance, planted: Planted) -> None:
    answered = forms(planted.instrument, missing=planted.missing)
    arguments = file_of(alliance, planted.instrument, answered, [planted.score(form) for form in answered])
    outcome = alliance(*arguments, "--json")
    assert (outcome.code, outcome.err) == (1, "")
    told = json.loads(outcome.out)
    assert told["explained"]
    assert planted.what in [entry["what"] for entry in told["explanations"]]
    assert all((entry["rows"], entry["of"]) == (60, 60) for entry in told["explanations"])
    assert len(told["explanations"]) == 1, told["explanations"]


def test_the_page_ends_with_the_mistake(alliance: Alliance) -> None:
    answered = forms("wai-s")
    outcome = alliance(*file_of(alliance, "wai-s", answered, [WAI_S.reversing(4).score(form) for form in answered]))
    assert outcome.out.endswith("\n\nAll 60 rows are reproduced by not reversing item 10.\n")


def test_mistakes_that_the_file_cannot_tell_apart_are_all_named(alliance: Alliance) -> None:
    answered = forms("session-check-in")
    middle = [
        [3 if n in (1, 4) else value for n, value in enumerate(form)] for form in answered
    ]  # 3 is its own reverse
    wrong = [CHECK_IN.reversing(1, 5).score([1, *form[1:]]) for form in middle]
    arguments = file_of(alliance, "session-check-in", [[1, *form[1:]] for form in middle], wrong)
    outcome = alliance(*arguments)
    assert outcome.code == 1
    assert "All 60 rows are reproduced by reversing item goal.\n" in outcome.out
    assert "All 60 rows are reproduced by reversing item goal instead of item unsaid.\n" in outcome.out
    assert outcome.out.endswith("The file cannot tell these apart.\n")


@pytest.mark.parametrize(
    ("key", "missing"),
    [
        (WAI_S.reversing(4, 9).with_scale(task=(1, 2, 8)), 0),
        (WAI_S.reversing(4).with_scale(bond=(*BOND, 1)), 0.02),
        (WAI_S.reversing(1, 2, 4, 10), 0),
        (WAI_S.with_scale(task=(8, 9, 10, 11), bond=(1, 2, 3, 4)), 0),
    ],
    ids=["neighbour and left out", "not reversed and one too many", "two reversed too many", "another key altogether"],
)
def test_of_two_mistakes_at_once_none_is_blamed_for_all(alliance: Alliance, key: Key, missing: float) -> None:
    answered = forms("wai-s", missing=missing)
    arguments = file_of(alliance, "wai-s", answered, [key.score(form) for form in answered])
    told = json.loads(alliance(*arguments, "--json").out)
    assert not told["explained"]
    assert all(entry["rows"] < entry["of"] for entry in told["explanations"])
    outcome = alliance(*arguments)
    assert outcome.code == 1
    assert "No single mistake explains" in outcome.out
    assert "All 60 rows" not in outcome.out


def test_a_mistake_in_some_rows_only_comes_near(alliance: Alliance) -> None:
    answered = forms("wai-s")
    stated = [WAI_S.reversing(4).score(form) for form in answered]
    stated[:3] = [{**totals, "bond": Fraction(99)} for totals in stated[:3]]
    outcome = alliance(*file_of(alliance, "wai-s", answered, stated))
    assert outcome.code == 1
    assert "No single mistake explains all rows. The nearest:\n" in outcome.out
    assert "  57 of 60 rows are reproduced by not reversing item 10" in outcome.out


def one_form(alliance: Alliance, answers: str, total: str) -> tuple[str, ...]:
    alliance.write("forms.csv", f"1,2,3,4,sum\n{answers},{total}\n")
    alliance.write("map.toml", '[scores]\ntotal = "sum"\n')
    return ("audit", "forms.csv", "--instrument", "srs", "--map", "map.toml")


@pytest.mark.parametrize("total", ["36", "36.0", "36.00", "35.99999999999999", "36.00000000000001", ""])
def test_what_is_stated_as_the_same_number_is_right(alliance: Alliance, total: str) -> None:
    assert alliance(*one_form(alliance, "8.6,9.7,9.9,7.8", total)).code == 0


@pytest.mark.parametrize("total", ["35", "35.9", "36.1", "35.9999999", "-36", "360", "0"])
def test_what_is_stated_as_another_number_is_wrong(alliance: Alliance, total: str) -> None:
    assert alliance(*one_form(alliance, "8.6,9.7,9.9,7.8", total)).code == 1


def test_a_score_where_none_is_due_is_wrong_and_says_why(alliance: Alliance) -> None:
    told = json.loads(alliance(*one_form(alliance, "9,9,,9", "27"), "--json").out)
    assert told["differences"] == [
        {
            "line": 2,
            "scale": "total",
            "stated": 27,
            "computed": None,
            "difference": None,
            "note": "not scorable: 1 of 4 missing, the rule allows 0",
        }
    ]
    assert "counting a missing answer as zero" in [entry["what"] for entry in told["explanations"]]


def test_the_json_says_what_the_page_says(alliance: Alliance) -> None:
    answered = forms("wai-s", count=3)
    stated: list[Totals] = [WAI_S.score(form) for form in answered]
    stated[1] = {**stated[1], "goal": (stated[1]["goal"] or Fraction(0)) + 2}
    arguments = file_of(alliance, "wai-s", answered, stated)
    told = json.loads(alliance(*arguments, "--json").out)
    assert {key: told[key] for key in ("instrument", "version", "rows", "wrong_rows", "wrong_by_scale")} == {
        "instrument": "wai-s",
        "version": "1989",
        "rows": 3,
        "wrong_rows": 1,
        "wrong_by_scale": {"goal": 1},
    }
    (difference,) = told["differences"]
    assert (difference["line"], difference["scale"], difference["difference"]) == (3, "goal", 2)
    assert difference["stated"] == difference["computed"] + 2
    page = alliance(*arguments).out
    assert page.startswith("1 of 3 rows have wrong scores by wai-s 1989.\n")
    stated_and_computed = f"{difference['stated']}        {difference['computed']}           2"
    assert f"   3  goal       {stated_and_computed}\n" in page


def test_as_many_rows_are_listed_as_are_asked_for(alliance: Alliance) -> None:
    answered = forms("wai-s")
    arguments = file_of(alliance, "wai-s", answered, [WAI_S.with_scale(total=range(1, 12)).score(f) for f in answered])
    assert "... and 50 more rows; --rows N lists more, --json all" in alliance(*arguments).out
    assert "... and 58 more rows" in alliance(*arguments, "--rows", "2").out
    assert "more rows" not in alliance(*arguments, "--rows", "60").out
    alliance.refuses(*arguments, "--rows", "-1")


@pytest.mark.parametrize(
    "cell", ["NaN", "inf", "1e3", " 36", "36 ", "３６", "thirty", "36,0", "0x24", "-", "=A1", "\x1b[2J"]
)
def test_a_cell_that_is_no_score_is_refused(alliance: Alliance, cell: str) -> None:
    arguments = one_form(alliance, "9,9,9,9", f'"{cell}"')
    (fault,) = alliance.refuses(*arguments)
    assert fault == (f"forms.csv, line 2, column sum: {cell!r} is no score; write a plain number, or leave it empty")
    assert alliance.refuses(*arguments, "--json") == [fault]


def test_every_cell_at_fault_is_named(alliance: Alliance) -> None:
    faults = alliance.refuses(*one_form(alliance, "9,11,9,x", "many"))
    assert [fault.split(": ")[0] for fault in faults] == [
        f"forms.csv, line 2, column {column}" for column in ("2", "4", "sum")
    ]


def test_a_file_with_nothing_to_audit_is_refused(alliance: Alliance) -> None:
    arguments = one_form(alliance, "9,9,9,9", "36")
    alliance.write("forms.csv", "1,2,3,4,sum\n")
    assert alliance.refuses(*arguments) == ["forms.csv: has no rows to audit"]
    alliance.write("map.toml", 'ignore = ["sum"]\n')
    assert alliance.refuses(*arguments) == ["map.toml: names no column that carries scores; list them under [scores]"]
    alliance.write("map.toml", '[scores]\ntotal = "summ"\n')
    assert any(fault.startswith("map.toml: scores.total: the file has no column 'summ'; did you mean \"sum\"")
               for fault in alliance.refuses(*arguments))  # fmt: skip
    assert any("--map" in fault for fault in alliance.refuses(*arguments[:4]))
    assert "cannot be read" in alliance.refuses(*arguments[:5], "nowhere.toml")[0]


def test_a_file_may_come_from_standard_input(alliance: Alliance) -> None:
    arguments = one_form(alliance, "9,9,9,9", "36")
    outcome = alliance("audit", "-", *arguments[2:], stdin="1,2,3,4,sum\n9,9,9,9,35\n")
    assert outcome.code == 1
    assert outcome.out.startswith("1 of 1 rows have wrong scores by srs 3.0.")


@pytest.fixture
def published() -> Path:
    """The published data set, whose WAI totals reverse the wrong item."""
    if not PUBLISHED.is_dir():
        pytest.skip(f"the published data set is not there; it belongs into {PUBLISHED}")
    return PUBLISHED


@pytest.mark.data
def test_in_the_published_data_172_of_277_wai_forms_reverse_item_28_instead_of_29(
    alliance: Alliance, published: Path
) -> None:
    file, file_map = str(published / "survey_wai_logs.csv"), str(MAPS / "wai-36.toml")
    outcome = alliance("audit", file, "--instrument", "wai-36", "--map", file_map)
    assert outcome.code == 1
    assert outcome.out.startswith("172 of 277 rows have wrong scores by wai-36 1989.\n")
    assert outcome.out.endswith("\nAll 277 rows are reproduced by reversing item 28 instead of item 29.\n")
    wrong = dict(line.split()[:2] for line in outcome.out.splitlines()[4:8])
    assert wrong == {"task": "0", "bond": "172", "goal": "0", "total": "172"}


@pytest.mark.data
def test_in_the_published_data_all_srs_totals_are_right(alliance: Alliance, published: Path) -> None:
    file, file_map = str(published / "survey_srs_logs_with_total.csv"), str(MAPS / "srs.toml")
    outcome = alliance("audit", file, "--instrument", "srs", "--map", file_map)
    assert (outcome.code, outcome.out) == (0, "All 277 rows agree with srs 3.0.\n")
