"""Plain Jinja2 pages: ``plain_pages.py COUNT BYTES FOLDER`` writes so many of about that size."""

from __future__ import annotations

import sys
from pathlib import Path

from jinja2 import DictLoader, Environment

PAGE = """\
<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ title }}</title></head>
<body><h1>{{ title }}</h1>
<table>
{% for row in rows -%}
<tr><td>{{ row.session }}</td><td>{{ row.rater }}</td>
<td>{{ "%.2f" | format(row.score) }}</td><td>{{ row.note }}</td></tr>
{% endfor -%}
</table></body></html>
"""
NOTE = "prorated: 3 of 4 answered, & no more"


def rows(count: int) -> list[dict[str, object]]:
    """So many rows of a table."""
    return [{"session": n, "rater": "client", "score": n % 5 + 0.25, "note": NOTE} for n in range(count)]


def main() -> None:
    """Render as many pages as asked for."""
    count, size, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
    template = Environment(autoescape=True, loader=DictLoader({"page": PAGE})).get_template("page")
    width = len(template.render(title="K1", rows=rows(1000))) // 1000
    folder.mkdir(exist_ok=True)
    for number in range(count):
        page = template.render(title=f"K{number}", rows=rows(size // width))
        (folder / f"K{number}.html").write_text(page, encoding="utf-8")


main()
