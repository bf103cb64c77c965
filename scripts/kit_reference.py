"""Write docs/kit.md from the docstrings of the kits; with --check, say whether it is in date."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

from alliance_core.testing import ReportKit, StoreKit, battery
from alliance_core.testing import checks_examples as examples
from alliance_core.testing import checks_form as form
from alliance_core.testing import checks_key as key
from alliance_core.testing import checks_missing as missing
from alliance_core.testing import checks_papers as papers
from alliance_core.testing import checks_places as places
from alliance_core.testing import checks_thresholds as thresholds
from alliance_core.testing.finding import Check
from alliance_core.testing.guard import Kit, names

PAGE = Path(__file__).parents[1] / "docs" / "kit.md"
HEAD = f"""# The kits

<!-- Written by scripts/kit_reference.py from the docstrings in alliance_core/testing; do not edit it here. -->

Three kits come with the core, one for measures, one for stores, one for reports. Each is a class to inherit; each of
its checks says what must hold, and what it means if it does not.

```python
from pathlib import Path

from alliance_core.testing import InstrumentKit


class TestEveningForm(InstrumentKit):
    definition = Path(__file__).parents[1] / "alliance_evening" / "evening-form.toml"
```

A measure with a scoring function adds `functions = {{"name": function}}`. `alliance plugins check [NAME|PATH]` runs the
same {battery.COUNT} checks without pytest, prints how many ran, and exits 0 or 1; `--json` gives each of them.

No check can be dropped silently. If one must fail for a reason, override it and say why:

```python
    @pytest.mark.xfail(reason="the form itself prints two items of one topic")
    def test_items_have_topics(self) -> None:
        super().test_items_have_topics()
```

**The proof by mutation.** The kit makes every easy mistake on purpose: it flips each reverse key, moves each item from
each scale to each other, leaves it out, exchanges each two items of two scales, shifts each threshold by a step, gives
it each other operator, and lets each missing rule allow one answer more or fewer. A mistake that no example notices
could stand in the file now. The kit names it and suggests an example that would notice it. Work that example out by
hand, from the source, before you write it into the file: computed by a wrong key, it proves that key.
"""


def render() -> str:
    """The whole page."""
    parts = [HEAD, f"## Measures: {battery.COUNT} checks\n"]
    for module in (form, key, missing, thresholds, examples, places, papers):
        parts += [f"### {_heading(module.__doc__)}\n", *_checks(module)]
    for kit, kind in ((StoreKit, "Stores"), (ReportKit, "Reports")):
        parts += [f"## {kind}: {len(names(kit))} checks\n", _code(kit), *_tests(kit)]
    return "\n".join(parts)


def _heading(doc: str | None) -> str:
    return (doc or "").partition("\n")[0].removeprefix("Checks of ").rstrip(".").capitalize()


def _checks(module: object) -> Iterator[str]:
    for each in vars(module).values():
        if isinstance(each, Check):
            yield _entry(each.name, each.doc)


def _tests(kit: type[Kit]) -> Iterator[str]:
    for name in names(kit):
        yield _entry(name.removeprefix("test_"), inspect.getdoc(getattr(kit, name)) or "")


def _entry(name: str, doc: str) -> str:
    first, _, rest = doc.partition("\n\n")
    return f"- **`{name}`** {' '.join(first.split())}\n  *{' '.join(rest.split())}*\n".replace("``", "`")


def _code(kit: type[Kit]) -> str:
    """The example of a kit's module."""
    module = inspect.getmodule(kit)
    text = inspect.getdoc(module) or ""
    return "```python\n" + inspect.cleandoc(text.partition(".. code-block:: python")[2]) + "\n```\n"


def main() -> int:
    """Write the page, or with --check compare it."""
    page = render()
    if "--check" in sys.argv[1:]:
        fresh = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page
        print("docs/kit.md is in date" if fresh else "docs/kit.md is out of date; run scripts/kit_reference.py")
        return 0 if fresh else 1
    PAGE.write_text(page, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
