"""Files in encrypted rooms: closed before they are uploaded, opened after they are downloaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nio.crypto.attachments import decrypt_attachment, encrypt_attachment
from nio.exceptions import EncryptionError

from coedu_bot.homeserver import Refused


def closed_file(data: bytes) -> tuple[bytes, dict[str, Any]]:
    """Bytes to upload, and the `EncryptedFile` that opens them, still without its url."""
    encrypted, keys = encrypt_attachment(data)
    return encrypted, keys


def opened_file(data: bytes, keys: Mapping[str, Any]) -> bytes:
    """Raises Refused for anything but the file that was meant."""
    try:
        opened: bytes = decrypt_attachment(data, keys["key"]["k"], keys["hashes"]["sha256"], keys["iv"])
    except (EncryptionError, KeyError, TypeError, ValueError) as problem:
        raise Refused("M_BAD_ENCRYPTION", "the file does not open with its keys") from problem
    return opened
