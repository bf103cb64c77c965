"""Write docs/hooks.md from the docstrings of alliance_core/hookspecs.py; with --check, say whether it is in date."""

from __future__ import annotations

import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import FunctionType

from alliance_core import hookspecs

PAGE = Path(__file__).parents[1] / "docs" / "hooks.md"
SECTIONS = ("Arguments", "Returns", "On error", "Example")
HEAD = """# Hooks

<!-- Written by scripts/hook_reference.py from alliance_core/hookspecs.py; do not edit it here. -->
"""


def hooks() -> dict[str, FunctionType]:
    """The hook specifications, in the order of their page."""
    marked = hookspecs.PROJECT + "_spec"
    return {
        name: value for name, value in vars(hookspecs).items() if inspect.isfunction(value) and hasattr(value, marked)
    }


def sections(hook: FunctionType) -> dict[str, str]:
    """The parts of a hook's docstring by their headings; what comes before the first is under the empty name."""
    heading = re.compile(rf"^({'|'.join(SECTIONS)}):$", re.MULTILINE)
    first, *rest = heading.split(inspect.getdoc(hook) or "")
    parts = {"": first.strip()}
    for name, text in zip(rest[::2], rest[1::2], strict=True):
        parts[name] = textwrap.dedent(text.strip("\n")).strip()
    return parts


def example(hook: FunctionType) -> str:
    """The code of a hook's example."""
    text = sections(hook)["Example"].removeprefix(".. code-block:: python")
    return textwrap.dedent(text.strip("\n")) + "\n"


def render() -> str:
    """The whole page."""
    return "\n".join([HEAD, _markdown(inspect.getdoc(hookspecs) or ""), *map(_entry, hooks().values())])


def _entry(hook: FunctionType) -> str:
    parts = sections(hook)
    lines = [f"\n## {hook.__name__}\n", f"```python\n{hook.__name__}{_signature(hook)}\n```\n", _markdown(parts[""])]
    if "Arguments" in parts:
        lines += ["\n**Arguments**\n", *_arguments(parts["Arguments"])]
    lines += ["\n**Returns**\n", _markdown(parts["Returns"]), "\n**On error**\n", _markdown(parts["On error"])]
    lines += ["\n**Example**\n", f"```python\n{example(hook)}```"]
    return "\n".join(lines)


def _signature(hook: FunctionType) -> str:
    return str(inspect.signature(hook)).replace("'", "")


def _arguments(text: str) -> Iterator[str]:
    for line in re.sub(r"\n\s+", " ", text).splitlines():
        name, _, meaning = line.partition(":")
        yield f"- `{name.strip()}`: {_markdown(meaning.strip())}"


def _markdown(text: str) -> str:
    return text.replace("``", "`")


def main() -> int:
    """Write the page, or with --check compare it."""
    page = render() + "\n"
    if "--check" in sys.argv[1:]:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page
        print("docs/hooks.md is in date" if fresh else "docs/hooks.md is out of date; run scripts/hook_reference.py")
        return 0 if fresh else 1
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
