"""What the configuration says now: everyone reads it here, and a reload replaces it in this one place."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from coedu_bot.events import UserId
from coedu_bot.new_families import FamilyFiles
from coedu_bot.school.school import School


class Current:
    """The school of this moment, but for who is suspended; keep the holder, never what it holds."""

    def __init__(
        self,
        school: School,
        invited_by: tuple[str, ...] = (),
        stale_after: timedelta = timedelta(hours=2),
    ) -> None:
        self.invited_by = invited_by
        self.stale_after = stale_after
        self.family_files: FamilyFiles | None = None
        self._suspended: frozenset[UserId] = frozenset()
        self._frozen: frozenset[UserId] = frozenset()
        self._configured = self._in_force = school

    @property
    def school(self) -> School:
        return self._in_force

    @school.setter
    def school(self, configured: School) -> None:
        """A new configuration; who is suspended stays so."""
        self._configured = configured
        self.suspend(self._suspended, self._frozen)

    def suspend(self, guardians: Iterable[UserId], staff: Iterable[UserId] = ()) -> None:
        """These guardians, and no others, are as if the configuration said `aucun`; these accounts frozen."""
        self._suspended, self._frozen = frozenset(guardians), frozenset(staff)
        self._in_force = self._configured.suspending(self._suspended, self._frozen)
