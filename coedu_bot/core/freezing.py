"""`gel`: a stolen staff account may do nothing any more, and what it did today can be taken back."""

from __future__ import annotations

from datetime import timedelta

from coedu_bot.context import TapContext
from coedu_bot.core.naming import mentioned, staff_called
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.core.suspending import end_suspension
from coedu_bot.delivery import tasks
from coedu_bot.dispatch.frozen import freeze as freeze_event
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.dispatch.suspending import ENFORCE, KIND, WITHDRAW, list_posts
from coedu_bot.effects import Effects, new_ref
from coedu_bot.events import UserId
from coedu_bot.language.words import fold
from coedu_bot.message import Message, says
from coedu_bot.plugin import NoSettings
from coedu_bot.store import suspensions

YES = "✅"
_TAKEN_BACK = timedelta(hours=24)


@plugin.command("freeze <who...>", needs="staff.freeze", private=True)
async def freeze(ctx: Ctx, who: str) -> Effects:
    """Freeze an account: it may do nothing, what it planned is held, its posts of a day can be withdrawn."""
    (user, name), offer, since = await _named(ctx, who), new_ref(), ctx.now - _TAKEN_BACK
    if not await suspensions.add_suspension(ctx.db, user, ctx.actor.id, ctx.now, frozen=True, offer=offer):
        raise Refusal("frozen-already", name=name, example="")
    await tasks.add_task(ctx.db, ENFORCE, user, {}, ctx.now)
    posts = len(await list_posts(ctx.db, user, since))
    count = posts or len(await suspensions.list_items(ctx.db, user, since))
    more = (says("frozen-posts", count=count, tap=YES),) if count else ()
    message = Message(KIND, (says("frozen", name=name), *more))
    return ctx.answer_privately(message, ref=offer, offers=(YES,) if count else ())


@plugin.command("thaw <who...>", needs="staff.freeze", private=True)
async def thaw(ctx: Ctx, who: str) -> Effects:
    """The account is its owner's again."""
    user, name = await _named(ctx, who)
    if not await end_suspension(ctx, user, frozen=True):
        raise Refusal("not-frozen", name=name, example="")
    return ctx.answer_privately(Message("reply", (says("thawed", name=name),)))


@plugin.tap(YES, on=KIND)
async def withdraw(ctx: TapContext[NoSettings]) -> Effects:
    """Take back what the account posted in the day before it was frozen; once."""
    frozen = await suspensions.get_offered(ctx.db, ctx.ref)
    if frozen is None or ctx.removed or not await ctx.actor_may("staff.freeze"):
        return None
    await suspensions.mark_offer_taken(ctx.db, frozen.user_id)
    since = frozen.suspended_at - _TAKEN_BACK
    wanted = {"event": freeze_event(ctx.event), "since": since.isoformat(), "offer": ctx.ref}
    await tasks.add_task(ctx.db, WITHDRAW, frozen.user_id, wanted, ctx.now)
    return None


async def _named(ctx: Ctx, who: str) -> tuple[UserId, str]:
    """The colleague of this mention, Matrix ID or name; raises Refusal where there is none, or several."""
    wanted = mentioned(ctx) or who.strip()
    words = {fold(wanted), fold(who).strip()}
    found = {one.id for one in ctx.school.people.values() if words & {fold(one.id), fold(one.name).strip()}}
    found = found or await staff_called(ctx, who)
    user = next(iter(found)) if len(found) == 1 else wanted
    if user == ctx.actor.id or not (found or await ctx.is_staff(user)):
        raise Refusal("staff-unknown", typed=who)
    return user, await ctx.name_of(user, ctx.room.id)
