"""Who has read and who has not, as staff read it: by household, in alphabetical order, without ranking."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from zoneinfo import ZoneInfo

from coedu_bot.api import Attachment, Block, Bullets, Message, Says, When, says, spreadsheet
from plugins.announcements.audience import Receipt, Standing
from plugins.announcements.domain import Acknowledgement, Announcement
from plugins.announcements.views import heading

_CSV_FROM = 15
"""More lines than this are easier to read in a spreadsheet."""


def report(one: Announcement, entries: Sequence[Receipt], *, by_household: bool) -> Message:
    """Totals, then who is to be nudged, who has not come yet, who is to be called, who has read."""
    blocks: list[Block] = [
        says("announcement-receipts", item=one.id, title=heading(one.draft)),
        total(one, entries, by_household=by_household),
    ]
    for standing in (Standing.MISSING, Standing.INVITED, Standing.CALL, Standing.READ):
        lines = tuple(_line(entry) for entry in entries if entry.standing is standing)
        if lines:
            blocks += [says(f"announcement-receipts-{standing}"), Bullets(lines)]
    return Message("announcement.receipts", tuple(blocks))


def total(one: Announcement, entries: Sequence[Receipt], *, by_household: bool) -> Says:
    """10 foyers sur 13 ont lu; people are counted where everyone is asked or no families are known."""
    read = sum(1 for entry in entries if entry.has_read)
    homes = by_household and one.draft.acknowledgement is not Acknowledgement.EVERYONE
    key = "announcement-receipts-households" if homes else "announcement-receipts-total"
    return says(key, count=read, read=read, all=len(entries))


def table(
    one: Announcement, entries: Sequence[Receipt], text: Callable[[str], str], zone: str
) -> Attachment | None:
    """The same for a spreadsheet, where there are many."""
    if len(entries) <= _CSV_FROM:
        return None
    phones = {entry.party.key: _phones(entry) for entry in entries}
    columns = ("name", "state", "time", *(("phone",) if any(phones.values()) else ()))
    rows = [[text(f"announcement-csv-{column}") for column in columns]]
    for entry in entries:
        cells = [entry.name, text(f"announcement-csv-{entry.standing}"), _local(entry, zone)]
        cells += [phones[entry.party.key]] if "phone" in columns else []
        rows.append(cells)
    return spreadsheet(one.id, rows)


def _line(entry: Receipt) -> Says:
    if entry.standing is Standing.READ and entry.reading is not None:
        if entry.reading.noted_by:
            return says("announcement-read-noted", name=entry.name, by=entry.reading.noted_by)
        return says("announcement-read-at", name=entry.name, at=When(entry.reading.read_at))
    if entry.standing is Standing.CALL and _phones(entry):
        return says("announcement-call", name=entry.name, phone=_phones(entry))
    return says("announcement-missing-again" if entry.again else "announcement-missing", name=entry.name)


def _phones(entry: Receipt) -> str:
    if entry.standing is not Standing.CALL:
        return ""
    return ", ".join(dict.fromkeys(reader.phone for reader in entry.party.readers if reader.phone))


def _local(entry: Receipt, zone: str) -> str:
    read_at = entry.reading.read_at.astimezone(ZoneInfo(zone)) if entry.reading else None
    return f"{read_at:%Y-%m-%d %H:%M}" if read_at and entry.has_read else ""
