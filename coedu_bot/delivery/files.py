"""Files the bot makes: uploaded just before the message that carries them."""

from __future__ import annotations

from typing import Any

from coedu_bot.effects import Attachment, new_ref
from coedu_bot.events import MediaFile
from coedu_bot.homeserver import Homeserver
from coedu_bot.store import outbox, rooms
from coedu_bot.store.database import Database, Row, Transaction


async def upload_first(homeserver: Homeserver, database: Database, row: Row) -> Row:
    """Upload and keep the answer, so that a retry of the message does not upload again."""
    async with database.reading() as db:
        upload = await outbox.get_upload(db, row.upload)
        room = await rooms.get_room(db, row.room_id)
    if upload is None:  # uploaded by an earlier attempt: the content has it
        return row
    file = await homeserver.upload(
        upload.data, mime=upload.mime, name=upload.name, encrypt=room is not None and room.encrypted
    )
    content = with_file(row.content, file)
    async with database.transaction() as db:
        await outbox.mark_content(db, row.ref, content)
        await outbox.remove_upload(db, row.upload)
        kept = await outbox.get_row(db, row.ref)
    return kept or row


async def keep_attachment(db: Transaction, file: Attachment | None) -> str | None:
    """Keep the bytes until they are uploaded; returns where."""
    if file is None:
        return None
    id_ = new_ref()
    await outbox.add_upload(db, id_, name=file.name, mime=file.mime, data=file.data)
    return id_


def with_file(content: dict[str, Any], file: MediaFile) -> dict[str, Any]:
    """The content with a file in it; its text becomes the caption."""
    place = {"file": {**file.encryption, "url": file.url}} if file.encryption else {"url": file.url}
    info = {**file.info, "mimetype": file.mime, "size": file.size}
    return {**content, "msgtype": file.msgtype, "filename": file.name, "info": info, **place}
