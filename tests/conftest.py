"""What tests of the core share."""

from __future__ import annotations

import importlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from alliance_core.cli import run
from alliance_core.definition.load import parse_instrument
from alliance_core.instrument import Instrument
from alliance_core.plugins.entries import Entry, find_entries
from alliance_core.sqlite.store import SqliteStore

DEFINITION = """\
id = "{id}"
title = "A thing of {id}"
version = "1"
raters = ["client"]
direction = "higher-is-better"
source = "project"

[licence]
owner = "the alliance contributors"
wording = "ships"

[formats.agreement]
kind = "rating"
labels = {{ 1 = "no", 2 = "partly", 3 = "yes" }}

[items]
1 = "first"

[scales.total]
items = [1]
method = "sum"
missing = {{ allowed = 0, source = "project" }}

[[examples]]
answers = [3]
scores = {{ total = 3 }}

[[examples]]
answers = ["skipped"]
scores = {{ total = "not scorable" }}
"""


class Site:
    """A folder on the path in which distributions are installed as pip leaves them, without pip."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(
        self,
        name: str,
        entry_points: Mapping[str, Mapping[str, str]],
        files: Mapping[str, str],
        *,
        version: str = "1.0",
        editable: bool = False,
    ) -> Path:
        """A distribution with its entry points (kind, or whole group, to id to module) and its files."""
        groups = {kind if "." in kind else f"alliance.{kind}.v1": points for kind, points in entry_points.items()}
        sections = (
            f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()) for group, points in groups.items()
        )
        info = f"{name.replace('-', '_')}-{version}.dist-info"
        contents = dict(files) | {
            f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
            f"{info}/entry_points.txt": "\n".join(sections),
            f"{info}/INSTALLER": "pip\n",
        }
        if editable:
            contents[f"{info}/direct_url.json"] = '{"dir_info": {"editable": true}, "url": "file:///somewhere"}'
        contents[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*contents, f"{info}/RECORD"])
        for path, text in contents.items():
            self.write(path, text)
        importlib.invalidate_caches()
        return self.folder / info

    def write(self, path: str, text: str) -> Path:
        """One file."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        return target

    def definition(self, id: str) -> str:
        """The text of a small sound definition file."""
        return DEFINITION.format(id=id)

    def entries(self) -> list[Entry]:
        """What is announced here, and not elsewhere on this machine."""
        return [entry for entry in find_entries() if entry.installed and self._holds(entry)]

    def _holds(self, entry: Entry) -> bool:
        return entry.installed is not None and Path(str(entry.installed.locate_file(""))) == self.folder

    def alliance(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command line in a process of its own, with this folder on its path."""
        return self.python("-m", "alliance_core", *arguments, **environment)

    def python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python in a process of its own, with this folder on its path."""
        clean = {name: value for name, value in os.environ.items() if not name.startswith("ALLIANCE_")}
        settings = {"PYTHONPATH": str(self.folder), "ALLIANCE_STORE": str(self.folder / "store.db")} | environment
        return subprocess.run(
            [sys.executable, *arguments],
            env=clean | settings,
            cwd=self.folder,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=120,
        )


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """An empty folder on the path; what is imported from it is forgotten afterwards."""
    folder = tmp_path / "site"
    folder.mkdir()
    monkeypatch.syspath_prepend(str(folder))
    before = set(sys.modules)
    yield Site(folder)
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None)
        if file is not None and Path(file).is_relative_to(folder):
            del sys.modules[name]
    importlib.invalidate_caches()


MIXED = b"""
id = "mixed"
title = "One item of each kind"
version = "1.0"
raters = ["client", "therapist", "observer"]
segment_minutes = 5
direction = "higher-is-better"
source = "project"
reverse = [2, "pull"]

[licence]
owner = "the alliance contributors"
wording = "ships"

[formats]
often = { kind = "rating", labels = { 1 = "never", 2 = "seldom", 3 = "sometimes", 4 = "often", 5 = "always" } }
line = { kind = "line", minimum = 0, maximum = 10, step = 0.1 }
pole = { kind = "bipolar", minimum = -3, maximum = 3 }
box = { kind = "yes-no" }
times = { kind = "count" }
words = { kind = "text" }

[items]
1 = { topic = "trust", format = "often" }
2 = { topic = "doubt", format = "often" }
3 = { topic = "warmth", format = "often" }
4 = { topic = "goals", format = "line" }
5 = { topic = "tasks", format = "line" }
pull = { topic = "closeness", format = "pole" }
6 = { topic = "late", format = "box" }
7 = { topic = "early end", format = "box" }
8 = { topic = "silences", format = "times" }
note = { topic = "anything else", format = "words" }

[scales]
bond = { items = [1, 2, 3], method = "sum", missing = { allowed = 1, source = "project" } }
bond-weighted = { items = [1, 2, 3], method = "sum", factor = 2.5, missing = { allowed = 2, source = "project" } }
work = { items = [4, 5], method = "mean", missing = { answered = 0.5, source = "project" } }
pull = { items = ["pull"], method = "sum", missing = { allowed = 0, source = "project" } }
any-box = { items = [6, 7], method = "any", missing = { allowed = 0, source = "project" } }
boxes = { items = [6, 7], method = "count", missing = { allowed = 0, source = "project" } }
silences = { items = [8], method = "sum", missing = { allowed = 0, source = "project" } }

[[examples]]
answers = [4, 1, 5, 8.9, 9.1, -2, "yes", "no", 3, "well"]
scores = { bond = 14, bond-weighted = 35, work = 9, pull = 2, any-box = 1, boxes = 1, silences = 3 }
"""


@pytest.fixture(scope="session")
def mixed_text() -> bytes:
    """A definition with every kind of item and every method of scoring but a function."""
    return MIXED


@pytest.fixture(scope="session")
def mixed(mixed_text: bytes) -> Instrument:
    """The instrument of `mixed_text`."""
    return parse_instrument(mixed_text, name="mixed.toml")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """An empty store in a file."""
    with closing(SqliteStore(str(tmp_path / "alliance.db"))) as opened:
        yield opened


class Outcome(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str

    @property
    def faults(self) -> list[str]:
        """The sentences of its errors."""
        return [line.removeprefix("Error: ") for line in self.err.splitlines() if line.startswith("Error: ")]


class Alliance:
    """The command ``alliance``, in this process, in an empty folder that also holds its store."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.store = folder, folder / "store.db"
        self._capsys, self._monkeypatch = capsys, monkeypatch

    def __call__(self, *arguments: str, stdin: str | bytes = b"") -> Outcome:
        """Run it."""
        given = stdin.encode() if isinstance(stdin, str) else stdin
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        self._capsys.readouterr()
        code = run(list(arguments))
        printed = self._capsys.readouterr()
        return Outcome(code, printed.out, printed.err)

    def refuses(self, *arguments: str, stdin: str | bytes = b"") -> list[str]:
        """Run it and give its sentences, having seen that it refused, printed no result and changed no file."""
        before = self.files()
        outcome = self(*arguments, stdin=stdin)
        assert (outcome.code, outcome.out) == (2, ""), outcome
        assert "Traceback" not in outcome.err
        assert "something went wrong that should not" not in outcome.err
        assert outcome.faults, outcome.err
        assert self.files() == before
        return outcome.faults

    def files(self) -> dict[str, bytes]:
        """Every file of the folder."""
        files = (path for path in self.folder.rglob("*") if path.is_file())
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in files}

    def write(self, name: str, content: str | bytes) -> str:
        """A file in the folder; its name."""
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return name


@pytest.fixture
def alliance(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Alliance:
    """The command line in an empty folder."""
    for name in [name for name in os.environ if name.startswith("ALLIANCE_") or name == "NO_COLOR"]:
        monkeypatch.delenv(name)
    folder = tmp_path / "clinic"
    folder.mkdir()
    monkeypatch.setenv("ALLIANCE_STORE", str(folder / "store.db"))
    monkeypatch.setenv("ALLIANCE_USER", "tester")
    monkeypatch.chdir(folder)
    return Alliance(folder, capsys, monkeypatch)
