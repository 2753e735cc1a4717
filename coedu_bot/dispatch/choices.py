"""Choices of a command: parted by `|` on one line, or one per line behind a dash, star or bullet."""

from __future__ import annotations

import re

_BULLET = re.compile(r"^\s*[-*•–—]\s+(?P<choice>\S.*?)\s*$")


def split_choices(text: str) -> tuple[str, list[str]]:
    """Return what stands before the choices and the choices; an empty list where there are none."""
    lines = text.split("\n")
    bullets = [_BULLET.match(line) for line in lines]
    if any(bullets):
        before = [line for line, bullet in zip(lines, bullets, strict=True) if not bullet]
        return "\n".join(before).strip(), [bullet["choice"] for bullet in bullets if bullet]
    head, *choices = text.split("|")
    return head.strip(), [choice.strip() for choice in choices if choice.strip()]
