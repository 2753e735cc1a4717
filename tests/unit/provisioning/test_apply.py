"""The rooms of a school, made on a homeserver in memory: only what is not there or differs."""

from __future__ import annotations

from coedu_bot.provisioning.steps import Plan
from tests.unit.provisioning.a_site import Site, name_of, person


async def test_the_example_s_school_is_made_and_running_again_does_nothing(site: Site) -> None:
    await site.apply()
    names = sorted(str(name_of(room)) for room in site.bot.homeserver.rooms.values())
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
    assert name_of(parent) == "6e B"
    assert parent.state["m.room.join_rules", ""].content == {"join_rule": "invite"}
    assert parent.state["m.space.child", site.room("6e B · Annonces").id].content["via"] == ["test"]
    assert site.content("Équipe du collège", "m.room.join_rules") == {"join_rule": "invite"}
    assert ("m.room.encryption", "") not in site.room("6e B · Annonces").state
    assert ("m.room.encryption", "") in site.room("Équipe du collège").state
    assert site.content("6e B · Annonces", "m.room.history_visibility") == {"history_visibility": "joined"}


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
    assert name_of(site.bot.homeserver.rooms[theirs.id]) == "Ancien nom"
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
