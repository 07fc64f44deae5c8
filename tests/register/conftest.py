"""Where kept files lie during a test."""

from pathlib import Path

import pytest


@pytest.fixture
def settings_media(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A folder of its own for kept files."""
    from django.conf import settings

    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path)
    return tmp_path
