"""`suspendre`: a guardian who may know nothing any more, at once and without a word to anybody else."""

from __future__ import annotations

from coedu_bot.core.naming import mentioned
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.delivery import tasks
from coedu_bot.dispatch.refusal import Refusal
from coedu_bot.dispatch.suspending import ENFORCE
from coedu_bot.effects import Effects
from coedu_bot.events import UserId
from coedu_bot.language.words import fold
from coedu_bot.message import Message, says
from coedu_bot.school.families import Guardian
from coedu_bot.store import suspensions


@plugin.command("suspend <who...>", needs="guardian.suspend", private=True)
async def suspend(ctx: Ctx, who: str) -> Effects:
    """Take a guardian out of the rooms, and write to them no more; the other parent is not told."""
    guardian = _named(ctx, who)
    assert guardian.id is not None
    if not await suspensions.add_suspension(ctx.db, guardian.id, ctx.actor.id, ctx.now):
        raise Refusal("suspended-already", name=guardian.name, example="")
    await tasks.add_task(ctx.db, ENFORCE, guardian.id, {}, ctx.now)
    return ctx.answer_privately(Message("reply", (says("suspended", name=guardian.name),)))


@plugin.command("reinstate <who...>", needs="guardian.suspend", private=True)
async def reinstate(ctx: Ctx, who: str) -> Effects:
    """What the configuration says of a guardian counts again."""
    guardian = _named(ctx, who)
    assert guardian.id is not None
    if not await end_suspension(ctx, guardian.id, frozen=False):
        raise Refusal("not-suspended", name=guardian.name, example="")
    return ctx.answer_privately(Message("reply", (says("reinstated", name=guardian.name),)))


async def end_suspension(ctx: Ctx, user: UserId, *, frozen: bool) -> bool:
    """What the configuration says counts again, and the rooms they were in are theirs; False if it did."""
    row = await suspensions.get_suspension(ctx.db, user)
    if row is None or row.frozen is not frozen:
        return False
    await suspensions.remove_suspension(ctx.db, user)
    await tasks.add_task(ctx.db, ENFORCE, user, {"rooms": row.rooms or []}, ctx.now)
    return True


def _named(ctx: Ctx, who: str) -> Guardian:
    """The one guardian of this mention, Matrix ID or name; raises Refusal where there is none, or several."""
    wanted, pill = fold(who).strip(), mentioned(ctx)
    everyone = [one for one in ctx.school.families.guardians.values() if one.id]
    found = [one for one in everyone if one.id == pill] or [
        one for one in everyone if wanted in (fold(one.id or ""), fold(one.name).strip())
    ]
    if len(found) != 1:
        raise Refusal("guardian-unknown" if not found else "guardian-several", typed=who)
    return found[0]
