"""What every event of the bot carries, by the lines of the contract."""

from __future__ import annotations

from coedu_bot.testing.bot import BOT
from coedu_bot.testing.homeserver import SentEvent
from tests.unit.contract.school import BENALI, COSTA, DURAND, Class, a_class

CONTENT = {"m.room.message", "m.reaction", "org.matrix.msc3381.poll.start", "org.matrix.msc3381.poll.end"}


def sent(school: Class) -> list[SentEvent]:
    """All that the bot sent into any room, as it was before anything was taken away."""
    rooms = school.bot.homeserver.rooms.values()
    events = [event for room in rooms for event in room.timeline if event.sender == BOT]
    return [event for event in events if event.type in CONTENT and not event.redacted]


async def busy(school: Class) -> None:
    """A day with most of what the bot says."""
    await school.room.say(DURAND, "!annonce Sortie vendredi")
    post = school.room.last
    await school.room.tap(COSTA, post)
    await school.room.say(DURAND, "!sondage Quel jour ? | lundi | mardi")
    await school.room.say(COSTA, "!annonce Non")
    await school.room.say(COSTA, "!anonce Non")
    await school.room.say(DURAND, "!aide")
    await school.room.say(DURAND, "!suivi A1")
    await school.room.say(DURAND, "!annonce")
    await school.parent.say(BENALI, "Bonjour")
    await school.parent.vote(BENALI, "Mme Durand")
    await school.parent.say(BENALI, "langue")
    await school.teacher.say(DURAND, "annuler")
    await school.teacher.say(DURAND, "fin P1")


async def test_every_event_says_what_it_is_and_whom_it_addresses() -> None:
    async with a_class() as school:
        await busy(school)
        events = sent(school)
        assert {event.type for event in events} == CONTENT
        for event in events:
            assert {"kind", "lang", "v", "ref"} <= event.content["org.coedu"].keys(), event
            assert event.content["m.mentions"] == {}, event


async def test_every_message_is_plain_and_html_and_only_what_must_ring_rings() -> None:
    async with a_class() as school:
        await busy(school)
        messages = [event for event in sent(school) if event.type == "m.room.message"]
        assert all(event.content["body"] and event.content["formatted_body"] for event in messages)
        ringing = {
            event.content["org.coedu"]["kind"] for event in messages if event.content["msgtype"] == "m.text"
        }
        quiet = {
            event.content["org.coedu"]["kind"] for event in messages if event.content["msgtype"] == "m.notice"
        }
        assert {"announcement", "announcement.copy", "dialogue", "relay", "poll"} <= ringing
        assert {"reply", "error", "help", "sent-privately", "announcement.receipts"} <= quiet
        assert not ringing & {"reply", "error", "help", "sent-privately"}
