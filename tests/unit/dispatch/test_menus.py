"""Menus: a native poll in the direct room, answered by a vote, a number or the words, exactly once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from coedu_bot.api import Choice, CloseMenus, Effects, Menu, MenuContext, NoSettings, Plugin, Refusal, says
from coedu_bot.delivery.outbox import Cause
from coedu_bot.events import EventId, PollAnswered
from coedu_bot.message import Written
from coedu_bot.store import people
from coedu_bot.testing import FakeBot, FakeRoom, Shown

DURAND, BENALI = "@durand:test", "@benali:test"
FRUITS = ("Pomme", "Poire", "Cerise")


def shop_plugin() -> tuple[Plugin, list[MenuContext[NoSettings]]]:
    """A plugin with a menu, and what was chosen from it."""
    plugin = Plugin("shop", package="plugins.announcements")
    chosen: list[MenuContext[NoSettings]] = []

    @plugin.menu("fruit")
    async def choose(ctx: MenuContext[NoSettings], choice: str) -> Effects:
        chosen.append(ctx)
        if choice == "v3":
            raise Refusal("item-unknown", item="F3")
        return ctx.reply("pong")

    @plugin.menu("secret", secret=True)
    async def whisper(ctx: MenuContext[NoSettings], choice: str) -> Effects:
        chosen.append(ctx)

    return plugin, chosen


class Shop:
    """A bot with that plugin, and the direct room of Mme Benali."""

    def __init__(self, bot: FakeBot, room: FakeRoom, chosen: list[MenuContext[NoSettings]]) -> None:
        self.bot, self.room, self.chosen = bot, room, chosen

    @property
    def values(self) -> list[str]:
        return [ctx.choice for ctx in self.chosen]

    async def offer(self, **changes: Any) -> Shown:
        choices = [Choice(f"v{n}", label) for n, label in enumerate(changes.pop("labels", FRUITS), start=1)]
        menu = Menu(
            **{"person": BENALI, "name": "fruit", "question": Written("Quel fruit ?"), "choices": choices}
            | {"item": "F1", "payload": {"basket": 2}}
            | changes
        )
        await put(self.bot, menu)
        return self.room.menu


async def put(bot: FakeBot, effect: Any) -> None:
    async with bot.database.transaction() as db:
        await bot.bot.dispatcher.desk.outbox.put(db, effect, Cause("shop", DURAND, bot.clock.now()))
    await bot.settle()


@pytest.fixture
async def shop() -> AsyncIterator[Shop]:
    plugin, chosen = shop_plugin()
    async with FakeBot.with_plugins(extra={"shop": plugin}) as bot:
        yield Shop(bot, await bot.direct(BENALI), chosen)


async def test_a_menu_is_a_native_poll_in_stable_order_with_a_numbered_text(shop: Shop) -> None:
    shown = await shop.offer()
    text = "Quel fruit ?\n1. Pomme\n2. Poire\n3. Cerise"
    ref = shown.coedu["ref"]
    assert shown.content == {
        "org.matrix.msc1767.text": text,
        "body": text,
        "org.matrix.msc3381.poll.start": {
            "kind": "org.matrix.msc3381.poll.disclosed",
            "max_selections": 1,
            "question": {
                "org.matrix.msc1767.text": "Quel fruit ?", "body": "Quel fruit ?", "msgtype": "m.text"
            },
            "answers": [
                {"id": "1", "org.matrix.msc1767.text": "Pomme"},
                {"id": "2", "org.matrix.msc1767.text": "Poire"},
                {"id": "3", "org.matrix.msc1767.text": "Cerise"},
            ],
        },
        "m.mentions": {},
        "org.coedu": {"kind": "menu", "id": "F1", "lang": "fr", "v": 1, "ref": ref},
    }  # fmt: skip


async def test_a_vote_chooses_and_the_menu_is_taken_away(shop: Shop) -> None:
    await shop.offer()
    await shop.room.vote(BENALI, "Poire")
    (ctx,) = shop.chosen
    assert (ctx.choice, ctx.words, ctx.item, ctx.payload) == ("v2", "Poire", "F1", {"basket": 2})
    assert (ctx.actor.id, ctx.room.id, ctx.voted_at) == (BENALI, shop.room.id, shop.bot.clock.now())
    assert shop.room.polls == []
    assert shop.room.last.body == "Je suis là."


@pytest.mark.parametrize("typed", ["2", "٢", "2.", " 2) ", "poire", "POIRE !", "２"])
async def test_number_or_words_choose_too(shop: Shop, typed: str) -> None:
    await shop.offer()
    await shop.room.say(BENALI, typed)
    assert shop.values == ["v2"]
    assert shop.room.last.answers is not None


async def test_yes_and_no_are_also_a_tap_each_and_only_the_persons_own_counts(shop: Shop) -> None:
    choices = [Choice(value, f"choice {value}") for value in ("yes", "no")]
    menu = await shop.offer(choices=choices)
    assert list(menu.reactions) == ["✅", "❌"]
    await shop.room.tap(DURAND, menu, "✅")
    assert shop.values == []
    await shop.room.tap(BENALI, menu, "❌")
    assert shop.values == ["no"]
    await shop.room.tap(BENALI, menu, "✅")
    assert shop.values == ["no"]
    assert not (await shop.offer()).reactions


async def test_a_reply_chooses_from_the_menu_it_answers(shop: Shop) -> None:
    first = await shop.offer()
    await put(shop.bot, menu_named("other"))
    await shop.room.say(BENALI, "1", reply_to=first.event_id)
    assert shop.values == ["v1"]


def menu_named(name: str, person: str = BENALI) -> Menu:
    return Menu(person=person, name=name, question=Written("?"), choices=[Choice("x", "Autre")])


@pytest.mark.parametrize("typed", ["4", "0", "12 personnes", "pom", "bonjour"])
async def test_what_is_no_entry_chooses_nothing(shop: Shop, typed: str) -> None:
    await shop.offer()
    await shop.room.say(BENALI, typed)
    assert shop.values == []
    assert len(shop.room.polls) == 1


async def test_voting_twice_counts_once_and_is_answered_kindly(shop: Shop) -> None:
    shown = await shop.offer()
    await shop.room.vote(BENALI, "Poire")
    await shop.room.vote(BENALI, "Pomme", shown)
    assert shop.values == ["v2"]
    assert "Poire" in shop.room.last.body


async def test_the_same_vote_delivered_twice_has_one_effect_and_one_answer(shop: Shop) -> None:
    shown = await shop.offer()
    event = vote_event(shop, shown.event_id)
    await shop.bot.arrive(event)
    await shop.bot.arrive(event)
    assert shop.values == ["v2"]
    assert len(shop.room.shown) == 1


def vote_event(shop: Shop, target: EventId, sender: str = BENALI) -> PollAnswered:
    return PollAnswered(
        event_id="$vote",
        room_id=shop.room.id,
        sender=sender,
        sent_at=shop.bot.clock.now(),
        target=target,
        answers=("2",),
    )


async def test_a_kill_before_the_commit_leaves_the_menu_open_and_the_vote_counts_after(shop: Shop) -> None:
    shown = await shop.offer()
    desk = shop.bot.bot.dispatcher.desk
    handler = desk.registry.plugins["shop"].menus["fruit"]

    class KilledError(BaseException):
        """Not an error anything may catch."""

    async def killed(*args: Any) -> None:
        raise KilledError

    desk.registry.plugins["shop"].menus["fruit"] = killed
    with pytest.raises(KilledError):
        await shop.bot.arrive(vote_event(shop, shown.event_id))
    desk.registry.plugins["shop"].menus["fruit"] = handler
    shop.bot.restart()
    await shop.bot.arrive(vote_event(shop, shown.event_id))
    assert shop.values == ["v2"]
    assert shop.room.polls == []


async def test_nobody_elses_vote_counts(shop: Shop) -> None:
    shown = await shop.offer()
    await shop.bot.arrive(vote_event(shop, shown.event_id, DURAND))
    assert shop.values == []
    assert len(shop.room.polls) == 1


async def test_only_the_newest_menu_of_a_name_counts(shop: Shop) -> None:
    first = await shop.offer()
    await shop.offer()
    assert len(shop.room.polls) == 1
    await shop.room.vote(BENALI, "Pomme", first)
    assert shop.values == []
    assert "plus ouvert" in shop.room.last.body


async def test_a_refused_choice_leaves_the_menu_open(shop: Shop) -> None:
    await shop.offer()
    await shop.room.vote(BENALI, "Cerise")
    assert shop.room.last.kind == "error"
    await shop.room.vote(BENALI, "Pomme")
    assert shop.values == ["v3", "v1"]


async def test_a_long_menu_has_pages_of_nineteen_and_more(shop: Shop) -> None:
    labels = tuple(f"Créneau {number}" for number in range(1, 41))
    await shop.offer(labels=labels)
    assert list(shop.room.menu.choices) == [*labels[:19], "autres choix…"]
    await shop.room.vote(BENALI, "autres choix…")
    assert list(shop.room.menu.choices) == [*labels[19:38], "autres choix…"]
    await shop.room.say(BENALI, "Autres choix")
    assert list(shop.room.menu.choices) == [*labels[38:], "autres choix…"]
    await shop.room.vote(BENALI, "autres choix…")
    assert list(shop.room.menu.choices) == [*labels[:19], "autres choix…"]
    await shop.room.say(BENALI, "40")
    assert shop.values == ["v40"]
    assert shop.room.polls == []


async def test_twenty_entries_fit_on_one_page(shop: Shop) -> None:
    await shop.offer(labels=tuple(str(number * 100) for number in range(1, 21)))
    assert len(shop.room.menu.choices) == 20
    await shop.room.vote(BENALI, 20)
    assert shop.values == ["v20"]


async def test_a_menu_is_read_and_answered_in_the_persons_language(shop: Shop) -> None:
    async with shop.bot.database.transaction() as db:
        await people.mark_setting(db, BENALI, "language", "ar")
    await shop.offer(labels=(says("choice-yes"), says("choice-no")))
    assert list(shop.room.menu.choices) == ["نعم", "لا"]
    assert shop.room.menu.coedu["lang"] == "ar"
    await shop.room.say(BENALI, "نعم")
    assert shop.values == ["v1"]


async def test_a_menu_for_who_has_no_direct_room_yet_waits_for_them(shop: Shop) -> None:
    shop.bot.people_accept = False
    await put(shop.bot, menu_named("fruit", DURAND))
    room, user = shop.bot.homeserver.invitations.popleft()
    assert user == DURAND
    assert FakeRoom(shop.bot, room).polls == []
    await shop.bot.change_member(room, DURAND, "join")
    assert list(FakeRoom(shop.bot, room).menu.choices) == ["Autre"]


async def test_menus_are_closed_by_name_person_and_item(shop: Shop) -> None:
    await shop.offer()
    await put(shop.bot, CloseMenus(name="fruit", item="F2"))
    assert len(shop.room.polls) == 1
    await put(shop.bot, CloseMenus(name="fruit", person=BENALI, item="F1"))
    assert shop.room.polls == []
    await shop.room.say(BENALI, "1")
    assert shop.values == []
