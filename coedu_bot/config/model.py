"""The YAML as pydantic models: every key, its type and its default."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, model_validator

from coedu_bot.language.languages import normalise
from coedu_bot.school.rights import Role

_USER = re.compile(r"@[^:\s]+:[^\s]+")
_DURATION = re.compile(r"(\d{1,5})\s*(s|min|h|d)")
_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}


def _user_id(value: str) -> str:
    if not _USER.fullmatch(value):
        raise ValueError(f'"{value}" is not a Matrix ID; expected for example "@durand:ecole.example"')
    return value


def _zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError(f'"{value}" is not a time zone; expected for example "Europe/Paris"')
    return ZoneInfo(value).key


def _language(value: str) -> str:
    code = normalise(value)
    if code is None:
        raise ValueError(f'"{value}" is not a language; expected for example "fr"')
    return code


def _duration(value: Any) -> Any:
    match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'"{value}" is not a duration; expected for example "2h"')
    return timedelta(seconds=int(match[1]) * _SECONDS[match[2]])


UserId = Annotated[str, AfterValidator(_user_id)]
Zone = Annotated[str, AfterValidator(_zone)]
Language = Annotated[str, AfterValidator(_language)]
Duration = Annotated[timedelta, BeforeValidator(_duration)]
Hour = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]


class Strict(BaseModel, extra="forbid", frozen=True):
    """A key that is not known is an error, not a wish."""


class QuietHours(Strict):
    from_: Hour = Field(alias="from")
    to: Hour
    quiet_weekend: bool = False


class SchoolModel(Strict):
    name: str
    time_zone: Zone = "Europe/Paris"
    language: Language = "fr"
    quiet_hours: QuietHours | None = None
    holidays: str | list[str] = []
    controller: str
    contact: str


class PeopleModel(Strict):
    coordinators: list[UserId] = []
    teachers: list[UserId] = []
    substitutes: list[UserId] = []
    professionals: list[UserId] = []
    names: dict[UserId, str] = {}


class RoomModel(Strict):
    """One room: an existing one by `id` or `alias`, or one to be made."""

    id: Annotated[str, Field(pattern=r"^!\S+$")] | None = None
    alias: Annotated[str, Field(pattern=r"^#[^:\s]+:\S+$")] | None = None
    create: bool = False
    kind: str | None = None
    languages: list[Language] = []
    encrypted: bool | None = None
    translate_messages: bool = False
    external_translation: bool = True

    @model_validator(mode="after")
    def _is_somewhere(self) -> RoomModel:
        if not (self.id or self.alias or self.create):
            raise ValueError("names no room; expected `id:`, `alias:` or `create: true`")
        return self


class ClassModel(Strict):
    name: str = ""
    teachers: list[UserId] = []
    substitutes: list[UserId] = []
    delegates: list[UserId] = []
    languages: list[Language] = []
    families: str | None = None
    rooms: dict[str, RoomModel] = {}
    plugins: dict[str, dict[str, Any]] = {}
    rights: dict[str, list[Role]] = {}


class InvitesModel(Strict):
    from_: list[str] = Field([], alias="from")


class DirectModel(Strict):
    encrypted: bool = True


class WebModel(Strict):
    listen: Annotated[str, Field(pattern=r"^[^:\s]+:\d{1,5}$")] = "127.0.0.1:9080"


class ConfigModel(Strict):
    """The whole file."""

    homeserver: Annotated[str, Field(pattern=r"^https?://\S+$")]
    user: UserId
    password_file: Path | None = None
    access_token_file: Path | None = None
    recovery_key_file: Path | None = None
    data: Path = Path("data")
    database: Annotated[str, Field(pattern=r"^(sqlite|postgresql://\S+)$")] = "sqlite"
    prefix: Annotated[str, Field(min_length=1, max_length=5, pattern=r"^\S+$")] = "!"
    school: SchoolModel
    people: PeopleModel | str = PeopleModel()
    rights: dict[str, list[Role]] = {}
    classes: dict[str, ClassModel] = {}
    rooms: dict[str, RoomModel] = {}
    plugins: dict[str, dict[str, Any] | None] = {}
    invites: InvitesModel = InvitesModel(**{"from": []})
    bots: list[UserId] = []
    stale_after: Duration = timedelta(hours=2)
    plugin_path: list[Path] = []
    direct: DirectModel = DirectModel()
    web: WebModel = WebModel()
    reviewers: dict[Language, list[UserId]] = {}
