"""One file a language: its words and turns of phrase for dates, as data."""
