"""What a class or a room says of the school's features."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

Features = Mapping[str, Mapping[str, Any] | Literal[False]]
"""By feature: the settings that differ here, or False where it is off; what is not named is as elsewhere."""


def is_on(features: Features, name: str) -> bool | None:
    """Whether a feature is said to be on; None where nothing is said."""
    return features[name] is not False if name in features else None


def sets(features: Features, name: str, setting: str) -> bool:
    """Whether a setting of a feature is said here."""
    said = features.get(name)
    return isinstance(said, Mapping) and setting in said
