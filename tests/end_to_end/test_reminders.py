"""Reminders through people's own clients on a real homeserver: typed as people type, the answers read."""

from __future__ import annotations

import signal
from datetime import UTC, datetime, timedelta

from coedu_bot.demo.client import Event, Person, coedu, is_message, plain
from coedu_bot.demo.process import BotProcess
from tests.end_to_end.conftest import World

TUESDAY = datetime(2026, 10, 6, 5, 40, tzinfo=UTC)

FRENCH = {
    "rappel demain 18h apporter le cahier de liaison": "mercredi 7 octobre 2026 à 18 h, demain.",
    "rappel vendredi à 17h30 : réunion en salle 12": "vendredi 9 octobre 2026 à 17 h 30, dans 3 jours.",
    "rappel dans 2 heures appeler la mairie": "mardi 6 octobre 2026 à 9 h 4",
    "rappel tous les lundis à 8h piscine, prévoir le sac": "dès le lundi 12 octobre 2026 à 8 h.",
    "rappel un lundi sur deux à 8h bibliothèque": "dès le lundi 12 octobre 2026 à 8 h.",
    "rappel le 1er de chaque mois à 9h cantine": "dès le dimanche 1er novembre 2026 à 9 h.",
    "rappel la veille de la sortie (9 octobre) à 18h pique-nique": "jeudi 8 octobre 2026 à 18 h",
}
OTHERS = {
    "remind every weekday at 7:45 have you packed?": "2026 à 7 h 45",
    "تذكير غدا الساعة 18:00 إحضار الدفتر": "mercredi 7 octobre 2026 à 18 h, demain.",
}


async def test_the_examples_are_confirmed_in_full_and_one_is_said_and_snoozed(world: World) -> None:
    bot = await started(world)
    durand = await world.person("Mme Durand")
    private = await world.direct(durand)
    for typed, understood in {**FRENCH, **OTHERS}.items():
        event = await durand.say(private, typed)
        told = await durand.sees(lambda e, of=event: answers(e) == of, private)  # type: ignore[misc]
        assert coedu(told)["kind"] == "reminder.set"
        assert told["content"]["msgtype"] == "m.notice"
        assert understood in body(told), typed
    await durand.say(private, "rappels")
    overview = await durand.sees_message("R9", room=private, kind="reminder.list")
    assert body(overview).index("R3") < body(overview).index("R1")
    await later(bot, hours=2, minutes=30)
    said = await durand.sees_message("appeler la mairie", room=private, kind="reminder")
    assert said["content"]["msgtype"] == "m.text"
    assert "Ce rappel était prévu à 9 h 4" in body(said)
    await durand.tap(private, said["event_id"], "💤")
    await durand.sees_message("Encore à 11 h", room=private, kind="reply")
    await later(bot, hours=1, minutes=1)
    await durand.sees(
        lambda e: is_message(e, "appeler la mairie", kind="reminder") and e["event_id"] != said["event_id"],
        private,
    )


async def test_a_class_is_reminded_once_and_a_redaction_ends_it(world: World) -> None:
    bot = await started(world)
    durand, benali = await world.person("Mme Durand"), await world.person("Mme Benali")
    room = await world.room("6B", durand, benali)
    await durand.say(room, "!rappel dans 2 heures sortir les cahiers")
    ended = await durand.say(room, "!rappel dans 2 heures ceci ne viendra pas")
    confirmed = await benali.sees_message("R1", room=room, kind="reminder.set")
    await benali.sees_message("R2", room=room, kind="reminder.set")
    await benali.tap(room, confirmed["event_id"], "👍")
    await durand.redact(room, ended)
    await benali.sees(lambda e: e["type"] == "m.room.redaction" and e["sender"] == world.bot_id, room)
    private = await private_of(benali)
    await later(bot, hours=2, minutes=1)
    said = await benali.sees_message("sortir les cahiers", room=room, kind="reminder")
    assert "Rappel de Mme Durand" in body(said)
    await benali.sees_message("sortir les cahiers", room=private, kind="reminder")
    assert not [e for e in benali.seen(room) if "ne viendra pas" in body(e) and e["sender"] == world.bot_id]


async def private_of(person: Person) -> str:
    """The room in which the bot writes to them of its own accord, once they have accepted."""
    told = await person.sees_message("vous arrivera aussi ici", kind="reply")
    return str(told["room_id"])


async def started(world: World) -> BotProcess:
    """The bot with reminders, on a Tuesday morning in October 2026."""
    bot = await world.bot(start=False, plugins={"reminders": {}})
    bot.clock_offset = (TUESDAY - datetime.now(UTC)).total_seconds()
    await bot.start()
    return bot


async def later(bot: BotProcess, **by: float) -> None:
    """The bot is stopped, and started again when that much time has passed for it."""
    await bot.end(signal.SIGTERM)
    bot.clock_offset += timedelta(**by).total_seconds()
    await bot.start()


def answers(event: Event) -> str | None:
    """The event that this one answers."""
    relates = event["content"].get("m.relates_to", {})
    answered: str | None = relates.get("m.in_reply_to", {}).get("event_id")
    return answered


def body(event: Event) -> str:
    """The text without no-break spaces and marks of direction."""
    return plain(str(event["content"].get("body", "")))
