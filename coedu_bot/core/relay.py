"""Private text that is no command and no answer: handed on to whom its writer means."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from coedu_bot.core import contacts
from coedu_bot.core.languages import offer_by_script
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.delivery.bundles import part_answered
from coedu_bot.dispatch.belonging import belongs
from coedu_bot.dispatch.relaying import PRIVATE_TEXT, WHOM, carry, confirmed, may_relay
from coedu_bot.dispatch.stand_ins import standing_in
from coedu_bot.effects import Effects, Menu
from coedu_bot.events import EventId, MediaFile, MessageReceived, UserId
from coedu_bot.menu_context import MenuContext
from coedu_bot.message import Message, says
from coedu_bot.plugin import NoSettings
from coedu_bot.store import menus, outbox, relays
from coedu_bot.store.database import Row

_RECENT = timedelta(hours=24)
"""So long after the last word plain text still belongs to the one open conversation."""
_MOST_TEXTS = 20


@plugin.answer(on=PRIVATE_TEXT)
async def hand_on(ctx: Ctx) -> Effects:
    """Carry a private text to whom it answers, else ask whom it is for; strangers meet silence."""
    if not await belongs(ctx.db, ctx.school, ctx.actor.id):
        return _pointed_elsewhere(ctx)
    to, answers = await _addressee(ctx)
    if to is None:
        return [await offer_by_script(ctx), await _ask(ctx)]
    assert ctx.handle is not None
    carried = await carry(ctx, to, ctx.text, ctx.handle, file=ctx.file, answers=answers)
    return [await offer_by_script(ctx), carried, await confirmed(ctx, [to])]


def _pointed_elsewhere(ctx: Ctx) -> Effects:
    """A guardian who may be told nothing still reads where they can turn to."""
    if ctx.actor.id not in ctx.school.families.guardians or not ctx.school.contact:
        return None
    return ctx.respond(Message("help", (says("relay-outside", contact=ctx.school.contact),)))


async def _addressee(ctx: Ctx) -> tuple[UserId | None, EventId | None]:
    """Whom a text is for without asking, and which event of theirs it answers."""
    row = await _answered(ctx)
    relay = await relays.get_relay(ctx.db, row.ref) if row else None
    if relay is not None and relay.recipient == ctx.actor.id:
        return await _if_allowed(ctx, relay.sender), relay.source
    item = await ctx.get_item(row.item) if row and row.item else None
    if item is not None and (author := await _if_allowed(ctx, item.author)):
        return author, None
    recent = await relays.list_partners(ctx.db, ctx.actor.id, ctx.now - _RECENT)
    return (await _if_allowed(ctx, recent[0]) if len(recent) == 1 else None), None


async def _if_allowed(ctx: Ctx, other: UserId) -> UserId | None:
    return other if await may_relay(ctx, ctx.actor.id, other) else None


async def _answered(ctx: Ctx) -> Row | None:
    """Our message that this one answers; of a digest, the part that is meant."""
    assert isinstance(ctx.event, MessageReceived)
    for target in (ctx.event.reply_to, ctx.event.thread):
        row = await outbox.get_row_of_event(ctx.db, target) if target else None
        if row is not None:
            return await part_answered(ctx.db, row)
    return None


async def _ask(ctx: Ctx) -> Effects:
    """Ask whom it is for; what was written before and not handed on yet goes with it."""
    offered = await contacts.choices(ctx)
    if not offered:
        return ctx.respond(Message("help", (says("relay-nobody", help=contacts.help_word(ctx)),)))
    waiting = [one for one in await menus.list_open_menus(ctx.db, ctx.actor.id) if one.name == WHOM]
    texts = waiting[0].payload["texts"] if waiting else []
    text = {"event": ctx.handle, "text": ctx.text, "file": asdict(ctx.file) if ctx.file else None}
    payload = {"texts": [*texts, text][-_MOST_TEXTS:]}
    question = (says("relay-whom"), *await standing_in(ctx, [choice.value for choice in offered]))
    return Menu(person=ctx.actor.id, name=WHOM, question=question, choices=offered, payload=payload)


@plugin.menu(WHOM)
async def hand_on_to(ctx: MenuContext[NoSettings], choice: str) -> Effects:
    """Now it is known whom it is for."""
    wanted = await contacts.coordinators(ctx) if choice == contacts.SCHOOL else [choice]
    allowed = [one for one in wanted if await may_relay(ctx, ctx.actor.id, one)]
    if not allowed:
        return ctx.reply("relay-nobody", help=contacts.help_word(ctx), kind="help")
    carried = [await _carry(ctx, to, text) for text in ctx.payload["texts"] for to in allowed]
    return [carried, await confirmed(ctx, allowed, school=choice == contacts.SCHOOL)]


async def _carry(ctx: MenuContext[NoSettings], to: UserId, text: dict[str, Any]) -> Effects:
    file = MediaFile(**text["file"]) if text["file"] else None
    return await carry(ctx, to, text["text"], text["event"], file=file)
