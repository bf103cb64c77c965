"""A wording from a TOML file: the project's own format."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from alliance_core.errors import WordingError
from alliance_core.wording.document import from_document

if TYPE_CHECKING:
    from alliance_core.wording.reading import Wanted
    from alliance_core.wording.record import Wording


def read(raw: bytes, wanted: Wanted) -> tuple[Wording, list[str]]:
    """The wording that TOML text says, and nothing to note. Raises `WordingError` if it is not one."""
    try:
        document = tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise WordingError(f"is not UTF-8 text (byte {error.start}); save it as UTF-8") from error
    except ValueError as error:
        hint = "; an id is there twice, write it once" if "overwrite" in str(error) else ""
        raise WordingError(f"is not TOML: {error}{hint}") from error
    except RecursionError as error:
        raise WordingError("is nested too deep to be a wording") from error
    return from_document(document), []
