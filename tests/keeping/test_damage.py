"""Damaged, foreign and misplaced backups: a sentence, and the folder as empty as it was."""

import json
import os
import secrets
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from shouwang.keeping.backing_up import usual_file
from shouwang.keeping.manifest import NAME
from shouwang.keeping.restoring import restore
from shouwang.keeping.writing import DiskFull, NameTaken
from shouwang.lib.errors import Refusal
from shouwang.lib.postgres import Cluster
from tests.keeping.commands import run, told
from tests.keeping.conftest import Made
from tests.world import MORNING, XIANGYUN, World

Change = Callable[[dict[str, bytes]], None]


def rewritten(backup: Path, change: Change) -> Path:
    """The same archive with other content."""
    with zipfile.ZipFile(backup) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    change(members)
    other = backup.with_name("other.zip")
    with zipfile.ZipFile(other, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return other


def told_otherwise(members: dict[str, bytes], **values: object) -> None:
    members[NAME] = json.dumps(json.loads(members[NAME]) | values).encode()


def refused(file: Path, folder: Path, **more: Path) -> str:
    with pytest.raises(Refusal) as refusal:
        restore(file, folder, key=more.get("key"), say=lambda _: None, step=lambda *_: None)
    assert not folder.exists()
    return refusal.value.code


def one_bit(members: dict[str, bytes]) -> None:
    dump = bytearray(members["database.dump"])
    dump[len(dump) // 2] ^= 1
    members["database.dump"] = bytes(dump)


def climbing(members: dict[str, bytes]) -> None:
    name = "uploads/../../out.csv"
    members[name] = b""
    files = json.loads(members[NAME])["files"]
    empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    told_otherwise(members, files={**files, name: [0, empty]})


DAMAGE: dict[str, tuple[Change, str]] = {
    "one bit of the database": (one_bit, "keeping.damaged"),
    "a file missing": (lambda members: members.pop("database.dump") and None, "keeping.damaged"),
    "a file too many": (lambda members: members.update({"uploads/x": b""}), "keeping.damaged"),
    "no manifest": (lambda members: members.pop(NAME) and None, "keeping.damaged"),
    "a manifest of nonsense": (lambda members: members.update({NAME: b"[1]"}), "keeping.damaged"),
    "a later format": (lambda members: told_otherwise(members, format=2), "keeping.damaged"),
    "a path out of the folder": (climbing, "keeping.damaged"),
    "made by a newer version": (
        lambda members: told_otherwise(members, migrations=["register.0999_later"]),
        "keeping.from_newer",
    ),
    "the fingerprint of another key": (
        lambda members: told_otherwise(members, key="0" * 64),
        "keeping.wrong_key",
    ),
}


def test_damage_is_found_before_anything_is_written(make_backup: Made, tmp_path: Path) -> None:
    make_backup(tmp_path / "street.zip")
    for name, (change, code) in DAMAGE.items():
        assert refused(rewritten(tmp_path / "street.zip", change), tmp_path / "var") == code, name
    cut = tmp_path / "cut.zip"
    cut.write_bytes((tmp_path / "street.zip").read_bytes()[:-2000])
    assert refused(cut, tmp_path / "var") == "keeping.damaged"
    cut.write_bytes(b"")
    assert refused(cut, tmp_path / "var") == "keeping.damaged"


def test_a_row_that_is_not_what_was_backed_up(make_backup: Made, tmp_path: Path, folder: Path) -> None:
    """The last check is made in the database: were a table another one, nothing of it would stay."""

    def one_row_more(members: dict[str, bytes]) -> None:
        tables = json.loads(members[NAME])["tables"]
        rows, checksum = tables["register_household"].split()
        told_otherwise(members, tables=tables | {"register_household": f"{int(rows) + 1} {checksum}"})

    made = tmp_path / "street.zip"
    make_backup(made)
    folder.mkdir()
    said = run(folder, "restore", rewritten(made, one_row_more), code=2)
    assert "register_household is not what was backed up" in said
    assert os.listdir(folder) == []


def test_only_into_an_empty_folder(make_backup: Made, tmp_path: Path) -> None:
    make_backup(tmp_path / "street.zip")
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("keep")
    with pytest.raises(Refusal) as refusal:
        restore(tmp_path / "street.zip", full, key=None, say=lambda _: None, step=lambda *_: None)
    assert refusal.value.code == "keeping.not_empty"
    assert (full / "mine.txt").read_text() == "keep"


def test_a_backup_without_keys_needs_the_key_that_was_kept(
    make_backup: Made, tmp_path: Path, data: Path, folder: Path
) -> None:
    made = make_backup(tmp_path / "street.zip", with_keys=False)
    assert not [name for name in made.files if "secrets" in name]
    assert refused(tmp_path / "street.zip", tmp_path / "none") == "keeping.key_needed"
    foreign = tmp_path / "foreign.key"
    foreign.write_bytes(secrets.token_bytes(64))
    assert refused(tmp_path / "street.zip", tmp_path / "none", key=foreign) == "keeping.wrong_key"
    kept = data / "secrets" / "sealing.key"
    assert told(folder, "restore", tmp_path / "street.zip", "--sealing-key", kept)["rows"] == made.rows
    assert (folder / "secrets" / "sealing.key").read_bytes() == kept.read_bytes()


def test_a_name_that_is_taken(make_backup: Made, tmp_path: Path) -> None:
    (tmp_path / "street.zip").write_text("mine")
    with pytest.raises(NameTaken):
        make_backup(tmp_path / "street.zip")
    assert (tmp_path / "street.zip").read_text() == "mine"


# The system refuses the next byte of a file, as on a full disk.
LIMITED = """
import resource, sys
from pathlib import Path
from shouwang.keeping.backing_up import back_up
from shouwang.keeping.restoring import restore
from shouwang.lib.clock import now
from shouwang.lib.errors import Refusal
say, step = print, lambda *_: None
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), -1))
try:
    if sys.argv[4] == "backup":
        back_up(Path(sys.argv[1]), data=Path(sys.argv[2]), with_keys=True, now=now(), say=say, step=step)
    else:
        restore(Path(sys.argv[1]), Path(sys.argv[2]), key=None, say=say, step=step)
except Refusal as refusal:
    sys.exit(refusal.code)
"""


@pytest.mark.slow
def test_an_installation_that_never_sealed_anything(tmp_path: Path, folder: Path) -> None:
    """Each command works by itself on an empty folder: the backup of nothing is restored too."""
    fresh = tmp_path / "fresh"
    try:
        made = told(fresh, "backup", tmp_path / "nothing.zip")
        assert told(folder, "restore", tmp_path / "nothing.zip")["rows"] == made["rows"]
        assert told(folder, "check") == []
    finally:
        Cluster(fresh).stop()


def limited(file: Path, folder: Path, limit_bytes: int, what: str) -> str:
    words = [sys.executable, "-c", LIMITED, str(file), str(folder), str(limit_bytes), what]
    return subprocess.run(words, capture_output=True, text=True, check=False).stderr.strip()


@pytest.mark.parametrize("limit_bytes", [1, 20_000])
def test_no_room_for_the_backup(world: World, data: Path, tmp_path: Path, limit_bytes: int) -> None:
    assert limited(tmp_path / "street.zip", data, limit_bytes, "backup") == DiskFull.code
    assert os.listdir(tmp_path) == []


def test_no_room_for_the_restore(make_backup: Made, tmp_path: Path) -> None:
    make_backup(tmp_path / "street.zip")
    assert limited(tmp_path / "street.zip", tmp_path / "var", 20_000, "restore") == DiskFull.code
    (tmp_path / "empty").mkdir()
    assert limited(tmp_path / "street.zip", tmp_path / "empty", 20_000, "restore") == DiskFull.code
    assert sorted(os.listdir(tmp_path)) == ["empty", "street.zip"]
    assert os.listdir(tmp_path / "empty") == []


FULL = """
CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION USING ERRCODE = 'disk_full', MESSAGE = 'could not extend file: No space left on device';
END $$;
CREATE TRIGGER no_room AFTER INSERT ON register_person FOR EACH STATEMENT EXECUTE FUNCTION no_room()
"""


def test_no_room_in_the_middle_of_an_import(
    owner: psycopg.Connection, world: World, data: Path, tmp_path: Path
) -> None:
    """The server says what it says on a full disk: a sentence, and nothing of the workbook is there."""
    sheet = tmp_path / "祥云社区_底册.csv"
    sheet.write_text(
        "小区,楼号,单元,门牌号,姓名,与户主关系\n电力楼院,9,1,101,新住户,户主\n", encoding="utf-8"
    )
    named = {name: os.environ[name] for name in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    before = owner.execute("SELECT count(*) FROM register_household").fetchone()
    owner.execute(FULL)
    try:
        said = run(data, "import-register", sheet, "--area", XIANGYUN, code=3, **named)
    finally:
        owner.execute("DROP FUNCTION no_room() CASCADE")
    assert "磁盘满了" in said
    assert owner.execute("SELECT count(*) FROM register_household").fetchone() == before
    assert owner.execute("SELECT count(*) FROM register_upload").fetchone() == (0,)


def test_what_killed_backups_left_is_cleared_away(make_backup: Made, data: Path) -> None:
    target = usual_file(data, MORNING)
    left = target.with_name("shouwang-20220420-010101.zip.part")
    left.write_text("half")
    make_backup(target)
    assert usual_file(data, MORNING) == target
    assert not left.exists()
    target.unlink()
