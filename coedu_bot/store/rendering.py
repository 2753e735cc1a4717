"""Runs a revision through Alembic's operations without a connection, and keeps the SQL.

Rendered SQL takes the same road to both databases, inside our own transactions. The price: a revision
cannot ask the database anything (`op.get_bind()`, batch operations). Data moves by `INSERT … SELECT` and
`UPDATE`; what SQLite cannot alter is made by creating the new table, copying, dropping and renaming.
"""

from __future__ import annotations

import io
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Dialect

from coedu_bot.store.revisions import Revision, RevisionError


def render(revision: Revision, dialect: Dialect) -> list[str]:
    """The SQL of one revision, statement by statement; raises RevisionError if the file is not its own."""
    module = _load(revision)
    output = _Statements()
    options = {"as_sql": True, "literal_binds": True, "output_buffer": output}
    with Operations.context(MigrationContext.configure(dialect=dialect, opts=options)):
        module.upgrade()
    return output.statements


class _Statements(io.StringIO):
    """Alembic writes one statement at a time; here they stay apart."""

    def __init__(self) -> None:
        super().__init__()
        self.statements: list[str] = []

    def write(self, text: str) -> int:
        self.statements.append(text.strip().removesuffix(";"))
        return len(text)


def _load(revision: Revision) -> ModuleType:
    spec = spec_from_file_location(revision.path.stem, revision.path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    _check(module, revision)
    return module


def _check(module: ModuleType, revision: Revision) -> None:
    said = (module.revision, module.down_revision)
    if said != (revision.id, revision.previous):
        raise RevisionError(f"{revision.path.name} says (revision, down_revision) = {said}")
