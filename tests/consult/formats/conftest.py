"""Writing a small file of votes for a test."""

from pathlib import Path

import pytest

from tests.consult.formats.vote_files import Write


@pytest.fixture
def saved(tmp_path: Path) -> Write:
    """Save text or bytes under a name; gives the path."""

    def save(name: str, content: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return save
