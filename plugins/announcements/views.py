"""What people see of an announcement, from text keys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from coedu_bot.api import (
    Block,
    Bullets,
    MediaFile,
    Message,
    Says,
    When,
    Written,
    says,
)
from plugins.announcements.audience import Audience
from plugins.announcements.corrections import Change
from plugins.announcements.domain import Announcement, Draft, State

YES, NO = "✅", "❌"


def post(draft: Draft, *, calls_room: bool = False, planned_for: datetime | None = None) -> Message:
    """The announcement as everyone in the room reads it; `planned_for` if it comes late."""
    late = (says("announcement-late", at=When(planned_for)),) if planned_for else ()
    blocks = (*late, *_wording(draft), *_asked(draft, tap=draft.offers_tap))
    return Message("announcement", blocks, rings=True, mentions_room=calls_room, file=_file(draft))


def private_copy(draft: Draft, rooms: Sequence[str], *, may_stop: bool) -> Message:
    """The announcement as one person reads it in their direct room; who `may_stop` them is told how."""
    origin = says("announcement-copy", room=list(rooms))
    stop = (says("announcement-copy-stop"),) if may_stop else ()
    blocks = (origin, *_wording(draft), *_asked(draft, tap=draft.asks), *stop)
    return Message("announcement.copy", blocks, rings=True, file=_file(draft))


def urgent_copy(one: Announcement, author: str, rooms: Sequence[str]) -> Message:
    """For the coordinators: what went out as urgent, and how to take it back."""
    about = says("announcement-urgent-copy", item=one.id, author=author, rooms=list(rooms))
    return Message("announcement.copy", (about, *_wording(one.draft)), rings=True)


def nudge(draft: Draft) -> Message:
    """For somebody who has not read yet."""
    blocks = (says("announcement-nudge"), *_wording(draft), *_asked(draft, tap=True))
    return Message("announcement.nudge", blocks, rings=True, file=_file(draft))


def preview(draft: Draft, rooms: Sequence[str], audience: Audience, *, at_night: bool) -> Message:
    """What its author looks at before it goes: where, to how many, in which languages, when."""
    lines: list[Says | Written] = [says("announcement-preview-rooms", rooms=list(rooms)), _reach(audience)]
    if draft.send_at:
        lines.append(says("announcement-preview-when", at=draft.send_at))
    if at_night:
        lines.append(says("announcement-preview-night"))
    if draft.urgency != "normal":
        lines.append(says(f"announcement-preview-{draft.urgency}"))
    blocks: tuple[Block, ...] = (
        says("announcement-preview"),
        Bullets(tuple(lines)),
        *_wording(draft),
        *_asked(draft, tap=draft.offers_tap),
        says("announcement-preview-confirm"),
    )
    return Message("announcement.preview", blocks, rings=True, file=_file(draft))


def correction(draft: Draft, changes: Sequence[Change]) -> Message:
    """A new message, because edits ring no phone."""
    lines = tuple(_change(change) for change in changes)
    if len(lines) == 1:
        head: tuple[Block, ...] = (says("announcement-correction", change=lines[0]),)
    elif lines:
        head = (says("announcement-corrections"), Bullets(lines))
    else:
        head = (says("announcement-rewritten"), *_wording(draft))
    asked = (says("announcement-tap-again"),) if draft.asks else ()
    return Message("announcement.correction", (*head, *asked), rings=True)


def withdrawn(draft: Draft) -> Message:
    """For those who had read it."""
    return Message("announcement.correction", (says("announcement-withdrawn", title=heading(draft)),))


def overview(announcements: Sequence[Announcement]) -> Message:
    """What `!annonces` lists."""
    if not announcements:
        return Message("reply", (says("announcement-none"),))
    lines = tuple(_line(one) for one in announcements)
    return Message("reply", (says("announcement-list"), Bullets(lines)))


def heading(draft: Draft) -> str:
    """The title, or the beginning of a text that has none."""
    title = draft.title or draft.text.split("\n")[0]
    return title if len(title) <= 60 else title[:59].rstrip() + "…"


def _reach(audience: Audience) -> Says:
    """12 families, 13 households and 6 languages; where no families are known, how many people."""
    spoken = {language for languages in audience.languages.values() for language in languages}
    languages = len(spoken | {reader.language for reader in audience.readers if reader.language})
    if not audience.families:
        return says("announcement-preview-reach", count=len(audience.readers), languages=languages)
    parts = [says("announcement-preview-families", count=audience.families)]
    if len(audience.parties) != audience.families:
        parts.append(says("announcement-preview-households", count=len(audience.parties)))
    parts.append(says("announcement-preview-languages", count=languages))
    return says("announcement-preview-audience", parts=parts)


def _wording(draft: Draft) -> tuple[Block, ...]:
    title = draft.title if "**" in draft.title else f"**{draft.title}**"
    parts = ([title] if draft.title else []) + ([draft.text] if draft.text else [])
    return (Written("\n\n".join(parts)),)


def _asked(draft: Draft, *, tap: bool) -> tuple[Block, ...]:
    until = (says("announcement-until", at=When(draft.until)),) if draft.until and draft.asks else ()
    key = "announcement-tap" if tap else "announcement-tap-private"
    return (*until, says(key)) if draft.asks else ()


def _change(change: Change) -> Says:
    if change.before:
        return says("announcement-change", now=change.now, before=change.before)
    return says("announcement-change-new", now=change.now)


def _line(one: Announcement) -> Says:
    if one.state is State.SCHEDULED and one.draft.send_at:
        return says(
            "announcement-line-planned", item=one.id, title=heading(one.draft), at=When(one.draft.send_at)
        )
    return says("announcement-line", item=one.id, title=heading(one.draft))


def _file(draft: Draft) -> MediaFile | None:
    return MediaFile(**draft.file) if draft.file else None
