"""Fixtures for every test."""

from tests.databases import database, postgresql

__all__ = ["database", "postgresql"]
