"""Text from outside, cleaned: no control characters, no HTML, spaces as a reader sees them."""

from __future__ import annotations

import re
import unicodedata
from html.parser import HTMLParser

_HTML = re.compile(r"<[A-Za-z/!]|&(#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);")
_BLOCKS = frozenset({"br", "p", "div", "li", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "table", "ul"})
_UNSEEN = frozenset({"style", "script"})


class _Words(HTMLParser):
    """Gathers what a reader of HTML sees."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A block begins a new word."""
        self._hidden += tag in _UNSEEN
        self.parts.append(" " if tag in _BLOCKS else "")

    def handle_endtag(self, tag: str) -> None:
        """A block ends a word."""
        self._hidden = max(self._hidden - (tag in _UNSEEN), 0)
        self.parts.append(" " if tag in _BLOCKS else "")

    def handle_data(self, data: str) -> None:
        """Words."""
        if not self._hidden:
            self.parts.append(data)


def is_html(text: str) -> bool:
    """Whether text holds tags or named characters of HTML."""
    return _HTML.search(text) is not None


def without_html(text: str) -> str:
    """What a reader of this HTML sees; other text is as before."""
    if not is_html(text):
        return text
    reader = _Words()
    reader.feed(text)
    reader.close()
    return "".join(reader.parts)


def tidy(text: str) -> str:
    """Text as a form prints it: composed, one space between words, lines kept, no control or broken characters."""
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    seen = "".join(char for char in composed if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs", "Co"))
    lines = (" ".join(line.split()) for line in seen.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def plain(text: object) -> str:
    """A question or label of a foreign file in one line: no HTML, tidy."""
    return " ".join(tidy(without_html(text)).split()) if isinstance(text, str) else ""


def folded(text: str) -> str:
    """Text for comparing: small letters, and nothing but letters, digits and single spaces."""
    return " ".join(re.sub(r"[^\w]+", " ", unicodedata.normalize("NFKC", text).casefold()).split())
