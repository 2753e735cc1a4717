"""`moi`: who one is here, and what one may."""

from __future__ import annotations

from coedu_bot.core.help import allowed_lines
from coedu_bot.core.registration import Ctx, plugin
from coedu_bot.dispatch.relaying import children_of
from coedu_bot.effects import Effects
from coedu_bot.language.languages import LANGUAGES
from coedu_bot.message import Block, Bullets, Message, Says, says
from coedu_bot.school.families import Entitlement
from coedu_bot.school.rights import Role


@plugin.command("me", private=True)
async def me(ctx: Ctx) -> Effects:
    """Show a person what the school knows them as, and what they may do."""
    blocks: list[Block] = [Bullets(tuple(await _who(ctx)))]
    blocks += [says("help-title"), Bullets(tuple(await allowed_lines(ctx)))]
    return ctx.answer_privately(Message("reply", tuple(blocks)))


async def _who(ctx: Ctx) -> list[Says]:
    rooms = await ctx.rooms_of(ctx.actor.id)
    roles = {role for room in (*rooms, ctx.room) for role in ctx.school.roles(ctx.actor.id, room)}
    shown = [role for role in Role if role in roles - {Role.MEMBER}] or [Role.MEMBER]
    known = LANGUAGES.get(ctx.actor.language)
    return [
        says("me-name", name=ctx.actor.name, roles=[says(f"role-{role}") for role in shown]),
        *_children(ctx),
        *([says("me-rooms", rooms=[ctx.label(room) for room in rooms])] if rooms else []),
        says("me-language", language=known.autonym if known else ctx.actor.language),
    ]


def _children(ctx: Ctx) -> list[Says]:
    children = children_of(ctx, ctx.actor.id)
    if not children:
        return []
    informed_only = ctx.school.families.entitlement(ctx.actor.id) is Entitlement.INFORMATION
    limit = [says("me-informed-only")] if informed_only else []
    return [says("me-children", children=children), *limit]
