"""Names as others may read them."""

from __future__ import annotations


def short_name(name: str) -> str:
    """A child by first name and initial: Yanis B."""
    first, *others = name.split()
    return f"{first} {others[-1][0]}." if others else first
