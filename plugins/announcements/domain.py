"""What an announcement is, and its rules; pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

CONFIRM_WITHIN = timedelta(minutes=10)
UNDO_WITHIN = timedelta(seconds=30)
NUDGE_AT_MOST_EVERY = timedelta(days=1)
NUDGE_BEFORE = timedelta(hours=24)
DIGEST_TAKES = timedelta(hours=48)
LAPSES_AFTER = timedelta(days=14)


class Urgency(StrEnum):
    """How much an announcement may disturb."""

    NORMAL = "normal"
    IMPORTANT = "important"
    URGENT = "urgent"


class Acknowledgement(StrEnum):
    """Who is asked to say that they have read it."""

    NONE = "none"
    HOUSEHOLD = "household"
    EVERYONE = "everyone"
    PRIVATE = "private"


class State(StrEnum):
    """Where an announcement is in its life; `lapsed` if nobody confirmed it in time."""

    PREVIEW = "preview"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What its author wants: text, rooms, when, how; `text` is Markdown without the title."""

    title: str
    text: str
    rooms: tuple[str, ...]
    acknowledgement: Acknowledgement = Acknowledgement.HOUSEHOLD
    urgency: Urgency = Urgency.NORMAL
    send_at: datetime | None = None
    until: datetime | None = None
    file: dict[str, Any] | None = None

    @property
    def asks(self) -> bool:
        """Whether anybody is asked to say "read"."""
        return self.acknowledgement is not Acknowledgement.NONE

    @property
    def offers_tap(self) -> bool:
        """Whether the message in the room carries the ✅ itself."""
        return self.asks and self.acknowledgement is not Acknowledgement.PRIVATE

    @property
    def pinned(self) -> bool:
        return self.urgency is not Urgency.NORMAL

    @property
    def wording(self) -> str:
        """Title and text, for comparing."""
        return f"{self.title}\n{self.text}".strip()

    @property
    def waits(self) -> bool:
        """Whether it waits for the end of quiet hours: not if urgent, nor at an hour that was chosen."""
        return self.urgency is not Urgency.URGENT and self.send_at is None

    def may_be_bundled(self, now: datetime) -> bool:
        """Whether a private copy may come in a daily digest and still be in time."""
        return self.waits and (self.until is None or self.until - now > DIGEST_TAKES)

    def needs_preview(self) -> bool:
        """More than one room, or urgent: its author looks at it first."""
        return len(self.rooms) > 1 or self.urgency is Urgency.URGENT

    def differs_for_readers(self, other: Draft) -> bool:
        """Whether date, recipients or priority changed, so that the change is previewed."""
        return (set(self.rooms), self.urgency, self.send_at, self.until) != (
            set(other.rooms),
            other.urgency,
            other.send_at,
            other.until,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement:
    """An announcement; `pending` is a change that waits for its author's ✅ on `preview`.

    `asked_version` is the version that people were last asked to read.
    """

    id: str
    author: str
    draft: Draft
    state: State
    version: int = 1
    asked_version: int = 1
    pending: Draft | None = None
    preview: str | None = None
    nudged_at: datetime | None = None
    published_at: datetime | None = None
    rereads: bool = False

    def previewed(self, draft: Draft, preview: str, *, rereads: bool = False) -> Announcement:
        """Wait for the ✅ on a (new) preview; only the newest counts."""
        state = State.PREVIEW if self.state in (State.PREVIEW, State.LAPSED) else self.state
        return replace(self, state=state, pending=draft, preview=preview, rereads=rereads)

    def scheduled(self, draft: Draft) -> Announcement:
        return replace(self, state=State.SCHEDULED, draft=draft, pending=None, preview=None)

    def published(self, draft: Draft, now: datetime) -> Announcement:
        return replace(self, state=State.PUBLISHED, draft=draft, pending=None, preview=None, published_at=now)

    def changed(self, draft: Draft, *, asks_again: bool) -> Announcement:
        """A new version; the earlier readings stay known, but count as of an earlier version."""
        version = self.version + 1
        asked = version if asks_again else self.asked_version
        return replace(
            self, draft=draft, version=version, asked_version=asked, pending=None, preview=None, rereads=False
        )

    def unconfirmed(self) -> Announcement:
        """Nobody said yes to the preview: a new one lapses, a change to one is forgotten."""
        state = State.LAPSED if self.state is State.PREVIEW else self.state
        return replace(self, state=state, pending=None, preview=None, rereads=False)

    def withdrawn(self) -> Announcement:
        return replace(self, state=State.WITHDRAWN, pending=None, preview=None)

    def may_nudge_at(self) -> datetime | None:
        """When the next nudge may go; None if now."""
        return self.nudged_at + NUDGE_AT_MOST_EVERY if self.nudged_at else None

    def nudges_by_itself_at(self) -> datetime | None:
        """A day before it is wanted, those who have not read are written to."""
        return self.draft.until - NUDGE_BEFORE if self.draft.until and self.draft.asks else None


@dataclass(frozen=True, slots=True)
class Reading:
    """Somebody has read a version; `noted_by` when it was said on the telephone or on paper."""

    reader: str
    version: int
    read_at: datetime
    noted_by: str | None = None


def split_title(text: str) -> tuple[str, str]:
    """One line is the text itself; of several, the first is the title."""
    first, _, rest = text.strip().partition("\n")
    return (first.strip().lstrip("#").strip(), rest.strip()) if rest.strip() else ("", first.strip())
