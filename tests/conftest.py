"""Fixtures for every test."""

from tests.databases import database, empty_database, postgresql

__all__ = ["database", "empty_database", "postgresql"]
