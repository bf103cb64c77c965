"""What ``alliance instruments preview`` prints: a form and its key, for the person who writes the definition."""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING

import click

from alliance_core.cli import output

if TYPE_CHECKING:
    from alliance_core.scaffold.preview import Asked, Preview

WIDTH = 110


def show_preview(file: str, *, as_html: bool, out: str, force: bool) -> int:
    """Print or write the preview of a definition file; 2 if its examples do not come out."""
    from alliance_core.scaffold.preview import preview, read_draft
    from alliance_core.scaffold.rendering import as_page

    instrument, faults = read_draft(file)
    shown = preview(instrument)
    text = as_page(shown) if as_html else output.printable_lines(as_lines(shown)) + "\n"
    with output.new_file(out, force=force) as target:
        target.write(text)
    if out != "-":
        click.echo(output.printable(f"Wrote {out}."))
    output.complain(faults)
    return 2 if faults else 0


def as_lines(preview: Preview) -> str:
    """A preview for a terminal."""
    lines = [preview.title, *(_wrapped(line) for line in preview.head), "", "The form"]
    for item in preview.form:
        lines += _item(item)
    for heading, sentences in preview.rules:
        lines += ["", heading, *(_wrapped(sentence) for sentence in sentences)]
    return "\n".join(lines)


def _item(item: Asked) -> list[str]:
    options = "  ".join(f"[{option}]" for option in item.options)
    head = f"  {item.number:>3}  {item.topic}  ({'; '.join(item.notes)})"
    return [head, fill(options, WIDTH, initial_indent=" " * 7, subsequent_indent=" " * 7)]


def _wrapped(sentence: str) -> str:
    return fill(sentence, WIDTH, initial_indent="  ", subsequent_indent="    ", break_long_words=False)
