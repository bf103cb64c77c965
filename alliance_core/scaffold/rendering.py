"""The templates of this package: plain text for the files of a plugin, escaped HTML for a page."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from alliance_core.scaffold.preview import Preview

TEMPLATES = Path(__file__).with_name("templates")


def as_text(template: str, **values: Any) -> str:
    """A template for TOML, Python or Markdown, filled in."""
    return _environment(html=False).get_template(template).render(values)


def as_page(preview: Preview) -> str:
    """A preview as one self-contained HTML file."""
    return _environment(html=True).get_template("preview.html").render(preview=preview)


@cache
def _environment(*, html: bool) -> Environment:
    environment = Environment(
        autoescape=html,  # noqa: S701  # TOML and Markdown are no HTML: there each value goes through a filter
        undefined=StrictUndefined,
        loader=FileSystemLoader(TEMPLATES),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"toml": toml_text, "cell": cell}
    return environment


def toml_text(text: str) -> str:
    """Text as TOML quotes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def cell(text: str) -> str:
    """Text as a cell of a Markdown table: no character of it makes a column, a tag or a comment."""
    safe = " ".join(text.split()).replace("<", "&lt;").replace(">", "&gt;")
    return safe.replace("|", "\\|")
