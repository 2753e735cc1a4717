"""The YAML as pydantic models: every key, its type and its default."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any

from pydantic import AliasChoices, BaseModel, Field, model_validator

from coedu_bot.config.values import Day, Duration, Feature, FileName, Hour, Language, RoomAlias, UserId, Zone
from coedu_bot.school.keeping import Keeping
from coedu_bot.school.rights import Role

RoleRights = dict[str, list[Role]]


class Strict(BaseModel, extra="forbid", frozen=True):
    """A key that is not known is an error, not a wish."""


class QuietHoursModel(Strict):
    from_: Hour = Field(alias="from")
    to: Hour
    quiet_weekend: bool = False


class SchoolModel(Strict):
    name: Annotated[str, Field(min_length=1)]
    time_zone: Zone = "Europe/Paris"
    language: Language = "fr"
    quiet_hours: QuietHoursModel | None = None
    holidays: str | list[str | date] = []
    week_a: Day | None = None
    controller: Annotated[str, Field(min_length=1)]
    contact: Annotated[str, Field(min_length=1)]


class PersonModel(Strict):
    """One person of the staff, where there is more to say than the role."""

    name: str = ""
    language: Language | None = None
    replaces: UserId | None = Field(None, validation_alias=AliasChoices("remplace", "replaces"))
    until: Day | None = Field(None, validation_alias=AliasChoices("jusqu'au", "until"))


class PeopleModel(Strict):
    """Who works at the school; `persons` holds what stands under a Matrix ID."""

    coordinators: list[UserId] = []
    teachers: list[UserId] = []
    substitutes: list[UserId] = []
    professionals: list[UserId] = []
    names: dict[UserId, str] = {}
    persons: dict[UserId, PersonModel] = {}

    @model_validator(mode="before")
    @classmethod
    def _persons_apart(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        persons = {key: _plain_quotes(value) for key, value in values.items() if key.startswith("@")}
        others = {key: value for key, value in values.items() if not key.startswith("@")}
        return {**others, "persons": persons} if persons else others


def _plain_quotes(value: Any) -> Any:
    return {k.replace("’", "'"): v for k, v in value.items()} if isinstance(value, dict) else value


class RoomModel(Strict):
    """One room: an existing one by `id` or `alias`, or one to be made."""

    id: Annotated[str, Field(pattern=r"^!\S+$")] | None = None
    alias: RoomAlias | None = None
    create: bool = False
    kind: str | None = None
    name: str = ""
    topic: str = ""
    avatar: FileName | None = None
    history: Annotated[str, Field(pattern="^(joined|invited|shared)$")] = "joined"
    languages: list[Language] = []
    encrypted: bool | None = None
    translate_messages: bool = False
    external_translation: bool = True
    plugins: dict[str, Feature] = {}
    rights: RoleRights = {}

    @model_validator(mode="before")
    @classmethod
    def _is_quoted(cls, values: Any) -> Any:
        if isinstance(values, dict):
            for key in ("id", "alias"):
                if key in values and values[key] is None:
                    raise ValueError(f'{key} is empty; a name that begins with # needs quotes: {key}: "#…"')
        return values

    @model_validator(mode="after")
    def _is_somewhere(self) -> RoomModel:
        if not (self.id or self.alias or self.create):
            raise ValueError("names no room; expected `id:`, `alias:` or `create: true`")
        if self.id and self.create:
            raise ValueError("has both `id:` and `create: true`; a room with an id is there already")
        return self


class ClassModel(Strict):
    name: str = ""
    teachers: list[UserId] = []
    substitutes: list[UserId] = []
    professionals: list[UserId] = []
    delegates: list[UserId] = []
    teaches_own_child: list[UserId] = []
    languages: list[Language] = []
    families: FileName | None = None
    rooms: dict[str, RoomModel] = {}
    plugins: dict[str, Feature] = {}
    rights: RoleRights = {}


class InvitesModel(Strict):
    from_: list[str] = Field([], alias="from")


class DirectModel(Strict):
    encrypted: bool = True


class KeepModel(Strict):
    messages: Duration = Keeping().messages
    items: Duration = Keeping().items


class EncryptionModel(Strict):
    only_signed_devices: bool = False


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
    room_version: Annotated[str, Field(pattern=r"^\d{1,3}$")] = "12"
    avatar: FileName | None = None
    school: SchoolModel
    people: PeopleModel | FileName = PeopleModel()
    rights: RoleRights = {}
    classes: dict[str, ClassModel] = {}
    rooms: dict[str, RoomModel] = {}
    plugins: dict[str, dict[str, Any] | None] = {}
    invites: InvitesModel = InvitesModel(**{"from": []})
    bots: list[UserId] = []
    keep: KeepModel = KeepModel()
    stale_after: Duration = timedelta(hours=2)
    plugin_path: list[Path] = []
    direct: DirectModel = DirectModel()
    encryption: EncryptionModel = EncryptionModel()
    web: WebModel = WebModel()
    reviewers: dict[Language, list[UserId]] = {}
