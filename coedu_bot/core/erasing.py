"""`effacer`: a person asks to be forgotten, the coordinators answer within a month, each step is told."""

from __future__ import annotations

from datetime import timedelta

from coedu_bot.context import Base, TimerContext
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.delivery import tasks
from coedu_bot.dispatch.personal_data import ERASE
from coedu_bot.dispatch.relaying import children_of
from coedu_bot.effects import Choice, CloseMenus, Effects, Menu, Wake, new_ref
from coedu_bot.events import MessageReceived, UserId
from coedu_bot.menu_context import MenuContext
from coedu_bot.message import Block, Day, Message, Written, says
from coedu_bot.plugin import NoSettings
from coedu_bot.school.rights import Role
from coedu_bot.store import erasures, outbox
from coedu_bot.store.database import Row

SURE, ANSWER, REMIND, REASON = "erase-sure", "erasure", "erasure-remind", "erasure.reason"
_REASONS = ("enrolled", "legal")
_WITHIN = timedelta(days=30)
_REMINDED = tuple(timedelta(days=number) for number in (14, 21, 27, 30))

Any_ = Base[NoSettings]


@plugin.command("erase", private=True)
async def erase(ctx: Ctx) -> Effects:
    """Say what would be erased and what not, and ask whether that is wanted."""
    waiting = await erasures.get_erasure_of(ctx.db, ctx.actor.id)
    if waiting is not None:
        told = says("erase-waits", asked=Day(waiting.asked_at), until=Day(waiting.answer_by_at))
        return ctx.answer_privately(Message("reply", (told,)))
    if not await _coordinators(ctx):
        return ctx.answer_privately(Message("reply", (says("erase-nobody", contact=ctx.school.contact),)))
    told_here = None if ctx.room.direct else ctx.reply("sent-privately", kind="sent-privately")
    kept = says("erase-kept", contact=ctx.school.contact)
    question = (says("erase-question"), kept, says("erase-sure"))
    choices = [Choice(value, says(f"choice-{value}")) for value in ("yes", "no")]
    return [Menu(person=ctx.actor.id, name=SURE, question=question, choices=choices), told_here]


@plugin.menu(SURE)
async def ask(ctx: MenuContext[NoSettings], choice: str) -> Effects:
    """Hand the request to the coordinators, with the day by which it must be answered."""
    if choice != "yes":
        return ctx.reply("erase-left")
    if await erasures.get_erasure_of(ctx.db, ctx.actor.id) is not None:
        return None
    id_, until = new_ref(), ctx.now + _WITHIN
    await erasures.add_erasure(ctx.db, id_, ctx.actor.id, asked_at=ctx.now, answer_by=until)
    told = ctx.reply("erase-asked", until=Day(until), contact=ctx.school.contact)
    return [told, await _put_before(ctx, await _coordinators(ctx)), _wake(ctx, id_, 0)]


async def _put_before(ctx: Any_, coordinators: list[UserId]) -> Effects:
    """The oldest request that waits, to everyone who may answer it; menus of answered ones go."""
    waiting = await erasures.list_open_erasures(ctx.db)
    if not waiting:
        return [CloseMenus(name=ANSWER, person=one) for one in coordinators]
    message = Message("question", await _request(ctx, waiting[0], len(waiting) - 1), rings=True)
    return [[ctx.tell(one, message), _menu(one, waiting[0])] for one in coordinators]


async def _request(ctx: Any_, request: Row, more: int) -> tuple[Block, ...]:
    """Who asks, until when, what an erasure leaves and why."""
    name = await ctx.name_of(request.user_id, "")
    children = children_of(ctx, request.user_id)
    who = says("erasure-who", who=name, children=children) if children else name
    asked = says("erasure-asked", who=who, asked=Day(request.asked_at), until=Day(request.answer_by_at))
    return (asked, says("erasure-kept"), *([says("erasure-more", count=more)] if more else []))


def _menu(coordinator: UserId, request: Row) -> Menu:
    refusals = [Choice(reason, says(f"erasure-refuse-{reason}")) for reason in (*_REASONS, "other")]
    choices = [Choice("accept", says("erasure-accept")), *refusals]
    return Menu(
        person=coordinator,
        name=ANSWER,
        question=says("erasure-choose"),
        choices=choices,
        payload={"request": request.id},
    )


@plugin.menu(ANSWER)
async def answer(ctx: MenuContext[NoSettings], choice: str) -> Effects:
    """A coordinator accepts, or refuses with a reason."""
    request = await erasures.get_erasure(ctx.db, ctx.payload["request"])
    if request is None or ctx.actor.id not in await _coordinators(ctx):
        return None
    if choice == "accept":
        return await _decide(ctx, request, erasures.ACCEPTED, says("erase-accepted"))
    if choice in _REASONS:
        reason = says(f"erase-because-{choice}")
        return await _decide(ctx, request, erasures.REFUSED, says("erase-refused"), reason)
    ref = new_ref()
    await erasures.mark_reason_asked(ctx.db, request.id, ref)
    return ctx.respond(Message(REASON, (says("erasure-reason"),)), ref=ref)


@plugin.answer(on=REASON)
async def give_reason(ctx: Ctx) -> Effects:
    """The reason in a coordinator's own words, as a reply to the question for it."""
    assert isinstance(ctx.event, MessageReceived)
    row = await outbox.get_row_of_event(ctx.db, ctx.event.reply_to or ctx.event.thread or "")
    request = await erasures.get_erasure_reasoned(ctx.db, row.ref) if row else None
    if request is None or not ctx.text.strip() or ctx.actor.id not in await _coordinators(ctx):
        return None
    reason = Written(ctx.text, ctx.actor.language)
    return await _decide(ctx, request, erasures.REFUSED, says("erase-refused"), reason)


async def _decide(ctx: Ctx, request: Row, state: str, *told: Block) -> Effects:
    """Once: the person reads the answer, and what is granted is done after that."""
    if not await erasures.mark_decided(ctx.db, request.id, state, ctx.actor.id, ctx.now):
        return ctx.reply("erasure-answered")
    notice, refused = new_ref(), state == erasures.REFUSED
    last = says("erase-complain" if refused else "erase-kept", contact=ctx.school.contact)
    person = ctx.tell(
        request.user_id,
        Message("reply", (*told, last), rings=True),
        ref=notice,
        for_act_of=request.user_id,
    )
    if not refused:
        wanted = {"request": request.id, "notice": notice}
        await tasks.add_task(ctx.db, ERASE, request.user_id, wanted, ctx.now)
    everyone = await _coordinators(ctx)
    noted = ctx.reply("erasure-noted-refused" if refused else "erasure-noted")
    return [noted, person, await _put_before(ctx, everyone)]


@plugin.timer(REMIND)
async def remind(ctx: TimerContext[NoSettings]) -> Effects:
    """The coordinators are reminded; after a month without an answer the person reads where to turn."""
    request = await erasures.get_erasure(ctx.db, ctx.payload["request"])
    if request is None or request.state != erasures.OPEN:
        return None
    step = ctx.payload["step"]
    again = await _put_before(ctx, await _coordinators(ctx))
    if step + 1 < len(_REMINDED):
        return [again, _wake(ctx, request.id, step + 1, request)]
    message = Message("reply", (says("erase-late", contact=ctx.school.contact),), rings=True)
    return [again, ctx.tell(request.user_id, message, for_act_of=request.user_id)]


async def _coordinators(ctx: Any_) -> list[UserId]:
    """Who answers: those the school names, else who has the power of one in a shared room."""
    found = ctx.coordinators()
    for room in () if found else await ctx.joined_rooms():
        members = [one.user_id for one in await ctx.members(room.id)]
        found += [one for one in members if Role.COORDINATOR in ctx.school.roles(one, room)]
    return list(dict.fromkeys(found))


def _wake(ctx: Any_, id_: str, step: int, request: Row | None = None) -> Wake:
    asked_at = request.asked_at if request else ctx.now
    return ctx.wake(REMIND, asked_at + _REMINDED[step], payload={"request": id_, "step": step})
