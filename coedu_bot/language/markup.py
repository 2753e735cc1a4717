"""Markdown to the HTML that Matrix allows and to plain text, from one reading of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import groupby
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

from coedu_bot.language.isolates import framing, has_right_to_left
from coedu_bot.language.plain import plain

_BREAKS = ("softbreak", "hardbreak")
_MARKED = re.compile(r"[\\`*_\[<&\n\r\t\x00]|~~|^\s*[\d+\-=#>~]|^\s|\s$")
"""What could be Markdown; text without it, which is most of what the bot says, needs no parser."""

_TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "blockquote", "pre", "hr", "br", "div", "details", "summary"),
    *("ul", "ol", "li", "a", "b", "strong", "i", "em", "u", "s", "del", "code", "sub", "sup", "span"),
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
    link_rel=None,
)


@dataclass(frozen=True, slots=True)
class Markup:
    """A piece of a message in both forms; the HTML is not sanitised yet."""

    html: str
    plain: str

    @property
    def inner_html(self) -> str:
        """The HTML without the tags of its paragraph, where it is only one."""
        lone = self.html.startswith("<p>") and self.html.count("<p>") == 1 and self.html.endswith("</p>")
        return self.html[3:-4] if lone else self.html


@dataclass(frozen=True, slots=True)
class Direction:
    """Which way a piece runs, and which way the message it stands in."""

    right_to_left: bool = False
    within_right_to_left: bool = False

    def concerns(self, text: str) -> bool:
        """Whether a text needs any marks of direction at all."""
        return self.right_to_left or self.within_right_to_left or has_right_to_left(text)

    def frame(self, line: str) -> tuple[str, str]:
        return framing(line, right_to_left=self.right_to_left, within_right_to_left=self.within_right_to_left)


def markup(source: str, direction: Direction) -> Markup:
    """Both forms of a Markdown source; images become links, HTML shows as typed."""
    source = _encodable(source)
    if _MARKED.search(source) is None:
        return _simple(source, direction)
    parser = _parser()
    tokens = parser.parse(source)
    if direction.concerns(source):
        _frame(tokens, direction)
    html: str = parser.renderer.render(tokens, parser.options, {})
    return Markup(html.strip(), plain(tokens))


def sanitised(html: str) -> str:
    """Only what Matrix allows, without images; U+00A0 stays a character."""
    return _CLEANER.clean(html).replace("&nbsp;", "\u00a0")


def _encodable(text: str) -> str:
    """JSON can carry half a surrogate pair, which no UTF-8 can."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _simple(text: str, direction: Direction) -> Markup:
    if direction.concerns(text):
        before, after = direction.frame(text)
        text = f"{before}{text}{after}"
    return Markup(f"<p>{escape(text, quote=False)}</p>" if text else "", text)


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "xhtmlOut": False})
    parser.enable("strikethrough")
    parser.disable("reference")  # a line like `[Info]: salle 12` would vanish
    parser.add_render_rule("image", _image_as_link)
    return parser


def _image_as_link(renderer: Any, tokens: Sequence[Token], index: int, options: Any, env: Any) -> str:
    """An image from somewhere would tell its server who reads; a link lets the reader decide."""
    address = escapeHtml(str(tokens[index].attrs.get("src", "")))
    return f'<a href="{address}">{escapeHtml(tokens[index].content) or address}</a>'


def _frame(tokens: Sequence[Token], direction: Direction) -> None:
    for token in tokens:
        if token.type == "inline":
            token.children = list(_framed(token.children or [], direction))


def _framed(children: Sequence[Token], direction: Direction) -> Iterator[Token]:
    for is_break, line in groupby(children, lambda child: child.type in _BREAKS):
        pieces = list(line)
        if is_break:
            yield from pieces
            continue
        before, after = direction.frame("".join(piece.content for piece in pieces))
        yield from (_text(before), *pieces, _text(after))


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)
