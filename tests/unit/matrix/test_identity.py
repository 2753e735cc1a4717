"""The identity's keys: what they sign, where they are kept, and what a recovery key opens."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coedu_bot.homeserver import SessionLost
from coedu_bot.matrix import recovery_key
from coedu_bot.matrix.http import Http
from coedu_bot.matrix.identity import Identity, IdentityFile
from coedu_bot.matrix.secret_storage import SecretStorage, SecretStorageError
from coedu_bot.matrix.signing import SigningKey, canonical, from_base64, is_signed, to_base64
from tests.unit.matrix.devices import ALICE
from tests.unit.matrix.key_server import KeyServer, serving


@pytest.fixture
async def storage() -> AsyncIterator[SecretStorage]:
    async with serving(KeyServer()) as server:
        http = Http(server.url, "token")
        yield SecretStorage(http, ALICE)
        await http.close()


def test_a_signature_is_checked_not_looked_for() -> None:
    key, other = SigningKey.new(), SigningKey.new()
    signed = key.signed({"a": 1}, ALICE)
    assert is_signed(signed, ALICE, key.public)
    assert not is_signed({**signed, "a": 2}, ALICE, key.public)
    assert not is_signed(signed, "@bob:test", key.public)
    forged = {"a": 1, "signatures": {ALICE: {other.id: key.signature({"a": 1})}}}
    assert not is_signed(forged, ALICE, other.public)


@pytest.mark.parametrize("signatures", [None, [], {}, {ALICE: None}, {ALICE: {"ed25519:x": 3}}])
def test_signatures_of_any_shape_are_survived(signatures: object) -> None:
    assert not is_signed({"a": 1, "signatures": signatures}, ALICE, "x")


def test_what_is_signed_leaves_out_what_others_add() -> None:
    assert canonical({"b": "é", "a": 1, "unsigned": {}, "signatures": {}}) == '{"a":1,"b":"é"}'.encode()


def test_both_lesser_keys_are_signed_by_the_master_key() -> None:
    identity = Identity.new(ALICE)
    body = identity.upload()
    for name in ("self_signing_key", "user_signing_key"):
        assert is_signed(body[name], ALICE, identity.master.public)


def test_the_seeds_are_for_their_owner_only_and_come_back(tmp_path: Path) -> None:
    file, identity = IdentityFile(tmp_path / "crypto" / "identity.json"), Identity.new(ALICE)
    assert file.load(ALICE) is None
    file.save(identity)
    assert file.path.stat().st_mode & 0o077 == 0
    assert file.load(ALICE) == identity
    assert file.load("@bob:test") is None
    assert to_base64(identity.master.seed) not in repr(identity)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"user": "@alice:test", "seeds": {"master": "short"}}'])
def test_damaged_seeds_are_told_and_kept(tmp_path: Path, text: str) -> None:
    file = IdentityFile(tmp_path / "identity.json")
    file.path.write_text(text)
    with pytest.raises(SessionLost, match="COEDU_RECOVERY_KEY"):
        file.load(ALICE)
    assert file.path.read_text() == text


@given(st.binary(min_size=32, max_size=32))
def test_a_recovery_key_is_read_as_it_was_written(key: bytes) -> None:
    text = recovery_key.written(key)
    assert recovery_key.read(text) == key
    assert recovery_key.read(text.replace(" ", "")) == key


@given(st.binary(min_size=32, max_size=32), st.data())
def test_a_slip_in_a_recovery_key_is_noticed(key: bytes, data: st.DataObject) -> None:
    text = recovery_key.written(key).replace(" ", "")
    place = data.draw(st.integers(0, len(text) - 1))
    char = data.draw(st.sampled_from("123456789ABCDEFGHJKLMNPQRSTUVWXYZ").filter(lambda c: c != text[place]))
    slipped = text[:place] + char + text[place + 1 :]
    try:
        assert recovery_key.read(slipped) != key
    except ValueError:
        return


@pytest.mark.parametrize("text", ["", "   ", "0OIl", "EsT!", "é", "1" * 48])
def test_what_is_no_recovery_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        recovery_key.read(text)


@given(st.binary(max_size=70))
def test_base64_comes_without_padding_and_is_read_with_or_without(data: bytes) -> None:
    text = to_base64(data)
    assert "=" not in text
    assert from_base64(text) == from_base64(text + "==") == data


async def test_the_recovery_key_opens_what_was_locked_with_it(storage: SecretStorage) -> None:
    identity = Identity.new(ALICE)
    key = await storage.keep(identity)
    assert await storage.fetch(key) == identity


async def test_another_key_opens_nothing(storage: SecretStorage) -> None:
    await storage.keep(Identity.new(ALICE))
    with pytest.raises(SecretStorageError, match="not the one"):
        await storage.fetch(recovery_key.written(b"x" * 32))


async def test_without_secret_storage_it_says_so(storage: SecretStorage) -> None:
    with pytest.raises(SecretStorageError, match="no secret storage"):
        await storage.fetch(recovery_key.written(b"x" * 32))
