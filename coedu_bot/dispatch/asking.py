"""Guided dialogues: a command that needs more is asked for in private, one thing at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from coedu_bot.context import Context
from coedu_bot.dispatch import answers
from coedu_bot.dispatch.frozen import freeze
from coedu_bot.effects import CloseMenus, Effects, Menu, Redact, Wake, new_ref
from coedu_bot.events import MessageReceived
from coedu_bot.message import Message, says
from coedu_bot.store import dialogues
from coedu_bot.store.database import Transaction
from coedu_bot.store.dialogues import Dialogue

if TYPE_CHECKING:
    from coedu_bot.dispatch.commands import Call

WAITS = timedelta(minutes=15)
MENU = "dialogue"
LAPSE = "dialogue-lapse"


async def begin(db: Transaction, call: Call, ctx: Context[Any], missing: str = "") -> Effects:
    """Ask for all that the command needs, or for the one thing that is missing; raises Refusal."""
    assert isinstance(call.event, MessageReceived)
    asks = [ask for ask in call.command.dialogue if missing in ("", ask.name)]
    asks = [ask for ask in asks if await answers.is_asked(ctx, call.command, ask)]
    one = Dialogue(
        person=ctx.actor.id,
        id=new_ref(),
        command=call.command.name,
        handle=call.handle,
        source=freeze(call.event),
        text=call.speech.rest,
        wanted=tuple(ask.name for ask in asks),
        answers={},
        asked_at=ctx.now,
    )
    return [await ask_next(db, one, call, ctx), _told_here(call, ctx)]


def _told_here(call: Call, ctx: Context[Any]) -> Effects:
    """Where others read along it is only said that the rest is private; the command goes if it may."""
    if ctx.room.direct == ctx.actor.id:
        return None
    hidden = Redact(event=call.handle, room=ctx.room.id) if ctx.room.may_redact_others(ctx.bot_id) else None
    return [ctx.reply("sent-privately", kind="sent-privately"), hidden]


async def ask_next(db: Transaction, one: Dialogue, call: Call, ctx: Context[Any]) -> Effects:
    """The next question, and until when its answer is waited for."""
    await dialogues.mark_dialogue(db, one)
    ask = next(ask for ask in call.command.dialogue if ask.name == one.next)
    question = [says(f"ask-{one.command}-{ask.name}")]
    question += [says("dialogue-hint")] if not one.answers else []
    choices = await answers.usual(ctx, call.command, ask)
    wake = Wake(name=LAPSE, at=ctx.now + WAITS, payload={"person": one.person, "id": one.id})
    if choices:
        return [wake, Menu(person=one.person, name=MENU, question=question, choices=choices, payload=one.id)]
    closed = CloseMenus(name=MENU, person=one.person)
    return [wake, closed, ctx.tell(one.person, Message("dialogue", tuple(question), rings=True))]
