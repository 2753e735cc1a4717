"""`gel`: a stolen staff account may do nothing any more, and what it did today can be taken back."""

from __future__ import annotations

from datetime import timedelta

from coedu_bot.context import TapContext
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.delivery import tasks
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.dispatch.suspending import ENFORCE
from coedu_bot.effects import Edit, Effects, Redact, new_ref
from coedu_bot.language.words import fold
from coedu_bot.message import Message, says
from coedu_bot.plugin import NoSettings
from coedu_bot.school.person import Person
from coedu_bot.store import suspensions

KIND = "freeze"
YES = "✅"
_TAKEN_BACK = timedelta(hours=24)


@plugin.command("freeze <who...>", needs="staff.freeze", private=True)
async def freeze(ctx: Ctx, who: str) -> Effects:
    """Freeze an account: it may do nothing, what it planned is held, its posts of a day can be withdrawn."""
    person, offer = _named(ctx, who), new_ref()
    if not await suspensions.add_suspension(ctx.db, person.id, ctx.actor.id, ctx.now, offer):
        raise Refusal("frozen-already", name=person.name or person.id, example="")
    await tasks.add_task(ctx.db, ENFORCE, person.id, {}, ctx.now)
    posts = await suspensions.list_posts(ctx.db, person.id, ctx.now - _TAKEN_BACK)
    more = (says("frozen-posts", count=len(posts), tap=YES),) if posts else ()
    message = Message(KIND, (says("frozen", name=person.name or person.id), *more))
    return ctx.answer_privately(message, ref=offer, offers=(YES,) if posts else ())


@plugin.command("thaw <who...>", needs="staff.freeze", private=True)
async def thaw(ctx: Ctx, who: str) -> Effects:
    """The account is its owner's again."""
    person = _named(ctx, who)
    if not await suspensions.remove_suspension(ctx.db, person.id):
        raise Refusal("not-frozen", name=person.name or person.id, example="")
    await tasks.add_task(ctx.db, ENFORCE, person.id, {}, ctx.now)
    return ctx.answer_privately(Message("reply", (says("thawed", name=person.name or person.id),)))


@plugin.tap(YES, on=KIND)
async def withdraw(ctx: TapContext[NoSettings]) -> Effects:
    """Take back what the account posted in the day before it was frozen."""
    frozen = await suspensions.get_offered(ctx.db, ctx.ref)
    if frozen is None or ctx.removed or not await ctx.actor_may("staff.freeze"):
        return None
    posts = await suspensions.list_posts(ctx.db, frozen.user_id, frozen.suspended_at - _TAKEN_BACK)
    told = Edit(of=ctx.ref, message=Message(KIND, (says("frozen-withdrawn", count=len(posts)),)))
    return [[Redact(of=ref) for ref in posts], told]


def _named(ctx: Ctx, who: str) -> Person:
    """The member of staff of this Matrix ID or name; raises Refusal where there is none, or several."""
    wanted = fold(who).strip()
    found = [one for one in ctx.school.people.values() if wanted in (fold(one.id), fold(one.name).strip())]
    if len(found) != 1 or found[0].id == ctx.actor.id:
        raise Refusal("staff-unknown", typed=who)
    return found[0]
