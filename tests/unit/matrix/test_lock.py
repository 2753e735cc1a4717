from __future__ import annotations

import os
from pathlib import Path

import pytest

from coedu_bot.matrix.lock import DataFolderLock, LockedError


def test_a_second_process_is_told_whose_folder_it_is(tmp_path: Path) -> None:
    with (
        DataFolderLock(tmp_path),
        pytest.raises(LockedError, match=str(os.getpid())),
        DataFolderLock(tmp_path),
    ):
        pass


def test_a_folder_can_be_locked_again_once_it_is_free(tmp_path: Path) -> None:
    for _ in range(2):
        with DataFolderLock(tmp_path):
            assert (tmp_path / "lock").read_text() == str(os.getpid())
