"""The guide from a paper form to a plugin is followed: every command run, every file written, as a reader would."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FENCE = re.compile(r"^```(\w+) ?([^\n]*)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def follow_files(folder: Path, words: str, text: str) -> None:
    """Write a file as the page shows it, or replace what stands in it from a line on."""
    name, _, start = words.removeprefix("file=").partition(" from=")
    file = folder / name
    assert file.is_file(), f"the page edits {name}, which no step has made"
    if start:
        before, found, _ = file.read_text(encoding="utf-8").partition(f"\n{start}\n")
        assert found, f"there is no line {start} in {name}"
        text = f"{before}\n{text}"
    file.write_text(text, encoding="utf-8")


def agree(shown: str, printed: str) -> bool:
    """Whether a command printed what the page shows; ``...`` stands for any lines."""
    pattern = "\n".join(".*" if line == "..." else re.escape(line) for line in shown.split("\n"))
    return re.fullmatch(pattern.replace("\n.*", "(?:\n.*)?"), printed, flags=re.DOTALL) is not None


def follow_commands(folder: Path, words: str, text: str, environment: Mapping[str, str]) -> int:
    expected = int(words.removeprefix("exit=")) if words else 0
    parts = re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]
    for part in parts:
        command, _, shown = part.rstrip("\n").partition("\n")
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == expected, f"{command}\n{done.stdout}{done.stderr}"
        printed = "\n".join(line.rstrip() for line in done.stdout.rstrip("\n").split("\n"))
        assert not shown or agree(shown, printed), f"{command} printed\n{done.stdout}"
    return len(parts)


def test_every_step_of_the_guide_does_what_the_page_says(tmp_path: Path) -> None:
    site = tmp_path / "site"
    environment = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(site),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PIP_TARGET": str(site),  # so that what the reader installs is not installed here
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # which means none: a build in isolation fetches its tools from the network
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    }
    ran = 0
    for language, words, text in FENCE.findall((ROOT / "docs/first-measure.md").read_text(encoding="utf-8")):
        if language == "console":
            ran += follow_commands(tmp_path, words, text, environment)
        else:
            assert language == "toml", f"nothing runs a block of {language}"
            follow_files(tmp_path, words, text)
    assert ran >= 12
    assert (tmp_path / "preview.html").is_file()


def test_the_guide_to_plugins_leads_to_it() -> None:
    assert "(first-measure.md)" in (ROOT / "docs/plugins.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("shown", "printed", "well"),
    [("a\n...\nc", "a\nb\nb\nc", True), ("a\n...", "a", True), ("a\n...\nc", "a\nb", False), ("...\nc", "b\nc", True)],
)
def test_what_a_page_shows_is_compared_line_by_line(shown: str, printed: str, *, well: bool) -> None:
    assert agree(shown, printed) is well
