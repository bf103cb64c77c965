"""Reading a page as a browser would, as far as a check needs it: headings, ids, and what would run or be fetched."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LOADS = ("src", "href", "action", "formaction", "poster", "data", "srcset", "xlink:href", "background")
FORBIDDEN = ("script", "iframe", "object", "embed", "link", "base", "form")
FETCHED = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)", re.IGNORECASE)


class Page(HTMLParser):
    """A page that was read.

    Attributes:
        headings: The levels of the headings, in order.
        ids: The ids, in order.
        faults: What would run, or be fetched from somewhere.
        text: What stands on the page for a reader.
    """

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[int] = []
        self.ids: list[str] = []
        self.faults: list[str] = []
        self.tags: list[str] = []
        self._texts: list[str] = []
        self.feed(html)
        self.close()

    @property
    def text(self) -> str:
        """What stands on the page."""
        return " ".join(" ".join(self._texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.tags.append(tag)
        if tag in FORBIDDEN:
            self.faults.append(f"there is a <{tag}>")
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))
        for name, value in attrs:
            said = (value or "").strip()
            if name == "id":
                self.ids.append(said)
            if name.startswith("on"):
                self.faults.append(f"<{tag}> has {name}, which would run")
            if name in LOADS and not said.startswith(("#", "data:image/")):
                self.faults.append(f"<{tag}> has {name}={said[:40]!r}, which leads out of the file")
            if name == "style" and FETCHED.search(said):
                self.faults.append(f"<{tag}> has a style that fetches something")

    def handle_data(self, data: str) -> None:
        """Note text, or what a style sheet fetches."""
        if self.tags and self.tags[-1] == "style" and FETCHED.search(data):
            self.faults.append("a style sheet fetches something")
        self._texts.append(data)
