"""Who is invited to a room, has power in it, and is taken out of it."""

from __future__ import annotations

from coedu_bot.events import StateEvent
from coedu_bot.homeserver import BY_WISH
from coedu_bot.provisioning.steps import Plan
from tests.unit.provisioning.a_site import COEDU, Site, person


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
    assert not await site.provision().has_to_shut_out()
    site.change(
        "@karim.benali:ecole.example;fr;complet",
        "@karim.benali:ecole.example;fr;aucun",
        "examples/families-6b.csv",
    )
    assert await site.provision().has_to_shut_out()
    done = await site.apply()
    assert not await site.provision().has_to_shut_out()
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
