"""A private Synapse on loopback: a child process with its own folder, for the demo and for the tests."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import secrets
import shutil
import signal
import socket
import sys
import tempfile
from pathlib import Path
from typing import Any, Self

import aiohttp
import yaml

from coedu_bot.demo.children import die_with_parent

_MANY = {"per_second": 1_000_000, "burst_count": 1_000_000}
_FEW_MESSAGES = {"per_second": 10, "burst_count": 10}
_START_WITHIN = 60.0
_STOP_WITHIN = 15.0


class SynapseError(Exception):
    """Synapse did not start or refused an administrator's call; the message ends with its last log lines."""


class PrivateSynapse:
    """`async with PrivateSynapse() as synapse:`; may be stopped and started again on its data."""

    def __init__(
        self, server_name: str = "ecole.example", *, room_version: str = "12", limited: bool = False
    ) -> None:
        self.server_name = server_name
        self.room_version = room_version
        self.limited = limited
        self.port = _free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        self.folder = Path(tempfile.mkdtemp(prefix="coedu-synapse-"))
        self._secret = secrets.token_hex(16)
        self._process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        try:
            self._write_configuration()
            await self.start()
        except BaseException:
            await self.aclose()
            raise
        return self

    async def __aexit__(self, *problem: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Stop and remove everything."""
        await self.stop()
        await asyncio.to_thread(shutil.rmtree, self.folder, ignore_errors=True)

    async def start(self) -> None:
        """Start, and wait until it answers; raises SynapseError with the end of its log."""
        with (self.folder / "output.log").open("ab") as output:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "synapse.app.homeserver", "-c", "homeserver.yaml"),
                cwd=self.folder,
                stdout=output,
                stderr=output,
                preexec_fn=die_with_parent,
            )
        await self._until_healthy()

    async def stop(self) -> None:
        """Stop it, by its process id; SIGKILL if it does not end."""
        process, self._process = self._process, None
        if process is None or process.returncode is not None:
            return
        process.send_signal(signal.SIGTERM)
        try:
            await asyncio.wait_for(process.wait(), _STOP_WITHIN)
        except TimeoutError:
            process.kill()
            await process.wait()

    async def register(
        self, localpart: str, password: str, *, display_name: str | None = None, admin: bool = False
    ) -> str:
        """Make an account without a device; returns its Matrix ID."""
        url = f"{self.base_url}/_synapse/admin/v1/register"
        async with aiohttp.ClientSession() as http:
            async with http.get(url) as answer:
                nonce = (await answer.json())["nonce"]
            body = {
                "nonce": nonce,
                "username": localpart,
                "password": password,
                "displayname": display_name or localpart,
                "admin": admin,
                "mac": self._mac(nonce, localpart, password, admin),
                "inhibit_login": True,  # else every account has a device without keys
            }
            async with http.post(url, json=body) as answer:
                registered: dict[str, Any] = await answer.json()
        if "user_id" not in registered:
            raise SynapseError(f"cannot register {localpart}: {registered.get('error')}")
        return str(registered["user_id"])

    def _mac(self, nonce: str, localpart: str, password: str, admin: bool) -> str:
        words = (nonce, localpart, password, "admin" if admin else "notadmin")
        return hmac.new(self._secret.encode(), "\0".join(words).encode(), hashlib.sha1).hexdigest()

    async def _until_healthy(self) -> None:
        assert self._process is not None
        async with aiohttp.ClientSession() as http, asyncio.timeout(_START_WITHIN):
            while self._process.returncode is None:
                try:
                    async with http.get(f"{self.base_url}/health") as answer:
                        if answer.status == 200:
                            return
                except aiohttp.ClientError:
                    pass
                await asyncio.sleep(0.05)
        raise SynapseError(f"Synapse ended before it answered:\n{self._last_lines()}")

    def _last_lines(self) -> str:
        lines = (self.folder / "output.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-20:])

    def _write_configuration(self) -> None:
        (self.folder / "signing.key").write_text(f"ed25519 a_demo {_signing_key()}\n")
        (self.folder / "log.yaml").write_text(yaml.safe_dump(_LOG))
        (self.folder / "homeserver.yaml").write_text(yaml.safe_dump(self._configuration()))

    def _configuration(self) -> dict[str, Any]:
        listener = {
            "port": self.port,
            "bind_addresses": ["127.0.0.1"],
            "tls": False,
            "type": "http",
            "resources": [{"names": ["client"], "compress": False}],
        }
        return {
            "server_name": self.server_name,
            "public_baseurl": f"{self.base_url}/",
            "report_stats": False,
            "listeners": [listener],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "log_config": "log.yaml",
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": "signing.key",
            "pid_file": str(self.folder / "homeserver.pid"),
            "registration_shared_secret": self._secret,
            "macaroon_secret_key": self._secret,
            "form_secret": self._secret,
            "default_room_version": self.room_version,
            **_QUIET,
            **_limits(_FEW_MESSAGES if self.limited else _MANY),
        }


# what would slow a test down, reach for the network, or hide what a client really receives
_QUIET: dict[str, Any] = {
    "trusted_key_servers": [],
    "suppress_key_server_warning": True,
    "federation_domain_whitelist": [],
    "enable_registration": False,
    "bcrypt_rounds": 4,
    "presence": {"enabled": False},
    "url_preview_enabled": False,
    "stats": {"enabled": False},
    "caches": {"sync_response_cache_duration": "0s"},
}

_LOG: dict[str, Any] = {
    "version": 1,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"level": "WARNING", "handlers": ["console"]},
    "disable_existing_loggers": False,
}


def _limits(messages: dict[str, int]) -> dict[str, Any]:
    return {
        "rc_message": messages,
        "rc_registration": _MANY,
        "rc_login": {"address": _MANY, "account": _MANY, "failed_attempts": _MANY},
        "rc_admin_redaction": _MANY,
        "rc_joins": {"local": _MANY, "remote": _MANY},
        "rc_joins_per_room": _MANY,
        "rc_invites": {"per_room": _MANY, "per_user": _MANY, "per_issuer": _MANY},
        "rc_room_creation": _MANY,
        "rc_media_create": _MANY,
    }


def _signing_key() -> str:
    """An Ed25519 seed in unpadded base64, as Synapse's key files have it."""

    return base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
