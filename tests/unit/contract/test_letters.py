"""Letters through the bot beside digests and `stop`."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.unit.contract.school import BENALI, COSTA, DURAND, Class, a_class

PRIVATELY = "annonce {0}.\n\npour : 6e B\naccusé : privé"


@pytest.fixture
async def school() -> AsyncIterator[Class]:
    async with a_class() as one:
        await one.parent.say(BENALI, "langue fr")
        yield one


async def test_an_answer_to_a_digest_of_one_author_goes_to_them(school: Class) -> None:
    await school.parent.say(BENALI, "résumé 18h")
    await school.teacher.say(DURAND, PRIVATELY.format("Piscine lundi"))
    await school.teacher.say(DURAND, PRIVATELY.format("Photo mardi"))
    await school.bot.later(hours=11)
    digest = school.parent.last
    assert digest.kind == "digest"
    await school.parent.say(BENALI, "Yanis sera absent.", reply_to=digest.event_id)
    assert "Yanis sera absent." in school.teacher.of_kind("relay")[-1].body
    assert school.parent.polls == []


async def test_who_stopped_reads_the_answer_to_what_they_asked_and_no_other_letter(school: Class) -> None:
    await school.parent.say(BENALI, "stop")
    await school.parent.say(BENALI, "non")
    await school.parent.say(BENALI, "Yanis peut-il venir ?")
    await school.parent.vote(BENALI, "Mme Durand")
    letter = school.teacher.of_kind("relay")[-1]
    await school.teacher.say(DURAND, "Oui, bien sûr.", reply_to=letter.event_id)
    assert "Oui, bien sûr." in school.parent.last.body
    costa = await school.bot.direct(COSTA)
    await costa.say(COSTA, "stop")
    await school.bot.later(hours=25)
    await school.teacher.say(DURAND, "Lina a oublié son sac.")
    choice = next(one for one in school.teacher.menu.choices if one.startswith("M. Costa"))
    await school.teacher.vote(DURAND, choice)
    assert not costa.of_kind("relay")
    assert "ne reçoit plus mes messages" in school.teacher.last.body
