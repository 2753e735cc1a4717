"""Secret menus: what is chosen stands only where its plugin puts it; each item has its own menu."""

from __future__ import annotations

from datetime import time, timedelta

from coedu_bot.api import Choice, Menu, Post, Redact, Scrub
from coedu_bot.message import Message, Written
from coedu_bot.school.hours import QUIET, quiet_setting
from coedu_bot.school.quiet_hours import QuietHours
from coedu_bot.store import outbox, people
from coedu_bot.store.menus import get_menu
from tests.unit.dispatch.test_menus import BENALI, DURAND, Shop, put, shop

__all__ = ["shop"]


def secret(item: str = "P1", **more: object) -> Menu:
    choices = [Choice("1", "oui"), Choice("2", "non")]
    return Menu(
        person=BENALI,
        name="secret",
        question=Written("?"),
        choices=choices,
        item=item,
        **more,  # type: ignore[arg-type]
    )


async def test_nothing_is_kept_of_a_secret_choice(shop: Shop) -> None:
    await put(shop.bot, secret())
    ref = shop.room.menu.coedu["ref"]
    await shop.room.vote(BENALI, "non")
    assert shop.values == ["2"]
    async with shop.bot.database.reading() as db:
        menu = await get_menu(db, ref)
    assert menu is not None
    assert (menu.state, menu.chosen) == ("chosen", None)


async def test_menus_of_two_items_stand_beside_each_other_and_a_reply_means_its_own(shop: Shop) -> None:
    await put(
        shop.bot, [Post(person=BENALI, message=Message("ballot", (Written("P1"),)), item="P1"), secret()]
    )
    first = shop.room.last
    await put(shop.bot, secret("P2"))
    assert len(shop.room.polls) == 2
    await shop.room.say(BENALI, "1", reply_to=first.event_id)
    assert [ctx.item for ctx in shop.chosen] == ["P1"]


async def test_a_menu_that_waits_comes_when_the_night_is_over(shop: Shop) -> None:
    async with shop.bot.database.transaction() as db:
        await people.mark_setting(db, BENALI, QUIET, quiet_setting(QuietHours(time(20), time(7))))
    shop.bot.clock.advance(timedelta(hours=14))  # 21:40
    await put(shop.bot, secret(waits=True))
    assert shop.room.polls == []
    await shop.bot.later(hours=10)
    assert len(shop.room.polls) == 1


async def test_of_a_message_that_is_forgotten_only_its_place_is_kept(shop: Shop) -> None:
    post = Post(person=DURAND, message=Message("receipt", (Written("K7Q-4RM"),)))
    await put(shop.bot, post)
    await put(shop.bot, [Redact(of=post.ref, forget=True), Scrub()])
    room = shop.bot.direct_of(DURAND)
    assert room is not None
    assert room.shown == []
    async with shop.bot.database.reading() as db:
        row = await outbox.get_row(db, post.ref)
    assert row is not None
    assert (row.content["body"], row.content["org.coedu"]["ref"]) == ("…", post.ref)
