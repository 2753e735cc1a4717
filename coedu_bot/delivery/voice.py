"""Which languages a message is said in, and its Matrix content in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from coedu_bot.current import Current
from coedu_bot.delivery import polls
from coedu_bot.delivery.readers import Readers
from coedu_bot.effects import Edit, EndPoll, Post
from coedu_bot.events import UserId
from coedu_bot.language.catalog import Catalog
from coedu_bot.language.render import content, plain_text, render
from coedu_bot.language.texts import Texts
from coedu_bot.message import Block, Message, Says
from coedu_bot.rooms import Room
from coedu_bot.school.hours import ZONE
from coedu_bot.school.school import School
from coedu_bot.store import people
from coedu_bot.store.database import Transaction


@dataclass(frozen=True, slots=True)
class Voice:
    """Turns messages into Matrix content in the languages of who will read them."""

    catalog: Catalog
    current: Current

    @property
    def school(self) -> School:
        return self.current.school

    def texts(self, language: str, zone: ZoneInfo | None = None) -> Texts:
        return Texts(self.catalog, language, zone or ZoneInfo(self.school.zone))

    def zone_in(self, settings: Mapping[str, Any]) -> ZoneInfo:
        """Whose wall clock times are said on, by the settings of the person or room that will read them."""
        return ZoneInfo(settings.get(ZONE) or self.school.zone)

    async def languages(
        self, readers: Readers, message: Message, room: Room | None, person: UserId | None
    ) -> list[str]:
        """A person's own language in private; in a room all of its languages for what rings, else one."""
        if message.language:
            return [message.language]
        reader = person or (room.direct if room else None)
        if reader is not None:
            return [self._language(reader, (await readers.settings(reader)).get("language"))]
        spoken = list(room.languages or self.school.languages_of(room)) if room else [self.school.language]
        return spoken if message.rings else spoken[:1]

    async def language_of(self, db: Transaction, user: UserId) -> str:
        """The language a person is spoken to in: chosen by chat, else the YAML's, else the school's."""
        return self._language(user, await people.get_setting(db, user, "language"))

    def _language(self, user: UserId, chosen: object) -> str:
        known = self.school.person(user)
        return str(chosen or (known and known.language) or self.school.language)

    def plain(self, blocks: Sequence[Block], language: str, zone: ZoneInfo | None = None) -> str:
        """Blocks without any markup, for places that show none."""
        return render(Message("", tuple(blocks)), [self.texts(language, zone)]).body

    def label(self, label: Says | str, language: str, zone: ZoneInfo | None = None) -> str:
        """One line without any markup; people's own words stay as they are."""
        return label if isinstance(label, str) else plain_text(label, self.texts(language, zone))

    def content(
        self, effect: Post | Edit, languages: list[str], *, item: str | None, zone: ZoneInfo | None = None
    ) -> dict[str, Any]:
        """The event content, with `org.coedu` as the contract has it."""
        message = effect.message
        coedu = self._coedu(effect, languages, item, v=effect.version)
        if isinstance(effect, Post) and effect.poll is not None:
            texts = self.texts(languages[0], zone)
            fallback = render(message, [texts]).body
            started = polls.start_content(effect.poll, lambda says: plain_text(says, texts), fallback)
            return {**started, "org.coedu": coedu}
        rendered = render(message, [self.texts(language, zone) for language in languages])
        return content(rendered, message, coedu=coedu)

    def end_of_poll(self, end: EndPoll, languages: list[str], *, item: str | None) -> dict[str, Any]:
        """The content of a native poll's end, but for what it refers to."""
        text = render(end.message, [self.texts(languages[0])]).body
        return {**polls.end_content(text), "org.coedu": self._coedu(end, languages, item, v=1)}

    def _coedu(
        self, effect: Post | Edit | EndPoll, languages: list[str], item: str | None, *, v: int
    ) -> dict[str, Any]:
        named = {} if item is None else {"id": item}
        return {"kind": effect.message.kind, "lang": languages[0], "v": v, "ref": effect.ref, **named}
