"""A person's digest: what need not come one by one, in one message at the hour they chose.

Its parts stay rows of their own: what edits, redacts or taps one reaches it through the digest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from coedu_bot.delivery.cause import Cause
from coedu_bot.delivery.voice import Voice
from coedu_bot.delivery.wire import reaction
from coedu_bot.effects import Edit, Post, Priority, new_ref
from coedu_bot.message import Message, says
from coedu_bot.school.hours import Hours
from coedu_bot.store import holding, outbox
from coedu_bot.store.database import Row, Transaction
from coedu_bot.store.outbox import OutboxRow

_BETWEEN = "\n\n———\n\n"


@dataclass(frozen=True, slots=True)
class Bundles:
    """Puts parts into digests, and keeps a digest as its parts are."""

    voice: Voice
    db: Transaction
    cause: Cause

    async def add(self, row: OutboxRow, offers: Sequence[str], hours: Hours) -> None:
        """Make a row part of its reader's next digest."""
        assert row.recipient is not None
        digest = await holding.get_open_digest(self.db, row.recipient)
        ref = digest.ref if digest else await self._begin(row, hours)
        await outbox.add_row(self.db, replace(row, state="bundled", bundle=ref, room_id=None))
        await self._offer(ref, offers)
        await self.renew(ref)

    async def renew(self, ref: str) -> None:
        """The digest as its parts are now: changed if nobody has seen it, edited if somebody has."""
        digest = await outbox.get_row(self.db, ref)
        parts = await holding.list_parts(self.db, ref)
        if digest is None:  # so long ago that it is forgotten
            return
        if not parts:
            await self._remove(digest)
        elif digest.state in holding.UNSENT:
            await outbox.mark_content(self.db, ref, self._content(digest, parts, ref))
        else:
            edit = new_ref()
            content = self._content(digest, parts, edit)
            await outbox.add_row(self.db, _about(digest, edit, "edit", content, self.cause))

    async def _begin(self, row: OutboxRow, hours: Hours) -> str:
        digest = replace(
            row,
            ref=new_ref(),
            content={"org.coedu": {"lang": row.content["org.coedu"]["lang"]}},
            kind=holding.DIGEST,
            plugin="core",
            item=None,
            author=None,
            priority=Priority.LATER,
            not_before_at=hours.digest_at(self.cause.now),
            wished_at=self.cause.now,
            lapses_at=None,
            target_ref=None,
        )
        await outbox.add_row(self.db, digest)
        return digest.ref

    async def _offer(self, ref: str, keys: Sequence[str]) -> None:
        offered = {row.content.get("key") for row in await outbox.list_dependants(self.db, ref)}
        digest = await outbox.get_row(self.db, ref)
        assert digest is not None
        for key in keys:
            if key not in offered:
                content = reaction(key, digest.content)
                row = _about(digest, new_ref(), "react", content, self.cause, kind="reaction")
                await outbox.add_row(self.db, row)

    async def _remove(self, digest: Row) -> None:
        if digest.state in holding.UNSENT:
            await outbox.mark_dropped(self.db, digest.ref, "redacted")
        else:
            await outbox.add_row(self.db, _about(digest, new_ref(), "redact", {}, self.cause))

    def _content(self, digest: Row, parts: Sequence[Row], ref: str) -> dict[str, Any]:
        language = digest.content["org.coedu"]["lang"]
        message = Message(holding.DIGEST, (says("digest", count=len(parts)),), rings=True)
        content = self.voice.content(Edit(of=digest.ref, message=message, ref=ref), [language], item=None)
        bodies = [content["body"], *(part.content["body"] for part in parts)]
        pages = [_page(content), *(_page(part.content) for part in parts)]
        return {
            **content,
            "body": _BETWEEN.join(bodies),
            "format": "org.matrix.custom.html",
            "formatted_body": "<hr>".join(pages),
        }


async def parts_of(db: Transaction, row: Row | None) -> Sequence[Row]:
    """The messages that one of our events shows: itself, or the parts of a digest as if each had gone."""
    if row is None:
        return ()
    if row.kind != holding.DIGEST:
        return (row,)
    return [part._replace(sent_at=row.sent_at) for part in await holding.list_parts(db, row.ref)]


async def part_answered(db: Transaction, row: Row | None) -> Row | None:
    """Which message an answer to one of our events answers: of a digest, only if one person wrote it all."""
    parts = await parts_of(db, row)
    sources = {(part.plugin, part.kind, part.author) for part in parts}
    return parts[0] if len(sources) == 1 else None


def may_bundle(post: Post, hours: Hours) -> bool:
    """Whether this goes into a digest: only text does, and only for who wants one."""
    plain = post.attachment is None and post.message.file is None
    return post.bundles and post.person is not None and hours.digest is not None and plain


def _page(content: dict[str, Any]) -> str:
    return str(content.get("formatted_body") or escape(content["body"], quote=False))


def _about(
    digest: Row | None, ref: str, action: str, content: dict[str, Any], cause: Cause, *, kind: str = ""
) -> OutboxRow:
    assert digest is not None
    return OutboxRow(
        ref=ref,
        room_id=digest.room_id,
        recipient=digest.recipient,
        state="held" if digest.state == "held" else "queued",
        priority=digest.priority,
        action=action,
        content=content,
        target_ref=digest.ref,
        plugin=digest.plugin,
        kind=kind or holding.DIGEST,
        created_at=cause.now,
    )
