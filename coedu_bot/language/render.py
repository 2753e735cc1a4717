"""A message in one or several languages, as the body and HTML of a Matrix event."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from coedu_bot.events import MediaFile
from coedu_bot.language.isolates import starts_right_to_left
from coedu_bot.language.languages import LANGUAGES, is_right_to_left
from coedu_bot.language.markup import Direction, Markup, markup, sanitised
from coedu_bot.language.texts import Texts
from coedu_bot.message import Block, Bullets, Message, Says, Written

_WHOLE_ROOM = re.compile(r"(?<!\w)@(?=room(?!\w))", re.IGNORECASE)
_NO_TRANSLATIONS: Mapping[tuple[int, str], str] = {}


@dataclass(frozen=True, slots=True)
class Rendered:
    """The two forms of a message; `formatted_body` is sanitised, both are empty where nothing is said."""

    body: str
    formatted_body: str


def render(
    message: Message,
    texts: Sequence[Texts],
    *,
    translations: Mapping[tuple[int, str], str] = _NO_TRANSLATIONS,
) -> Rendered:
    """The message in the first language whole, then folded in each further one.

    `translations` holds people's text as Markdown, by index of its block and language.
    """
    first, *others = texts
    pages = [_Page(other, first, translations) for other in others]
    main = _Page(first, first, translations).pieces(message.blocks)
    folded = [piece for page in pages if (piece := page.folded(message.blocks)) is not None]
    body = "\n\n".join(piece.plain for piece in (*main, *folded))
    html = _joined_html(main, alone=not folded) + "".join(piece.html for piece in folded)
    if not message.mentions_room:
        body, html = _calling_nobody(body), _calling_nobody(html)
    return Rendered(body, sanitised(html))


def plain_text(says: Says, texts: Texts) -> str:
    """One sentence without any markup, for places that show none, such as a poll's answers."""
    return markup(texts.say(says), Direction(texts.right_to_left, texts.right_to_left)).plain


def content(rendered: Rendered, message: Message, *, coedu: Mapping[str, Any]) -> dict[str, Any]:
    """The content of the `m.room.message` event."""
    event: dict[str, Any] = {
        "msgtype": "m.text" if message.rings else "m.notice",
        "body": rendered.body,
        "m.mentions": _mentions(message),
        "org.coedu": dict(coedu),
    }
    if rendered.formatted_body:
        event |= {"format": "org.matrix.custom.html", "formatted_body": rendered.formatted_body}
    return event if message.file is None else event | _file(message.file, rendered.body)


def _mentions(message: Message) -> dict[str, Any]:
    room = {"room": True} if message.mentions_room else {}
    return room | ({"user_ids": list(message.mentions)} if message.mentions else {})


def _file(file: MediaFile, caption: str) -> dict[str, Any]:
    place = {"file": {**file.encryption, "url": file.url}} if file.encryption else {"url": file.url}
    info = {**file.info, "mimetype": file.mime, "size": file.size}
    return {
        "msgtype": file.msgtype,
        "body": caption or file.name,
        "filename": file.name,
        "info": info,
        **place,
    }


def _calling_nobody(text: str) -> str:
    """`@room` in a text rings every phone on old servers and is shown as a call: a joiner breaks it."""
    return _WHOLE_ROOM.sub("@\u2060", text) if "@" in text else text


def _joined_html(pieces: Sequence[Markup], *, alone: bool) -> str:
    if alone and len(pieces) == 1:
        return pieces[0].inner_html
    return "".join(piece.html for piece in pieces)


@dataclass(frozen=True, slots=True)
class _Page:
    """One language's share of a message that begins in the language of `first`."""

    texts: Texts
    first: Texts
    translations: Mapping[tuple[int, str], str]

    def folded(self, blocks: Iterable[Block]) -> Markup | None:
        """The share behind the language's own name, or None when there is nothing to say in it."""
        pieces = self.pieces(blocks)
        if not pieces:
            return None
        language = self.texts.language
        name = LANGUAGES[language].autonym if language in LANGUAGES else language
        html = "".join(piece.html for piece in pieces)
        plain = "\n\n".join(piece.plain for piece in pieces)
        return Markup(f"<details><summary>{name}</summary>{html}</details>", f"{name}\n{plain}")

    def pieces(self, blocks: Iterable[Block]) -> list[Markup]:
        """One for each block that has something to say in this language."""
        pieces = (self._piece(index, block) for index, block in enumerate(blocks))
        return [piece for piece in pieces if piece is not None and piece.plain]

    def _piece(self, index: int, block: Block) -> Markup | None:
        match block:
            case Says():
                return self._said(block)
            case Bullets(lines):
                return _listed([piece for line in lines if (piece := self._piece(-1, line)) is not None])
            case Written():
                return self._written(index, block)

    def _said(self, says: Says) -> Markup | None:
        if self.texts.language != self.texts.spoken and self.texts is not self.first:
            return None  # its readers have the sentence in the first language already
        return self._marked_up(self.texts.say(says), self.texts.right_to_left)

    def _written(self, index: int, written: Written) -> Markup | None:
        translated = self.translations.get((index, self.texts.language))
        if translated is not None:
            return self._marked_up(translated, is_right_to_left(self.texts.language))
        if self.texts.language != self.first.language:
            return None
        return self._marked_up(written.markdown, _runs_right_to_left(written))

    def _marked_up(self, source: str, right_to_left: bool) -> Markup:
        return markup(source, Direction(right_to_left, self.first.right_to_left))


def _runs_right_to_left(written: Written) -> bool:
    if written.language is not None:
        return is_right_to_left(written.language)
    return starts_right_to_left(written.markdown) is True


def _listed(lines: Sequence[Markup]) -> Markup | None:
    if not lines:
        return None
    html = "".join(f"<li>{line.inner_html}</li>" for line in lines)
    plain = "\n".join("- " + line.plain.replace("\n", "\n  ") for line in lines)
    return Markup(f"<ul>{html}</ul>", plain)
