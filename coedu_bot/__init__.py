"""Coedu Bot: a Matrix bot for the rooms that parents and teachers share."""

__version__ = "0.1.0"
