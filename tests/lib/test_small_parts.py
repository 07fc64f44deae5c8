"""Identities in the order of capture, sealed fields, the clock."""

from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from shouwang.lib import clock
from shouwang.lib.ids import uuid7
from shouwang.lib.sealing import Sealer, read_or_make_keys
from tests.world import at


def test_identities_sort_by_the_moment_of_capture() -> None:
    ids = [uuid7(at(21, hour)) for hour in range(24)]
    assert sorted(ids) == ids
    assert {(identity.version, identity.variant) for identity in ids} == {(7, "specified in RFC 4122")}
    assert len({uuid7(at(21, 0)) for _ in range(1000)}) == 1000


def test_what_is_sealed_opens_with_its_key_alone(tmp_path: Path) -> None:
    ours, theirs = (Sealer(read_or_make_keys(tmp_path / name)) for name in ("a.key", "b.key"))
    sealed = ours.seal("990101196210243015")
    assert b"9901" not in sealed
    assert ours.open(sealed) == "990101196210243015"
    with pytest.raises(InvalidTag):
        theirs.open(sealed)
    assert (ours.seal(""), ours.open(b""), ours.open(None)) == (b"", "", "")


def test_digests_are_equal_for_equal_parts_alone(tmp_path: Path) -> None:
    ours, theirs = (Sealer(read_or_make_keys(tmp_path / name)) for name in ("a.key", "b.key"))
    assert ours.digest("name", "王", "1") == ours.digest("name", "王", "1")
    assert ours.digest("name", "王", "1") != ours.digest("name", "王1", "")
    assert ours.digest("name", "王") != theirs.digest("name", "王")


def test_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "secrets" / "sealing.key"
    assert read_or_make_keys(path) == read_or_make_keys(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_clock_stops_or_shifts_where_it_is_asked_to(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUWANG_CLOCK", at(21, 14).isoformat())
    assert clock.now() == at(21, 14)
    assert clock.day_end(clock.now()) == at(22, 0)
    monkeypatch.setenv("SHOUWANG_CLOCK", "-86400")
    shifted = clock.now()
    monkeypatch.delenv("SHOUWANG_CLOCK")
    assert 86399 < (clock.now() - shifted).total_seconds() < 86460
