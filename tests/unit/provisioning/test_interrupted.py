"""Killed, limited, refused: the next run completes, and makes nothing twice."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coedu_bot.homeserver import RateLimited, Refused, Unreachable
from coedu_bot.provisioning.steps import Create, Plan, Step
from coedu_bot.testing import FakeBot
from tests.unit.provisioning.a_site import Site, write_example


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
