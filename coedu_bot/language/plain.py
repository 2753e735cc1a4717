"""Markdown as readable plain text: the `body` of a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token


def plain(tokens: Sequence[Token]) -> str:
    """Text with simple lists, quotes and addresses, without the marks of emphasis and headings."""
    page = _Page()
    for token in tokens:
        page.add(token)
    return "\n".join(page.lines).strip("\n")


@dataclass(slots=True)
class _Indent:
    """What stands before the lines of a list item or quote: `first` once, then `rest`."""

    first: str
    rest: str

    def take(self) -> str:
        now, self.first = self.first, self.rest
        return now


@dataclass(slots=True)
class _Page:
    lines: list[str] = field(default_factory=list)
    indents: list[_Indent] = field(default_factory=list)
    numbers: list[int | None] = field(default_factory=list)

    def add(self, token: Token) -> None:
        match token.type:
            case "inline":
                self._write(_inline(token.children or []))
            case "fence" | "code_block":
                self._write(token.content.removesuffix("\n"))
                self._gap()
            case "hr":
                self._write("---")
                self._gap()
            case _ if token.nesting > 0:
                self._open(token)
            case _:
                self._close(token)

    def _open(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open":
                self.numbers.append(None)
            case "ordered_list_open":
                self.numbers.append(int(token.attrs.get("start", 1)))
            case "list_item_open":
                self._open_item()
            case "blockquote_open":
                self.indents.append(_Indent("> ", "> "))

    def _close(self, token: Token) -> None:
        match token.type:
            case "bullet_list_close" | "ordered_list_close":
                self.numbers.pop()
                if not self.numbers:
                    self._gap()
            case "list_item_close" | "blockquote_close":
                self.indents.pop()
            case "paragraph_close" | "heading_close" if not token.hidden:
                self._gap()

    def _open_item(self) -> None:
        number = self.numbers[-1]
        marker = "- " if number is None else f"{number}. "
        if number is not None:
            self.numbers[-1] = number + 1
        self.indents.append(_Indent(marker, " " * len(marker)))

    def _write(self, text: str) -> None:
        for line in text.split("\n"):
            self.lines.append("".join([indent.take() for indent in self.indents]) + line)

    def _gap(self) -> None:
        if self.lines and self.lines[-1]:
            self.lines.append("")


def _inline(children: Sequence[Token]) -> str:
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for child in children:
        match child.type:
            case "softbreak" | "hardbreak":
                parts.append("\n")
            case "image":
                parts.append(_linked(child.content, str(child.attrs.get("src", ""))))
            case "link_open":
                links.append((str(child.attrs.get("href", "")), len(parts)))
            case "link_close":
                address, start = links.pop()
                parts[start:] = [_linked("".join(parts[start:]), address)]
            case _:
                parts.append(child.content)
    return "".join(parts)


def _linked(text: str, address: str) -> str:
    same = text.strip() in ("", address, address.removeprefix("mailto:"))
    return (text.strip() or address) if same else f"{text} ({address})"
