"""The school's YAML, read and checked as a whole before anything starts."""

from coedu_bot.config.load import Config, load_config
from coedu_bot.config.problems import ConfigError, Problem

__all__ = ["Config", "ConfigError", "Problem", "load_config"]
