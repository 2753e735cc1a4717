"""Fixtures for every test."""

from hypothesis import settings

from tests.databases import database, empty_database, postgresql

__all__ = ["database", "empty_database", "postgresql"]

# how long an example takes says more about the machine than about the code
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")
