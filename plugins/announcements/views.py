"""What people see of an announcement, from text keys."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from coedu_bot.api import (
    Attachment,
    Block,
    Bullets,
    MediaFile,
    Message,
    Says,
    When,
    Written,
    says,
)
from plugins.announcements.corrections import Change
from plugins.announcements.domain import Announcement, Draft, Receipt, State

YES, NO = "✅", "❌"
_CSV_FROM = 15
"""More lines than this are easier to read in a spreadsheet."""


def post(draft: Draft, *, calls_room: bool = False, planned_for: datetime | None = None) -> Message:
    """The announcement as everyone in the room reads it; `planned_for` if it comes late."""
    late = (says("announcement-late", at=When(planned_for)),) if planned_for else ()
    blocks = (*late, *_wording(draft), *_asked(draft, tap=draft.offers_tap))
    return Message("announcement", blocks, rings=True, mentions_room=calls_room, file=_file(draft))


def private_copy(draft: Draft, room: str) -> Message:
    """The announcement as one person reads it in their direct room."""
    origin = says("announcement-copy", room=room)
    blocks = (origin, *_wording(draft), *_asked(draft, tap=draft.asks))
    return Message("announcement.copy", blocks, rings=True, file=_file(draft))


def urgent_copy(one: Announcement, author: str, rooms: Sequence[str]) -> Message:
    """For the coordinators: what went out as urgent, and how to take it back."""
    about = says("announcement-urgent-copy", item=one.id, author=author, rooms=list(rooms))
    return Message("announcement.copy", (about, *_wording(one.draft)), rings=True)


def nudge(draft: Draft) -> Message:
    """For somebody who has not read yet."""
    blocks = (says("announcement-nudge"), *_wording(draft), *_asked(draft, tap=True))
    return Message("announcement.nudge", blocks, rings=True, file=_file(draft))


def preview(draft: Draft, rooms: Sequence[str], people: int, languages: Sequence[str]) -> Message:
    """What its author looks at before it goes: where, to how many, in which languages, when."""
    reach = says("announcement-preview-reach", count=people, languages=len(languages))
    lines: list[Says | Written] = [says("announcement-preview-rooms", rooms=list(rooms)), reach]
    if draft.send_at:
        lines.append(says("announcement-preview-when", at=draft.send_at))
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


def receipts(one: Announcement, entries: Sequence[Receipt]) -> Message:
    """Who has read and who has not, in alphabetical order, without ranking."""
    read = [entry for entry in entries if entry.has_read]
    missing = [entry for entry in entries if not entry.has_read]
    blocks: list[Block] = [
        says("announcement-receipts", item=one.id, title=heading(one.draft)),
        says("announcement-receipts-total", count=len(read), read=len(read), all=len(entries)),
    ]
    if missing:
        blocks += [
            says("announcement-receipts-missing"),
            Bullets(tuple(_missing(entry) for entry in missing)),
        ]
    if read:
        blocks += [says("announcement-receipts-read"), Bullets(tuple(_read(entry) for entry in read))]
    return Message("announcement.receipts", tuple(blocks))


def receipts_file(
    one: Announcement, entries: Sequence[Receipt], text: Callable[[str], str], zone: str
) -> Attachment | None:
    """The same as a table, where there are many."""
    if len(entries) <= _CSV_FROM:
        return None
    table = io.StringIO()
    writer = csv.writer(table, delimiter=";")
    writer.writerow(
        [text("announcement-csv-name"), text("announcement-csv-state"), text("announcement-csv-time")]
    )
    for entry in entries:
        state = text("announcement-csv-read" if entry.has_read else "announcement-csv-missing")
        writer.writerow([_safe_cell(entry.name), state, _local(entry, zone)])
    # spreadsheets take UTF-8 only with its mark
    return Attachment(f"{one.id}.csv", "text/csv", table.getvalue().encode("utf-8-sig"))


def heading(draft: Draft) -> str:
    """The title, or the beginning of a text that has none."""
    title = draft.title or draft.text.split("\n")[0]
    return title if len(title) <= 60 else title[:59].rstrip() + "…"


@dataclass(frozen=True, slots=True)
class Places:
    """Rooms as a list of names, for `A12 publiée : 6B, 6C`."""

    names: tuple[str, ...]

    def says(self, key: str, **values: object) -> Says:
        return says(key, rooms=list(self.names), **values)


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


def _read(entry: Receipt) -> Says:
    assert entry.reading is not None
    if entry.reading.noted_by:
        return says("announcement-read-noted", name=entry.name, by=entry.reading.noted_by)
    return says("announcement-read-at", name=entry.name, at=When(entry.reading.read_at))


def _missing(entry: Receipt) -> Says:
    return says("announcement-missing-again" if entry.again else "announcement-missing", name=entry.name)


def _local(entry: Receipt, zone: str) -> str:
    read_at = entry.reading.read_at.astimezone(ZoneInfo(zone)) if entry.reading else None
    return f"{read_at:%Y-%m-%d %H:%M}" if read_at and entry.has_read else ""


def _safe_cell(value: str) -> str:
    """A name that begins like a formula must not become one in somebody's spreadsheet."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t")) else value


def _file(draft: Draft) -> MediaFile | None:
    return MediaFile(**draft.file) if draft.file else None
