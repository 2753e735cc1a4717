"""One logged-in account: its session, its sync loop, its door for sending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from coedu_bot.clock import Clock
from coedu_bot.homeserver import RateLimited, Refused, Unreachable
from coedu_bot.matrix.account import Login, Session, SessionFile
from coedu_bot.matrix.backoff import Backoff
from coedu_bot.matrix.batches import BatchReader, Waiting
from coedu_bot.matrix.convert import Converter
from coedu_bot.matrix.cross_signing import CrossSigning
from coedu_bot.matrix.encryption import Encryption
from coedu_bot.matrix.homeserver import MatrixHomeserver
from coedu_bot.matrix.http import Http, path_of
from coedu_bot.matrix.opening import OpenAccount, open_account
from coedu_bot.matrix.progress import Progress
from coedu_bot.matrix.sync import Handle, SyncLoop
from coedu_bot.matrix.verification import Verifications
from coedu_bot.matrix.verification_doors import doors_of


@dataclass(frozen=True, slots=True)
class MatrixClient:
    """What the rest of the bot needs of the account."""

    session: Session
    homeserver: MatrixHomeserver
    http: Http
    encryption: Encryption
    signing: CrossSigning
    verifications: Verifications
    _loop: SyncLoop

    @property
    def user_id(self) -> str:
        return self.session.user_id

    @property
    def device_id(self) -> str:
        return self.session.device_id

    def synced_at(self) -> datetime | None:
        """When the homeserver last answered a sync; None before the first."""
        return self._loop.synced_at

    async def run(self, handle: Handle, since: str | None, waiting: Waiting) -> None:
        """Sync for ever; raises SessionLost."""
        await self._loop.run(handle, since, waiting)

    async def display_name(self) -> str:
        """The name people see and call the bot by; its local part if it has none."""
        try:
            profile = await self.http.call("GET", path_of("v3", "profile", self.user_id, "displayname"))
        except (Refused, RateLimited, Unreachable):
            profile = {}
        return str(profile.get("displayname") or self.user_id[1:].partition(":")[0])

    async def close(self) -> None:
        """Let go of connections and store; the session stays valid."""
        self.encryption.close()
        await self.http.close()


async def open_client(
    login: Login, data: Path, clock: Clock, offset: timedelta = timedelta()
) -> MatrixClient:
    """Log in or go on with the last session; waits a minute for a homeserver that is still starting.

    Raises SessionLost, or Unreachable when it never answers.
    """
    http = Http(login.homeserver)
    try:
        return await _opened(login, http, SessionFile(data), clock, offset)
    except BaseException:
        await http.close()
        raise


async def _opened(
    login: Login, http: Http, file: SessionFile, clock: Clock, offset: timedelta
) -> MatrixClient:
    account = await open_account(login, http, file, clock)
    user, encryption = account.session.user_id, account.encryption
    converter = Converter(offset)
    progress = Progress()
    homeserver = MatrixHomeserver(user, http, converter, encryption, progress)
    verifications, signing = _verifications(account, http, homeserver, clock), account.signing
    reader = BatchReader(user, http, converter, encryption, verifications)
    housekeepers, backoff = (encryption, signing, verifications), Backoff(clock)
    hear = verifications.hear_devices
    loop = SyncLoop(http, reader, encryption, backoff, housekeepers, hear, progress=progress)
    return MatrixClient(account.session, homeserver, http, encryption, signing, verifications, loop)


def _verifications(
    account: OpenAccount, http: Http, homeserver: MatrixHomeserver, clock: Clock
) -> Verifications:
    return Verifications(doors_of(account, http, homeserver), clock, homeserver.converter.offset)
