"""The command `alliance` as a whole: help, completion, colour, what reaches the terminal, and what a call imports."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from alliance_core import __version__
from alliance_core.cli import COMMANDS, output

if TYPE_CHECKING:
    from tests.conftest import Alliance


def subcommands() -> list[tuple[str, str]]:
    """The commands of every group."""
    modules = {name: import_module(f"alliance_core.cli.{module}") for name, (module, _) in COMMANDS.items()}
    groups = {name: getattr(module, name, None) or module.command for name, module in modules.items()}
    return [(name, inner) for name, group in groups.items() for inner in getattr(group, "commands", ())]


SUBCOMMANDS = subcommands()
ESCAPE = "\x1b[31mred\x1b[0m\x9b31m\u202e\x07\x7f"
HEAVY = {"attrs", "attr", "cattrs", "pluggy", "jinja2", "sqlite_utils", "sqlite3", "importlib.metadata"}


def outside(
    folder: Path, *arguments: str, environment: Mapping[str, str] | None = None, stdin: bytes = b""
) -> subprocess.CompletedProcess[bytes]:
    """Run Python in a process of its own, in a folder, with its store there."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ALLIANCE_")}
    settings = {"ALLIANCE_STORE": str(folder / "store.db"), "HOME": str(folder), **(environment or {})}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=clean | settings,
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
    )


class TestHelp:
    """Is there for every command, costs nothing and shows how to begin."""

    @pytest.mark.parametrize("option", ["--help", "-h"])
    @pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS), *SUBCOMMANDS], ids=" ".join)
    def test_is_there(self, alliance: Alliance, command: tuple[str, ...], option: str) -> None:
        outcome = alliance(*command, option)
        assert (outcome.code, outcome.err) == (0, "")
        assert outcome.out.startswith(f"Usage: {' '.join(('alliance', *command))} ")
        assert alliance.files() == {}

    @pytest.mark.parametrize("command", [name for name in COMMANDS if name != "doctor"])
    def test_has_an_example_that_begins_with_the_command(self, alliance: Alliance, command: str) -> None:
        page = alliance(command, "--help").out
        assert "Examples:\n" in page
        assert f"  alliance {command}" in page

    @pytest.mark.parametrize("command", list(COMMANDS))
    def test_names_no_option_that_is_not_there(self, alliance: Alliance, command: str) -> None:
        page = alliance(command, "--help").out
        others = set(re.findall(r"alliance ([a-z]+)", page)) & set(COMMANDS)
        pages = [page, *(alliance(name, "--help").out for name in others)]
        pages += [alliance(*names, "--help").out for names in SUBCOMMANDS if names[0] in {command, *others}]
        listed = {name for each in pages for name in re.findall(r"^  (?:-h, )?(--[a-z-]+)", each, re.MULTILINE)}
        assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", page)) <= listed

    def test_of_the_whole_lists_every_command_with_its_own_first_line(self, alliance: Alliance) -> None:
        page = alliance("--help").out
        for name, (_, text) in COMMANDS.items():
            assert re.search(rf"^  {name} +{re.escape(text)}$", page, re.MULTILINE)

    def test_without_a_command_is_shown_and_nothing_done(self, alliance: Alliance) -> None:
        outcome = alliance()
        assert outcome.code == 2
        assert "Usage: alliance [OPTIONS] COMMAND" in outcome.out + outcome.err


@pytest.mark.parametrize(
    ("given", "near"),
    [("scroe", "score"), ("imprt", "import"), ("instrument", "instruments"), ("doctro", "doctor"), ("SCORE", None)],
)
def test_an_unknown_command_is_refused_with_the_nearest(alliance: Alliance, given: str, near: str | None) -> None:
    (fault,) = alliance.refuses(given)
    assert fault.startswith(f"There is no command '{given}'.")
    assert fault.endswith(f"Did you mean {near!r}?" if near else "See `alliance --help`.")


def test_an_unknown_command_or_option_of_a_command_is_refused_with_the_nearest(alliance: Alliance) -> None:
    assert "show" in alliance.refuses("instruments", "shw", "srs")[0]
    assert "--json" in alliance.refuses("cases", "--jsn")[0]
    assert "--store" in alliance.refuses("--stroe", "x", "cases")[0]


def test_the_version_is_said(alliance: Alliance) -> None:
    assert alliance("--version") == (0, f"alliance {__version__}\n", "")


def test_it_is_a_module_too(tmp_path: Path) -> None:
    done = outside(tmp_path, "-m", "alliance_core", "--version")
    assert (done.returncode, done.stdout.decode().strip()) == (0, f"alliance {__version__}")


class TestTheStore:
    """Is where `--store`, else the environment, else nobody says."""

    def test_may_be_named_before_or_after_the_command(self, alliance: Alliance) -> None:
        record = ("record", "srs", "--case", "K1", "--session", "1", "--rater", "client", "--answers", "[9, 9, 9, 9]")
        assert alliance("--store", "one.db", *record).code == 0
        assert alliance(*record, "--store", "two.db").code == 0
        assert alliance("--store", "one.db", *record, "--store", "three.db").code == 0
        assert set(alliance.files()) == {"one.db", "two.db", "three.db"}

    @pytest.mark.parametrize("command", [("cases",), ("scores",), ("report", "progress", "--case", "K1")], ids=" ".join)
    def test_that_is_not_there_is_not_made_by_reading(self, alliance: Alliance, command: tuple[str, ...]) -> None:
        (fault,) = alliance.refuses(*command)
        assert fault.endswith("there is no store yet; record or import something first, or name another with --store")

    def test_is_made_where_nobody_says(self, tmp_path: Path) -> None:
        record = ("record", "srs", "--case", "K1", "--session", "1", "--rater", "client", "--answers", "[9, 9, 9, 9]")
        settings = {"ALLIANCE_STORE": "", "XDG_CONFIG_HOME": ""}
        done = outside(tmp_path, "-m", "alliance_core", *record, environment=settings)
        assert (done.returncode, done.stderr) == (0, b"")
        (store,) = tmp_path.rglob("alliance.db")
        assert (store.stat().st_mode & 0o777, store.parent.stat().st_mode & 0o777) == (0o600, 0o700)
        assert b"K1" in outside(tmp_path, "-m", "alliance_core", "cases", environment=settings).stdout


class TestInstruments:
    """Those installed, and a clinic's own."""

    OWN = Path(__file__).parents[1] / "plugins/instruments/alliance-boundaries/examples/own-checklist.toml"

    def test_are_listed_without_a_store(self, alliance: Alliance) -> None:
        listed = json.loads(alliance("instruments", "--json").out)
        assert {"srs", "wai-36", "wai-s", "wai-sr", "session-check-in"} <= {row["id"] for row in listed}
        assert alliance.files() == {}

    def test_of_ones_own_are_checked_kept_and_used(self, alliance: Alliance) -> None:
        outcome = alliance("instruments", "add", str(self.OWN))
        assert outcome == (0, f"Kept our-frame 1: 4 items, in {alliance.store}\n", "")
        assert [
            row["own"] for row in json.loads(alliance("instruments", "--json").out) if row["id"] == "our-frame"
        ] == [True]
        form = ("record", "our-frame", "--case", "K1", "--session", "1", "--rater", "therapist")
        assert alliance(*form, "--answers", '["yes", "no", "yes", "no"]').code == 0
        alliance.write("answers.csv", "overran,corridor,phone,in-town\nyes,no,yes,no\n")
        assert alliance("score", "answers.csv", "--instrument", "our-frame").out.splitlines()[1] == "2,4,"

    def test_of_ones_own_that_are_wrong_are_refused(self, alliance: Alliance) -> None:
        alliance.write("broken.toml", self.OWN.read_text().replace('method = "count"', 'method = "cuont"'))
        alliance.write("changed.toml", self.OWN.read_text().replace("allowed = 0", "allowed = 1"))
        for file in ("broken.toml", "changed.toml", "nowhere.toml", "."):
            alliance.refuses("instruments", "add", file)
        taken = Path(__file__).parents[1] / "plugins/instruments/alliance-srs/alliance_srs/srs.toml"
        assert "the id 'srs' is taken by alliance-srs" in alliance.refuses("instruments", "add", str(taken))[0]

    def test_show_all_that_their_definition_says(self, alliance: Alliance) -> None:
        page = alliance("instruments", "show", "srs").out
        assert "total < 36: " in page
        told = json.loads(alliance("instruments", "show", "srs", "--json").out)
        assert [item["id"] for item in told["items"]] == ["1", "2", "3", "4"]
        assert "there is no instrument 'srz'" in alliance.refuses("instruments", "show", "srz")[0]


class TestCompletion:
    """The shell can ask for commands, options and instruments."""

    def complete(self, folder: Path, line: str) -> list[str]:
        words = line.split(" ")
        settings = {"_ALLIANCE_COMPLETE": "bash_complete", "COMP_WORDS": line, "COMP_CWORD": str(len(words) - 1)}
        done = outside(folder, "-m", "alliance_core", environment=settings)
        assert done.stderr == b""
        return [entry.split(",", 1)[1] for entry in done.stdout.decode().splitlines()]

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_has_a_script(self, tmp_path: Path, shell: str) -> None:
        if shell == "bash" and not Path("/bin/bash").exists():
            pytest.skip("there is no bash")
        done = outside(tmp_path, "-m", "alliance_core", environment={"_ALLIANCE_COMPLETE": f"{shell}_source"})
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"_ALLIANCE_COMPLETE" in done.stdout

    def test_knows_commands(self, tmp_path: Path) -> None:
        assert set(self.complete(tmp_path, "alliance s")) == {"score", "scores"}
        assert self.complete(tmp_path, "alliance instruments s") == ["show"]

    def test_knows_instruments_and_reports(self, tmp_path: Path) -> None:
        assert {"wai-36", "wai-s", "wai-sr"} <= set(self.complete(tmp_path, "alliance record wai-"))
        assert {"srs"} <= set(self.complete(tmp_path, "alliance score x.csv --store y.db --instrument sr"))
        assert self.complete(tmp_path, "alliance report prog") == ["progress"]

    def test_makes_no_store(self, tmp_path: Path) -> None:
        self.complete(tmp_path, "alliance --store y.db record wai-")
        assert list(tmp_path.iterdir()) == []


class TestTheTerminal:
    """What stands in files never commands it."""

    @staticmethod
    def is_harmless(*texts: str) -> bool:
        return all(char.isprintable() or char == "\n" for text in texts for char in text)

    @pytest.mark.parametrize("content", [f"1,2,3,{ESCAPE}\n1,1,1,1\n", f"1,2,3,4\n{ESCAPE},1,1,1\n", f"{ESCAPE}\n"])
    def test_from_a_table(self, alliance: Alliance, content: str) -> None:
        alliance.write("answers.csv", content)
        for json_option in ((), ("--json",)):
            outcome = alliance("score", "answers.csv", "--instrument", "srs", *json_option)
            assert outcome.code == 2
            assert self.is_harmless(outcome.err)

    @pytest.mark.parametrize("place", ["rater", "column", "word", "key"])
    def test_from_a_map(self, alliance: Alliance, place: str) -> None:
        text = json.dumps(ESCAPE.replace("\x7f", ""))
        alliance.write("forms.csv", "code,meeting,1,2,3,4\nK1,1,9,9,9,9\n")
        lines = {"rater": f"rater = {text}\n", "key": f"{text} = 1\n"}.get(place, "")
        tables = {"column": f"[columns]\ncase = {text}\n", "word": f"[words]\n{text} = 99\n"}.get(place, "")
        alliance.write("map.toml", lines + tables)
        outcome = alliance("import", "forms.csv", "--instrument", "srs", "--map", "map.toml")
        assert outcome.code == 2
        assert "\\x1b" in outcome.err
        assert self.is_harmless(outcome.err)

    def test_from_a_row_of_an_import(self, alliance: Alliance) -> None:
        alliance.write("forms.csv", f"code,meeting,1,2,3,4\nK1,{ESCAPE},9,9,9,9\n")
        alliance.write("map.toml", 'rater = "client"\n[columns]\ncase = "code"\nsession = "meeting"\n')
        for option in ("--json", "--keep-good"):
            outcome = alliance("import", "forms.csv", "--instrument", "srs", "--map", "map.toml", option)
            assert self.is_harmless(outcome.out, outcome.err)
        told = json.loads(alliance("import", "forms.csv", "--instrument", "srs", "--map", "map.toml", "--json").out)
        assert told["refused"][0]["value"] == ESCAPE

    def test_from_the_name_of_a_file(self, alliance: Alliance) -> None:
        for name in (f"{ESCAPE}.csv", "\udcff.csv"):
            outcome = alliance("score", name, "--instrument", "srs")
            assert outcome.code == 2
            assert self.is_harmless(outcome.err)

    def test_from_a_definition(self, alliance: Alliance) -> None:
        source = TestInstruments.OWN.read_text()
        text = json.dumps(ESCAPE.replace("\x7f", ""))[1:-1]
        source = source.replace("Our frame:", f"{text}:").replace("The session ran", f"{text} ran")
        alliance.write("own.toml", source.replace('owner = "Our clinic"', f'owner = "{text}"'))
        form = ("record", "own.toml", "--case", "K1", "--session", "1", "--rater", "therapist")
        for arguments in (
            ("instruments", "add", "own.toml"),
            ("instruments",),
            ("instruments", "show", "own.toml"),
            form,
        ):
            for json_option in ((), ("--json",)):
                outcome = alliance(*arguments, *json_option, stdin="yes\nno\nyes\nno\n")
                assert self.is_harmless(outcome.out, outcome.err), (arguments, json_option)

    def test_from_answers(self, alliance: Alliance) -> None:
        form = ("record", "srs", "--case", "K1", "--session", "1", "--rater", "client")
        for given in (json.dumps([ESCAPE, 1, 1, 1]), json.dumps({ESCAPE: 1}), ESCAPE):
            assert self.is_harmless(alliance(*form, "--answers", given).err)
        assert self.is_harmless(alliance(*form, stdin=f"{ESCAPE}\n1\n1\n1\n1\n").out)


class TestColour:
    """Only on a terminal, and never against NO_COLOR."""

    class Terminal:
        """A stream that says that it is one."""

        def isatty(self) -> bool:
            return True

    def test_is_for_terminals(self, alliance: Alliance) -> None:
        assert output.coloured(self.Terminal())  # type: ignore[arg-type]  # asked for nothing else
        assert "\x1b" not in alliance("score", "nowhere.csv", "--instrument", "srs").err

    def test_is_switched_off_by_no_color(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NO_COLOR", "1")
        assert not output.coloured(self.Terminal())  # type: ignore[arg-type]  # asked for nothing else

    @pytest.mark.parametrize("no_color", ["", "1"])
    def test_on_a_real_terminal(self, tmp_path: Path, no_color: str) -> None:
        pty = pytest.importorskip("pty")
        ours, theirs = pty.openpty()
        command = [sys.executable, "-m", "alliance_core", "score", "nowhere.csv", "--instrument", "srs"]
        with subprocess.Popen(command, cwd=tmp_path, stderr=theirs, env=os.environ | {"NO_COLOR": no_color}) as running:
            assert running.wait(60) == 2
        os.close(theirs)
        said = os.read(ours, 10_000)
        os.close(ours)
        assert said.startswith(b"Error:" if no_color else b"\x1b[31m\x1b[1mError:\x1b[0m")
        assert said.rstrip().endswith(b"check the name and the rights")


class TestStreams:
    """Bytes in, bytes out, whatever the locale; and what is closed is said to be."""

    def test_are_utf_8_in_any_locale(self, tmp_path: Path) -> None:
        arguments = ("-m", "alliance_core", "score", "-", "--instrument", "srs", "--keep", "name")
        content = "name,1,2,3,4\nJürgen 日本,9,9,9,9\n".encode()
        done = outside(
            tmp_path,
            *arguments,
            stdin=content,
            environment={"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert done.stdout.decode() == "name,total,total.answered,total.note\nJürgen 日本,36,4,\n"

    @pytest.mark.parametrize("encoding", ["utf-8", "latin-1", "ascii"])
    def test_tell_what_was_done_even_where_its_words_cannot_be_printed(self, tmp_path: Path, encoding: str) -> None:
        own = TestInstruments.OWN.read_text(encoding="utf-8").replace("The session ran", "日本 Ä 😀")
        (tmp_path / "own.toml").write_text(own, encoding="utf-8")
        show = ("-m", "alliance_core", "instruments", "show", "own.toml")
        page = outside(tmp_path, *show, environment={"PYTHONIOENCODING": encoding})
        assert (page.returncode, page.stderr) == (0, b"")
        told = outside(tmp_path, *show, "--json", environment={"PYTHONIOENCODING": encoding})
        assert told.stderr == b""
        assert json.loads(told.stdout.decode(encoding))["items"][0]["topic"].startswith("日本 Ä 😀 over")

    def test_that_are_closed_are_named(self, tmp_path: Path) -> None:
        form = "record srs --case K1 --session 1 --rater client --answers -"
        for command in ("score - --instrument srs", form):
            line = f"'{sys.executable}' -m alliance_core {command} <&-"
            done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, check=False, timeout=60)
            assert done.returncode == 2
            assert b"standard input" in done.stderr
            assert b"closed" in done.stderr
            assert b"should not" not in done.stderr

    def test_that_nobody_reads_any_more_are_no_fault_to_explain(self, tmp_path: Path) -> None:
        rows = "1,2,3,4\n" + "9,9,9,9\n" * 50_000
        (tmp_path / "answers.csv").write_text(rows, encoding="utf-8")
        line = f"'{sys.executable}' -m alliance_core score answers.csv --instrument srs | head -n 1"
        done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, check=False, timeout=60)
        assert (done.stdout, done.stderr) == (b"total,total.answered,total.note\n", b"")

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
    def test_that_are_full_are_a_fault(self, tmp_path: Path) -> None:
        line = (
            f"printf '1,2,3,4\\n9,9,9,9\\n' | '{sys.executable}' -m alliance_core score - --instrument srs >/dev/full"
        )
        done = subprocess.run(["sh", "-c", line], cwd=tmp_path, capture_output=True, check=False, timeout=60)
        assert done.returncode != 0
        assert b"No space left on device" in done.stderr
        assert b"Traceback" not in done.stderr


def imported(folder: Path, *arguments: str, stdin: bytes = b"") -> set[str]:
    """The modules that a call of the command line imports."""
    script = (
        "import sys; from alliance_core.cli import run; code = run(sys.argv[1:]); "
        "sys.stderr.write('\\n' + ' '.join([str(code), *sys.modules]))"
    )
    done = outside(folder, "-c", script, *arguments, stdin=stdin)
    code, *modules = done.stderr.decode().splitlines()[-1].split(" ")
    assert code == "0", done.stderr.decode()
    return set(modules)


def plugin_modules(modules: set[str]) -> set[str]:
    return {name for name in modules if name.startswith("alliance_") and not name.startswith("alliance_core")}


class TestStartUp:
    """A call imports what it uses."""

    @pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("-h",)])
    def test_version_and_help_of_the_whole_import_next_to_nothing(
        self, tmp_path: Path, arguments: tuple[str, ...]
    ) -> None:
        modules = imported(tmp_path, *arguments)
        assert not modules & HEAVY
        assert not plugin_modules(modules)
        assert not {name for name in modules if name.startswith("alliance_core.cli.")} - {"alliance_core.cli.context"}

    @pytest.mark.parametrize("store", ["no store", "a store"])
    def test_instruments_imports_no_plugin_and_nothing_that_it_does_not_show(self, tmp_path: Path, store: str) -> None:
        if store == "a store":
            imported(tmp_path, "instruments", "add", str(TestInstruments.OWN))
        modules = imported(tmp_path, "instruments")
        assert not modules & {"attrs", "attr", "cattrs", "jinja2", "sqlite_utils"}
        assert not plugin_modules(modules)

    def test_score_imports_no_template_and_no_database(self, tmp_path: Path) -> None:
        modules = imported(tmp_path, "score", "-", "--instrument", "srs", stdin=b"1,2,3,4\n9,9,9,9\n")
        assert not modules & {"jinja2", "sqlite_utils", "sqlite3"}
        assert not plugin_modules(modules)

    def test_record_imports_no_template(self, tmp_path: Path) -> None:
        form = ("record", "srs", "--case", "K1", "--rater", "client", "--answers", "[9, 9, 9, 9]", "--session")
        assert "jinja2" not in imported(tmp_path, *form, "1")
        assert not imported(tmp_path, *form, "2") & {"jinja2", "sqlite_utils"}  # the schema is there by now

    def test_scores_imports_no_template(self, tmp_path: Path) -> None:
        form = ("record", "srs", "--case", "K1", "--rater", "client", "--answers", "[9, 9, 9, 9]", "--session", "1")
        imported(tmp_path, *form)
        for command in ("scores", "cases"):
            assert not imported(tmp_path, command) & {"jinja2", "sqlite_utils", "cattrs"}
