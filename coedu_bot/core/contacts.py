"""Whom somebody can write to through the bot: parents their teachers and the school, staff the parents."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from coedu_bot.context import Base, Context
from coedu_bot.dispatch.relaying import STAFF, children_of, is_staff
from coedu_bot.effects import Choice
from coedu_bot.events import UserId
from coedu_bot.message import Code, says
from coedu_bot.school.rights import Role
from coedu_bot.store import relays

SCHOOL = "school"
_LATELY = timedelta(days=30)


async def choices(ctx: Context[Any]) -> list[Choice]:
    """The entries of the menu, whom they wrote with lately first; empty where there is nobody."""
    if await is_staff(ctx, ctx.actor.id):
        return [Choice(one, await _parent(ctx, one)) for one in await _parents(ctx)]
    teachers = [Choice(one, await ctx.name_of(one, ctx.room.id)) for one in await _teachers(ctx)]
    return [*teachers, *([Choice(SCHOOL, says("relay-school"))] if await coordinators(ctx) else [])]


async def coordinators(ctx: Context[Any]) -> list[UserId]:
    """Who reads what is written to the school."""
    named = ctx.coordinators()
    return named or await _members(ctx, frozenset({Role.COORDINATOR}))


def help_word(ctx: Base[Any]) -> Code:
    return Code(ctx.word("help", ctx.school.language))


async def _teachers(ctx: Context[Any]) -> list[UserId]:
    """Of the children's classes and of the rooms the person is in; a substitute in the teacher's place."""
    of_classes = [
        teacher
        for class_id in sorted(ctx.school.families.classes_of(ctx.actor.id))
        if class_id in ctx.school.classes
        for teacher in sorted(ctx.school.classes[class_id].teachers)
    ]
    here = await _members(ctx, STAFF - {Role.COORDINATOR})
    present = [ctx.responsible_for(one) for one in (*of_classes, *here)]
    out_of_reach = {ctx.actor.id, *ctx.school.frozen}
    return await _lately_first(ctx, [one for one in dict.fromkeys(present) if one not in out_of_reach])


async def _parents(ctx: Context[Any]) -> list[UserId]:
    """Those of the classes that somebody teaches, and of the rooms they are in."""
    families = ctx.school.families
    mine = {id_ for id_, class_ in ctx.school.classes.items() if class_.roles_of(ctx.actor.id) & STAFF}
    listed = [guardian.id for home in families.households(mine) for guardian in home.guardians if guardian.id]
    here = await _members(ctx, frozenset({Role.GUARDIAN}))
    everyone = [one for one in dict.fromkeys((*listed, *here)) if not await is_staff(ctx, one)]
    return await _lately_first(ctx, everyone)


async def _parent(ctx: Context[Any], user: UserId) -> str:
    name = await ctx.name_of(user, ctx.room.id)
    children = " · ".join(children_of(ctx, user))
    return f"{name} ({children})" if children else name


async def _members(ctx: Context[Any], roles: frozenset[Role]) -> list[UserId]:
    """Members of the rooms that the person is in, who have one of these roles there."""
    found: list[UserId] = []
    for room in await ctx.rooms_of(ctx.actor.id):
        members = await ctx.members(room.id)
        found += [one.user_id for one in members if ctx.school.roles(one.user_id, room) & roles]
    return [one for one in dict.fromkeys(found) if one != ctx.actor.id]


async def _lately_first(ctx: Context[Any], users: list[UserId]) -> list[UserId]:
    lately = await relays.list_partners(ctx.db, ctx.actor.id, ctx.now - _LATELY)
    return [one for one in lately if one in users] + [one for one in users if one not in lately]
