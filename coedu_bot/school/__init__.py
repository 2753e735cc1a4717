"""The school as pure values: people, families, classes, rooms, roles and rights, calendar, quiet hours."""
