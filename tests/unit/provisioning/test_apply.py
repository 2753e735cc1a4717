"""The rooms of a school, made on a homeserver in memory: only the difference, whatever happens between."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coedu_bot.config import load_config
from coedu_bot.events import StateEvent
from coedu_bot.homeserver import BY_WISH, RateLimited, Refused, Unreachable
from coedu_bot.provisioning.provision import Provision
from coedu_bot.provisioning.steps import Create, Plan, Step
from coedu_bot.testing import FakeBot
from coedu_bot.testing.homeserver import MemoryRoom

ROOT = Path(__file__).resolve().parents[3]
SERVER = "ecole.example"
COEDU = "@coedu:test"


def person(name: str) -> str:
    return f"@{name}:{SERVER}"


class Killed(BaseException):
    """The process ends here."""


@dataclass(slots=True)
class Site:
    """The example's school, its configuration in a folder, and a bot."""

    folder: Path
    bot: FakeBot
    prune: bool = False

    def change(self, old: str, new: str, file: str = "config.yaml") -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    def provision(self) -> Provision:
        config = load_config(self.folder / "config.yaml", env={})
        catalog = self.bot.bot.dispatcher.desk.vocabulary.catalog
        school = config.school(self.bot.registry.capabilities)
        return Provision(config, school, catalog, self.bot.homeserver, self.bot.database, self.bot.clock)

    async def plan(self) -> Plan:
        return await self.provision().plan(prune=self.prune)

    async def shown(self) -> list[str]:
        return [f"{step.binding}: {step}" for step in (await self.plan()).steps]

    async def apply(self, killed_after: int | None = None) -> list[Step]:
        """Apply; the steps that were done, in order."""
        done: list[Step] = []

        async def told(step: Step, problem: str | None) -> None:
            assert problem is None, (step, problem)
            done.append(step)
            if len(done) == killed_after:
                raise Killed

        try:
            await self.provision().perform(told, prune=self.prune)
        except Killed:
            self.bot.restart()
        return done

    def room(self, name: str) -> MemoryRoom:
        (found,) = [one for one in self.bot.homeserver.rooms.values() if _name(one) == name]
        return found

    def content(self, room: str, type_: str, key: str = "") -> dict[str, object]:
        return dict(self.room(room).state[type_, key].content)

    def powers(self, room: str) -> object:
        return self.content(room, "m.room.power_levels")["users"]

    def accept_all(self) -> None:
        for room in self.bot.homeserver.rooms.values():
            for user in room.members("invite"):
                self.member(room, user, "join", user)

    def member(self, room: MemoryRoom, user: str, membership: str, by: str) -> None:
        event = StateEvent("m.room.member", user, {"membership": membership}, by)
        self.bot.homeserver.put_state(room.id, event)


def _name(room: MemoryRoom) -> object:
    event = room.state.get(("m.room.name", ""))
    return event.content["name"] if event else None


def write_example(folder: Path) -> None:
    shutil.copytree(ROOT / "examples", folder / "examples")
    text = (ROOT / "config.example.yaml").read_text(encoding="utf-8")
    (folder / "config.yaml").write_text(text.replace('user: "@coedu:ecole.example"', f'user: "{COEDU}"'))


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    write_example(tmp_path)
    async with FakeBot.with_plugins("announcements") as bot:
        yield Site(tmp_path, bot)


async def test_the_example_s_school_is_made_and_running_again_does_nothing(site: Site) -> None:
    await site.apply()
    names = sorted(str(_name(room)) for room in site.bot.homeserver.rooms.values())
    assert names == [
        *("6e B", "6e B", "6e B · Annonces", "6e C", "6e C", "6e C · Annonces"),
        *("Collège Jules-Ferry", "Équipe du collège"),
    ]
    assert await site.plan() == Plan()
    site.accept_all()
    assert await site.plan() == Plan()


async def test_a_class_s_rooms_are_open_to_its_space_and_its_space_to_who_is_invited(site: Site) -> None:
    await site.apply()
    rules = site.content("6e B · Annonces", "m.room.join_rules")
    allowed = rules["allow"]
    assert rules["join_rule"] == "restricted"
    assert isinstance(allowed, list)
    parent = site.bot.homeserver.rooms[allowed[0]["room_id"]]
    assert _name(parent) == "6e B"
    assert parent.state["m.room.join_rules", ""].content == {"join_rule": "invite"}
    assert parent.state["m.space.child", site.room("6e B · Annonces").id].content["via"] == ["test"]
    assert site.content("Équipe du collège", "m.room.join_rules") == {"join_rule": "invite"}
    assert ("m.room.encryption", "") not in site.room("6e B · Annonces").state
    assert ("m.room.encryption", "") in site.room("Équipe du collège").state
    assert site.content("6e B · Annonces", "m.room.history_visibility") == {"history_visibility": "joined"}


async def test_each_is_invited_where_they_belong_and_the_discreet_nowhere(site: Site) -> None:
    await site.apply()
    invited = set(site.room("6e C · Annonces").members("invite"))
    assert {person("leroy"), person("haddad"), person("martin"), person("julie.moreau")} <= invited
    assert person("marc.nguyen") in invited  # `information` is told things
    everywhere = {user for room in site.bot.homeserver.rooms.values() for user in room.members("invite")}
    assert person("lucia.garcia") not in everywhere  # discreet
    assert person("samira.benali") not in invited
    assert set(site.room("Équipe du collège").members("invite")) == {
        person(name) for name in ("martin", "durand", "leroy", "haddad")
    }


async def test_teachers_have_50_coordinators_100_and_the_creator_is_not_listed(site: Site) -> None:
    await site.apply()
    assert site.powers("6e B · Annonces") == {person("durand"): 50, person("martin"): 100}
    levels = site.content("6e B · Annonces", "m.room.power_levels")
    assert (levels["events_default"], levels["users_default"]) == (50, 0)
    events = levels["events"]
    assert isinstance(events, dict)
    assert events["m.reaction"] == 0


async def test_older_room_versions_list_the_bot(site: Site) -> None:
    site.change('room_version: "12"', 'room_version: "11"')
    await site.apply()
    powers = site.powers("6e B · Annonces")
    assert isinstance(powers, dict)
    assert powers[COEDU] == 100
    assert await site.plan() == Plan()


async def test_another_teacher_and_a_renamed_class_are_exactly_that_difference(site: Site) -> None:
    await site.apply()
    site.accept_all()
    site.change('teachers: ["@durand:ecole.example"]', 'teachers: ["@simon:ecole.example"]')
    site.change('name: "6e B"', 'name: "6e Bleue"')
    shown = await site.shown()
    remembered = "remember who has power by the configuration"
    expected = ["6B/space: invite @simon:ecole.example", "space: invite @simon:ecole.example"]
    expected += [
        "staff: invite @simon:ecole.example",
        "staff: power: @simon:ecole.example 50",
        f"staff: {remembered}",
    ]
    for room, name in (
        ("6B/space", "6e Bleue"),
        ("6B/class", "6e Bleue"),
        ("6B/announcements", "6e Bleue · Annonces"),
    ):
        expected += [f"{room}: name: {name}", f"{room}: {remembered}"]
        expected += [f"{room}: power: @durand:ecole.example 0, @simon:ecole.example 50"]
    expected += [f"{room}: invite @simon:ecole.example" for room in ("6B/class", "6B/announcements")]
    assert sorted(shown) == sorted(expected)
    await site.apply()
    plan = await site.plan()
    assert plan.steps == ()
    durand = "@durand:ecole.example is not of this room: stays, unless --prune"
    assert [note.says for note in plan.notes] == [durand] * 3


async def test_power_that_people_gave_by_hand_stays(site: Site) -> None:
    await site.apply()
    room = site.room("6e B · Annonces")
    levels = dict(room.state["m.room.power_levels", ""].content)
    by_hand = {**levels, "users": {**levels["users"], person("julie.moreau"): 50, person("durand"): 100}}
    site.bot.homeserver.put_state(room.id, StateEvent("m.room.power_levels", "", by_hand))
    assert await site.plan() == Plan()


async def test_who_may_be_told_nothing_is_taken_out_everywhere_at_once(site: Site) -> None:
    await site.apply()
    site.accept_all()
    site.change(
        "@karim.benali:ecole.example;fr;complet",
        "@karim.benali:ecole.example;fr;aucun",
        "examples/families-6b.csv",
    )
    done = await site.apply()
    assert sorted(map(str, done)) == ["remove @karim.benali:ecole.example"] * 3
    for room in site.bot.homeserver.rooms.values():
        assert person("karim.benali") not in room.members()
    assert await site.plan() == Plan()


async def test_nobody_else_is_removed_unless_pruned_and_no_other_bot_ever(site: Site) -> None:
    await site.apply()
    room = site.room("6e B · Annonces")
    for stranger in ("@stranger:else.where", "@bridge:test"):
        site.member(room, stranger, "join", stranger)
    site.change("bots: []", 'bots: ["@bridge:test"]')
    plan = await site.plan()
    assert (plan.steps, len(plan.notes)) == ((), 1)
    site.prune = True
    assert await site.shown() == ["6B/announcements: remove @stranger:else.where"]


async def test_who_left_by_themselves_is_not_invited_again(site: Site) -> None:
    await site.apply()
    room = site.room("6e B · Annonces")
    site.member(room, person("durand"), "leave", person("durand"))
    plan = await site.plan()
    assert plan.steps == ()
    assert [note.says for note in plan.notes] == [
        "@durand:ecole.example left by themselves: not invited again"
    ]


async def test_who_was_taken_out_as_they_asked_is_not_invited_again(site: Site) -> None:
    await site.apply()
    room = site.room("6e B · Annonces")
    out = {"membership": "leave", BY_WISH: True}
    room.state["m.room.member", person("durand")] = StateEvent("m.room.member", person("durand"), out, COEDU)
    assert (await site.plan()).steps == ()


async def test_a_room_that_is_no_longer_named_leaves_its_space_only_if_pruned(site: Site) -> None:
    await site.apply()
    site.change("      announcements: {create: true, encrypted: false}\n", "")
    assert [note.binding for note in (await site.plan()).notes] == ["6C/announcements"]
    site.prune = True
    assert await site.shown() == ["6C/space: take 6C/announcements out of it"]
    await site.apply()
    assert (await site.plan()).steps == ()


async def test_a_room_that_others_made_is_joined_and_only_told_what_is_asked(site: Site) -> None:
    theirs = await site.bot.room("Ancien nom", {person("leroy"): "M. Leroy"}, {person("leroy"): 100})
    site.change(
        'class: {create: true, alias: "#6b:ecole.example"}', f'class: {{id: "{theirs.id}", topic: Sujet}}'
    )
    done = [f"{step.binding}: {step}" for step in await site.apply() if step.binding == "6B/class"]
    assert "6B/class: topic: Sujet" in done
    assert _name(site.bot.homeserver.rooms[theirs.id]) == "Ancien nom"
    assert ("m.room.join_rules", "") not in site.bot.homeserver.rooms[theirs.id].state
    assert person("durand") in site.bot.homeserver.rooms[theirs.id].members("invite")
    assert (await site.plan()).steps == ()


async def test_a_picture_is_put_up_once(site: Site) -> None:
    (site.folder / "logo.png").write_bytes(b"\x89PNG one")
    site.change("# avatar: logo.png  ", "avatar: logo.png")
    await site.apply()
    assert await site.plan() == Plan()
    (site.folder / "logo.png").write_bytes(b"\x89PNG two")
    assert await site.shown() == ["space: picture logo.png"]


async def test_limits_and_short_absences_of_the_homeserver_are_waited_out(site: Site) -> None:
    site.bot.homeserver.failures.extend([RateLimited(5)])
    steps = await site.apply()
    assert isinstance(steps[0], Create)
    site.change('name: "6e B"', 'name: "6e Bleue"')
    site.bot.homeserver.failures.extend([Unreachable("gone")])
    await site.apply()
    assert await site.plan() == Plan()


async def test_what_the_homeserver_refuses_does_not_stop_the_rest(site: Site) -> None:
    await site.apply()
    for name in ("6e B", "6e C"):
        site.change(f'name: "{name}"', f'name: "{name}is"')
    failed: list[str] = []

    async def told(step: Step, problem: str | None) -> None:
        if problem:
            failed.append(f"{step.binding}: {problem}")
        elif not failed:
            site.bot.homeserver.failures.append(Refused("M_FORBIDDEN", "no"))

    assert await site.provision().perform(told) == len(failed) == 1
    assert failed[0].endswith("M_FORBIDDEN: no")
    assert len(await site.apply()) == 1
    assert await site.plan() == Plan()


@given(kills=st.lists(st.integers(1, 40), max_size=4))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_wherever_it_is_killed_the_next_run_completes_and_makes_nothing_twice(
    tmp_path_factory: pytest.TempPathFactory, kills: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("school")
    write_example(folder)
    async with FakeBot.with_plugins("announcements") as bot:
        site = Site(folder, bot)
        for steps in kills:
            await site.apply(killed_after=steps)
        await site.apply()
        assert await site.plan() == Plan()
        assert len(bot.homeserver.rooms) == 8


async def test_a_room_whose_making_was_not_heard_of_is_found_by_its_mark(site: Site) -> None:
    await site.apply()
    async with site.bot.database.transaction() as db:
        from sqlalchemy import delete

        from coedu_bot.store.tables import room

        await db.run(delete(room))
    shown = await site.shown()
    assert shown
    assert all(line.endswith("take for this room") for line in shown)
    await site.apply()
    assert len(site.bot.homeserver.rooms) == 8
    assert await site.plan() == Plan()
