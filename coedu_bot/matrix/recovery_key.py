"""Recovery keys as people write them down: base58 in groups of four, with a check against slips."""

from __future__ import annotations

from functools import reduce
from operator import xor

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_PREFIX = b"\x8b\x01"
_LENGTH = 32


def written(key: bytes) -> str:
    """The key as it is shown, once."""
    checked = _PREFIX + key
    text = _base58(checked + bytes([reduce(xor, checked)]))
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def read(text: str) -> bytes:
    """Spaces do not matter. Raises ValueError for anything but a recovery key."""
    raw = _from_base58("".join(text.split()))
    if len(raw) != len(_PREFIX) + _LENGTH + 1 or not raw.startswith(_PREFIX) or reduce(xor, raw):
        raise ValueError("this is not a recovery key; look for a slip of the pen")
    return raw[len(_PREFIX) : -1]


def _base58(data: bytes) -> str:
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _ALPHABET[digit] + text
    return text


def _from_base58(text: str) -> bytes:
    number = 0
    for char in text:
        number = number * 58 + _ALPHABET.index(char)  # ValueError for what is no digit
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
