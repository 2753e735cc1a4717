"""Welcome: who comes into a room of the school is greeted privately, once, in their language.

First steps in four lines, and the menu of languages.
"""

from plugins.welcome.handlers import plugin

__all__ = ["plugin"]
