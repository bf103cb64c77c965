"""The kit for measures: a sound one passes, each check finds what it is for, and no check can be dropped."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alliance_core.cli import run
from alliance_core.definition.load import load_instrument, parse_instrument
from alliance_core.instrument import Instrument
from alliance_core.plugins.check import check
from alliance_core.plugins.data import needs_code
from alliance_core.plugins.manager import Plugins
from alliance_core.testing import InstrumentKit, battery
from alliance_core.testing.guard import dropped
from alliance_core.testing.subject import Subject

if TYPE_CHECKING:
    from tests.conftest import Site

ROOT = Path(__file__).parents[1]
SOUND = (Path(__file__).parent / "kit_sound.toml").read_text()
CHECKS = {each.name: each for each in battery.CHECKS}
BESIDE = ("definition_fits_a_page", "readme_names_owner_and_source")
"""Checks of files rather than of what is in them."""


@pytest.fixture
def sound() -> Instrument:
    return parse_instrument(SOUND.encode(), name="evening.toml")


def test_a_long_definition_and_a_readme_that_says_nothing_are_found(tmp_path: Path) -> None:
    (tmp_path / "evening.toml").write_text(SOUND + "# more\n" * 30)
    (tmp_path / "README.md").write_text("A form.")
    subject = Subject(load_instrument(tmp_path / "evening.toml"), tmp_path / "evening.toml")
    assert "60 are the most" in CHECKS["definition_fits_a_page"].run(subject).sentence
    told = CHECKS["readme_names_owner_and_source"].run(subject).sentence
    assert "does not name the owner, Somebody Else" in told
    assert "10.1000/evening is not in it" in told


def test_a_sound_definition_passes_every_check(sound: Instrument) -> None:
    assert [(found.name, found.sentence) for found in battery.run(Subject(sound)) if not found.ok] == []


def test_every_check_says_what_it_means_if_it_fails() -> None:
    for each in battery.CHECKS:
        assert each.holds.endswith("."), each.name
        assert "If this fails, " in each.doc, each.name
    assert len(CHECKS) == battery.COUNT == len(battery.CHECKS)


SHIPPED = [
    file
    for file in sorted(ROOT.glob("plugins/instruments/*/alliance_*/*.toml"))
    if not needs_code(file)  # its own test supplies the function
]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda path: path.stem)
def test_no_shipped_definition_has_a_fault_in_its_form_or_key(file: Path) -> None:
    """The examples' proof has its own test beside each definition; this is about false alarms of the kit."""
    subject = Subject(load_instrument(file), file)
    told = [CHECKS[name].run(subject) for name in CHECKS if not name.startswith("examples_notice")]
    assert [found.sentence for found in told if not found.ok and found.name not in BESIDE] == []


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("plugins/instruments/*/alliance_*/*.toml")), ids=lambda path: path.stem
)
def test_every_shipped_definition_has_its_kit_test(file: Path) -> None:
    kit = file.parents[1] / "tests" / "test_kit.py"
    assert f'definition = HERE / "{file.name}"' in kit.read_text(encoding="utf-8")


class OfEvening(InstrumentKit):
    definition = parse_instrument(SOUND.encode(), name="evening.toml")


def test_dropping_a_check_fails() -> None:
    class Deleted(OfEvening):
        test_examples_are_enough = None

    class Replaced(OfEvening):
        def test_labels_are_in_order(self) -> None:
            """Nothing to see."""

    class Unreasoned(OfEvening):
        @pytest.mark.xfail
        def test_labels_are_in_order(self) -> None:
            """No reason."""

    class Reasoned(OfEvening):
        @pytest.mark.xfail(reason="the form itself is printed so")
        def test_labels_are_in_order(self) -> None:
            """There is a reason."""

    assert dropped(OfEvening) == dropped(Reasoned) == []
    for careless in (Deleted, Replaced, Unreasoned):
        (fault,) = dropped(careless)
        assert f"{careless.__name__} drops or replaces test_" in fault


def test_a_shrunk_battery_fails(monkeypatch: pytest.MonkeyPatch, sound: Instrument) -> None:
    monkeypatch.delattr(InstrumentKit, "test_labels_are_in_order")
    (fault,) = dropped(OfEvening)
    assert f"InstrumentKit has {battery.COUNT - 1} checks, but should have {battery.COUNT}" in fault
    monkeypatch.setattr(battery, "CHECKS", battery.CHECKS[1:])
    with pytest.raises(RuntimeError, match="should have"):
        battery.run(Subject(sound))


def test_the_kit_prints_how_many_checks_ran(site: Site) -> None:
    site.write("evening.toml", SOUND.replace('4 = "often", 5 = "always"', '4 = "always", 5 = "often"'))
    kit = "from pathlib import Path\nfrom alliance_core.testing import InstrumentKit\n\n"
    kit += 'class TestEvening(InstrumentKit):\n    definition = Path(__file__).with_name("evening.toml")\n'
    site.write("test_kit.py", kit)
    done = site.python("-m", "pytest", "-q", "-p", "no:cacheprovider", "test_kit.py")
    assert done.returncode == 1
    assert f"TestEvening: {battery.COUNT} checks run, 0 skipped, 1 wrong" in done.stdout
    assert "'always' stands at 4 and 'often' at 5" in done.stdout
    assert "If this fails, a label stands beside another's value" in done.stdout


def test_a_definition_that_cannot_be_read_says_so_in_every_test(tmp_path: Path) -> None:
    class Unread(InstrumentKit):
        definition = tmp_path / "nothing.toml"

    found = Unread.finding(CHECKS["labels_are_in_order"])
    assert "the definition cannot be read" in found.sentence
    assert not found.ok


def test_the_command_runs_the_battery(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "evening.toml"
    file.write_text(SOUND)
    assert run(["plugins", "check", str(file)]) == 0
    assert f"{battery.COUNT} checks run, 0 skipped" in capsys.readouterr().out
    file.write_text(SOUND.replace('3 = "sometimes", 4 = "often"', '3 = "often", 4 = "sometimes"'))
    assert run(["plugins", "check", str(file), "--json"]) == 1
    found = {each["check"]: each for each in json.loads(capsys.readouterr().out) if each["kit"]}
    assert len(found) == battery.COUNT
    assert not found["labels_are_in_order"]["ok"]


def test_a_function_that_is_not_there_is_no_fault_but_is_counted(tmp_path: Path) -> None:
    text = SOUND.replace('total = { items = "all", method = "sum" }',
                         'total = { items = "all", method = "function", function = "f", range = [4, 20] }')  # fmt: skip
    file = tmp_path / "evening.toml"
    file.write_text(text)
    findings = check(str(file), Plugins([]))
    assert [finding.detail for finding in findings if not finding.ok] == []
    (counted,) = [finding.detail for finding in findings if finding.check == "kit"]
    assert counted.endswith(f"{sum(each.scores for each in battery.CHECKS)} skipped")


def test_the_reference_is_in_date() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts/kit_reference.py"), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_battery_needs_no_pytest(site: Site) -> None:
    code = "import sys, alliance_core.testing.battery, alliance_core.testing.mutation; print('pytest' in sys.modules)"
    assert site.python("-c", code).stdout == "False\n"


PARTIAL = """\
id = "closed"
title = "A closed key"
version = "1"
raters = ["client"]
direction = "higher-is-better"
source = "project"
partial = "the key is not public"
licence = { owner = "the alliance contributors", wording = "ships" }
formats.often = { kind = "rating", labels = { 1 = "never", 2 = "sometimes", 3 = "always" } }
[items]
1 = "first"
2 = "second"
"""


def test_a_clinics_completion_is_held_against_the_partial_definition(site: Site) -> None:
    site.install("alliance-closed", {"instruments": {"closed": "closed"}}, {"closed/closed.toml": PARTIAL})
    own = PARTIAL.replace('partial = "the key is not public"', 'completes = "closed"')
    own = own.replace('version = "1"', 'version = "1-own"').replace('2 = "second"', '3 = "third"')
    scale = '[scales.total]\nitems = "all"\nmethod = "sum"\nmissing = { allowed = 0, source = "project" }\n'
    examples = "[[examples]]\nanswers = [3, 1]\nscores = { total = 4 }\n"
    file = site.write("own.toml", own + scale + examples)
    (told,) = [finding for finding in check(str(file), Plugins(site.entries())) if finding.check == "completion"]
    assert "items: are not those of closed" in told.detail
    file.write_text((own + scale + examples).replace('3 = "third"', '2 = "second"'))
    (told,) = [finding for finding in check(str(file), Plugins(site.entries())) if finding.check == "completion"]
    assert (told.ok, told.detail) == (True, "it is closed with the key added")
    (told,) = [finding for finding in check(str(file), Plugins([])) if finding.check == "completion"]
    assert told.warning
