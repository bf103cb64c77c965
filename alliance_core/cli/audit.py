"""``alliance audit``: recompute the scores that a file already carries, and find the mistake behind wrong ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from alliance_core.auditing.compare import Claim, read_claims
from alliance_core.auditing.explain import Explanation, explain
from alliance_core.cli import output
from alliance_core.cli.context import App
from alliance_core.cli.options import delimiter_option, instrument_option, json_option, store_option
from alliance_core.cli.progress import reading
from alliance_core.errors import TableError
from alliance_core.tables.mapping import make_map, read_map
from alliance_core.tables.reading import open_table

if TYPE_CHECKING:
    from alliance_core.instrument import Instrument

EPILOG = """\b
Examples:
  alliance audit forms.csv --instrument wai-36 --map wai-36.toml
  alliance audit forms.csv --instrument wai-36 --map wai-36.toml --json

The map names, under [scores], the columns that carry scores. Exit code 1 says that some are wrong.
"""


@click.command(epilog=EPILOG)
@click.argument("file", metavar="FILE")
@instrument_option
@click.option("--map", "map_file", required=True, metavar="MAP", help="The TOML file that says what the columns are.")
@click.option(
    "--rows", "most_rows", type=click.IntRange(min=0), default=10, show_default=True, metavar="N",
    help="How many wrong rows to list.",
)  # fmt: skip
@delimiter_option
@json_option
@store_option
@click.pass_obj
def command(
    app: App, file: str, instrument_id: str, map_file: str, most_rows: int, delimiter: str, as_json: bool
) -> int:
    """Recompute the scores that FILE carries, say which are wrong, and look for the mistake that explains them."""
    instrument = app.instrument(instrument_id).instrument
    document = read_map(map_file)
    with open_table(file, delimiter=delimiter) as table, reading(table, "Auditing") as moved:
        file_map = make_map(document, name=map_file, instrument=instrument, header=table.header, identified=False)
        if not file_map.scores:
            raise TableError(f"{map_file}: names no column that carries scores; list them under [scores]")
        claims = []
        for claim in read_claims(table, file_map, instrument):
            claims.append(claim)
            moved(1)
    if not claims:
        raise TableError(f"{file}: has no rows to audit")
    explanations = explain(instrument, claims)
    if as_json:
        click.echo(output.as_json(_document(instrument, claims, explanations)))
    else:
        click.echo(_page(instrument, claims, explanations, most_rows))
    return 1 if any(claim.wrong for claim in claims) else 0


def _document(instrument: Instrument, claims: Sequence[Claim], explanations: Sequence[Explanation]) -> dict[str, Any]:
    wrong = [claim for claim in claims if claim.wrong]
    return {
        "instrument": instrument.id,
        "version": instrument.version,
        "rows": len(claims),
        "wrong_rows": len(wrong),
        "wrong_by_scale": dict(_wrong_by_scale(wrong)),
        "explained": bool(explanations) and explanations[0].whole,
        "explanations": [{"what": one.what, "rows": one.rows, "of": one.of} for one in explanations],
        "differences": [
            {
                "line": claim.line,
                "scale": name,
                "stated": output.number(claim.stated[name].value),
                "computed": output.number(claim.computed[name].value),
                "difference": output.number(claim.difference(name)),
                "note": claim.computed[name].note or None,
            }
            for claim in wrong
            for name in claim.wrong
        ],
    }


def _wrong_by_scale(wrong: Sequence[Claim]) -> Counter[str]:
    return Counter(name for claim in wrong for name in claim.wrong)


def _page(instrument: Instrument, claims: Sequence[Claim], explanations: Sequence[Explanation], most_rows: int) -> str:
    wrong = [claim for claim in claims if claim.wrong]
    name = f"{instrument.id} {instrument.version}"
    if not wrong:
        return f"All {len(claims)} rows agree with {name}."
    lines = [f"{len(wrong)} of {len(claims)} rows have wrong scores by {name}.", ""]
    lines += [_scales(claims, wrong), "", _rows(wrong, most_rows)]
    if len(wrong) > most_rows:
        lines.append(f"... and {len(wrong) - most_rows} more rows; --rows N lists more, --json all")
    return "\n".join([*lines, "", *_causes(explanations)])


def _scales(claims: Sequence[Claim], wrong: Sequence[Claim]) -> str:
    rows = []
    for scale in claims[0].stated:
        differences = [d for claim in wrong if (d := claim.difference(scale)) is not None and scale in claim.wrong]
        ends = [min(differences, default=None), max(differences, default=None)]
        rows.append([scale, _wrong_by_scale(wrong)[scale], *ends])
    return output.table(("scale", "wrong rows", "lowest difference", "highest difference"), rows)


def _rows(wrong: Sequence[Claim], most: int) -> str:
    rows = [
        [claim.line, name, claim.stated[name].value, claim.computed[name].value, claim.difference(name)]
        for claim in wrong[:most]
        for name in claim.wrong
    ]
    return output.table(("line", "scale", "stated", "computed", "difference"), rows)


def _causes(explanations: Sequence[Explanation]) -> list[str]:
    if not explanations:
        return ["No single mistake explains them."]
    if not explanations[0].whole:
        return [
            "No single mistake explains all rows. The nearest:",
            *(f"  {one.rows} of {one.of} rows are reproduced by {one.what}" for one in explanations),
        ]
    lines = [f"All {one.of} rows are reproduced by {one.what}." for one in explanations]
    return lines if len(lines) == 1 else [*lines, "The file cannot tell these apart."]
