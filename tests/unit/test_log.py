"""A process's log goes where standard error is, and says nothing it should not."""

import io
import sys
from collections.abc import Iterator

import pytest
import structlog

from coedu_bot import log


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = structlog.get_config()
    yield
    structlog.configure(**before)


def test_a_logger_that_has_written_outlives_the_stream_it_wrote_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", first := io.StringIO())
    log.configure()
    ours = log.logger("tests.log")
    ours.info("first_line")
    assert "first_line" in first.getvalue()
    first.close()
    monkeypatch.setattr(sys, "stderr", second := io.StringIO())
    ours.info("second_line")
    assert "second_line" in second.getvalue()
