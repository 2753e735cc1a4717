"""A stolen staff account: it may do nothing, what it planned is held, what it posted can be taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import pytest

from coedu_bot.school.person import Person
from coedu_bot.school.rights import Role
from coedu_bot.testing import FakeBot, FakeRoom
from tests.plugins.announcements import a_school
from tests.plugins.announcements.a_school import DURAND, HEAD, LEROY, YILMAZ


@pytest.fixture
async def bot() -> AsyncIterator[FakeBot]:
    head = frozenset({Role.COORDINATOR})
    people = {
        DURAND: Person(DURAND, "Mme Durand"),
        LEROY: Person(LEROY, "M. Leroy"),
        HEAD: Person(HEAD, "M. Martin", roles=head),
    }
    async with FakeBot.with_plugins("announcements", **a_school.school(people=people)) as bot:
        yield bot


@pytest.fixture
async def rooms(bot: FakeBot) -> Mapping[str, FakeRoom]:
    return await a_school.open_rooms(bot)


@pytest.fixture
async def stolen(bot: FakeBot, rooms: Mapping[str, FakeRoom]) -> FakeRoom:
    """Mme Durand's direct room, used by somebody else."""
    return await bot.direct(DURAND)


@pytest.fixture
async def office(bot: FakeBot, stolen: FakeRoom) -> FakeRoom:
    return await bot.direct(HEAD)


async def test_a_frozen_account_may_do_nothing(
    stolen: FakeRoom, office: FakeRoom, rooms: Mapping[str, FakeRoom]
) -> None:
    await office.say(HEAD, "gel Mme Durand")
    assert office.last.body == (
        "Le compte de Mme Durand est gelé\u00a0: il ne peut plus rien, et ce qu’il a programmé est retenu."
    )
    await stolen.say(DURAND, "annonce Cliquez ici. pour=6B")
    assert not rooms["6B"].shown


async def test_its_posts_of_a_day_are_taken_back_with_one_tap_of_a_coordinator(
    bot: FakeBot, stolen: FakeRoom, office: FakeRoom, rooms: Mapping[str, FakeRoom]
) -> None:
    await stolen.say(DURAND, "annonce Hier. pour=6B")
    await bot.later(hours=30)
    await stolen.say(DURAND, "annonce Cliquez ici. pour=6B")
    yilmaz = bot.direct_of(YILMAZ)
    assert yilmaz is not None
    await office.say(HEAD, f"gel {DURAND}")
    offer = office.last
    assert list(offer.reactions) == ["✅"]
    await stolen.tap(DURAND, offer)
    assert len(rooms["6B"].of_kind("announcement")) == 2
    await office.tap(HEAD, offer)
    assert [one.body.split("\n")[0] for one in rooms["6B"].of_kind("announcement")] == ["Hier."]
    assert len(yilmaz.of_kind("announcement.copy")) == 1


async def test_what_it_planned_is_held_until_it_is_given_back(
    bot: FakeBot, stolen: FakeRoom, office: FakeRoom, rooms: Mapping[str, FakeRoom]
) -> None:
    await stolen.say(DURAND, "annonce Cliquez ici.\n\npour : 6B\nenvoyer : demain 8h")
    await office.say(HEAD, f"gel {DURAND}")
    await bot.later(hours=48)
    assert not rooms["6B"].shown
    await office.say(HEAD, f"dégel {DURAND}")
    await bot.later(hours=1)
    assert rooms["6B"].of_kind("announcement")


@pytest.mark.parametrize("who", ["M. Personne", HEAD, YILMAZ])
async def test_who_is_no_colleague_cannot_be_frozen(office: FakeRoom, who: str) -> None:
    await office.say(HEAD, f"!gel {who}")
    assert office.last.kind == "error"


async def test_only_coordinators_may_freeze(bot: FakeBot, stolen: FakeRoom) -> None:
    await stolen.say(DURAND, f"!gel {LEROY}")
    assert stolen.last.kind == "error"
