"""The content of m.room.message: what the person wrote, whom they named, which file they sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from coedu_bot.events import EventId, MediaFile, UserId
from coedu_bot.matrix.json_values import (
    Malformed,
    cleaned,
    identifier,
    items,
    mapping,
    mapping_or_empty,
    text,
    text_or,
)

_FILES = frozenset({"m.file", "m.image", "m.audio", "m.video"})
_INFO = frozenset({"w", "h", "duration"})
_MOST_MENTIONS = 100
_FALLBACK = re.compile(r"> (\* )?<")
_QUOTED_REPLY = re.compile(r"\A\s*<mx-reply>.*?</mx-reply>", re.DOTALL | re.IGNORECASE)
_PILL = re.compile(r"""href=["']https://matrix\.to/#/((?:@|%40)[^"'?]{1,255})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Relations:
    """What a message refers to, by m.relates_to."""

    reply_to: EventId | None = None
    thread: EventId | None = None
    replaces: EventId | None = None


@dataclass(frozen=True, slots=True)
class Writing:
    """What a person wrote, the same for a new message and an edited one."""

    text: str
    msgtype: str
    html: str | None
    mentions: tuple[UserId, ...]
    file: MediaFile | None


def relations(content: Mapping[str, Any]) -> Relations:
    """Malformed relations count as none, but for an edit: what it replaces must be known."""
    relates = mapping_or_empty(content.get("m.relates_to"))
    kind = relates.get("rel_type")
    if kind == "m.replace":
        return Relations(replaces=identifier(relates.get("event_id"), "$"))
    reply = _event(mapping_or_empty(relates.get("m.in_reply_to")).get("event_id"))
    if kind != "m.thread":
        return Relations(reply_to=reply)
    # in a thread, older clients need a reply too; is_falling_back says that nobody meant one
    real = relates.get("is_falling_back") is not True
    return Relations(reply_to=reply if real else None, thread=_event(relates.get("event_id")))


def _event(value: object) -> EventId | None:
    try:
        return identifier(value, "$")
    except Malformed:
        return None


def writing(content: Mapping[str, Any], *, is_reply: bool) -> Writing:
    """Read a message's content (or its m.new_content). Raises Malformed if it has no msgtype."""
    msgtype = text(content.get("msgtype"))
    html = _html(content)
    return Writing(
        text=_written(content, msgtype, is_reply),
        msgtype=msgtype,
        html=html,
        mentions=tuple(dict.fromkeys(_mentions(content, html))),
        file=media_file(content, msgtype) if msgtype in _FILES else None,
    )


def _written(content: Mapping[str, Any], msgtype: str, is_reply: bool) -> str:
    body = text_or(content.get("body"), "")
    if msgtype in _FILES:
        name = content.get("filename")
        return body if isinstance(name, str) and name != content.get("body") else ""
    return without_fallback(body) if is_reply else body


def without_fallback(body: str) -> str:
    """A reply's text without the quote that older clients put before it (spec 1.12 and before)."""
    if not _FALLBACK.match(body):
        return body
    lines = body.split("\n")
    own = next((number for number, line in enumerate(lines) if not line.startswith(">")), len(lines))
    return "\n".join(lines[own:]).removeprefix("\n")


def _html(content: Mapping[str, Any]) -> str | None:
    html = content.get("formatted_body")
    if not isinstance(html, str) or content.get("format") != "org.matrix.custom.html":
        return None
    return _QUOTED_REPLY.sub("", text(html))


def _mentions(content: Mapping[str, Any], html: str | None) -> Iterator[UserId]:
    named = items(mapping_or_empty(content.get("m.mentions")).get("user_ids"))
    pills = [unquote(pill) for pill in _PILL.findall(html or "")]
    for user in [*named[:_MOST_MENTIONS], *pills[:_MOST_MENTIONS]]:
        try:
            yield identifier(user, "@")
        except Malformed:
            continue


def media_file(content: Mapping[str, Any], msgtype: str) -> MediaFile | None:
    """The file of a message; None where it says no place to get it from."""
    encryption = mapping_or_empty(content.get("file"))
    url = (encryption or content).get("url")
    if not isinstance(url, str) or not url.startswith("mxc://"):
        return None
    info = mapping_or_empty(content.get("info"))
    size = info.get("size")
    name = content.get("filename")
    return MediaFile(
        url=text(url),
        name=text_or(name if isinstance(name, str) else content.get("body"), "")[:255],
        mime=text_or(info.get("mimetype"), "application/octet-stream")[:100],
        size=size if isinstance(size, int) and size > 0 else 0,
        msgtype=msgtype,
        info={key: info[key] for key in _INFO if isinstance(info.get(key), int)},
        encryption=mapping(cleaned(dict(encryption))) if encryption else None,
    )
