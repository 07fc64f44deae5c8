"""Importing while people go on working: looked at first, taken in then, each step said as it goes."""

import os
from collections import Counter
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connections

from shouwang.access.models import User
from shouwang.lib.errors import Refusal
from shouwang.register.importing.report import Report
from shouwang.register.intake.files import take_in
from shouwang.register.intake.workbook import rows_to_check
from shouwang.register.uploads import Upload

TELL = "UPDATE register_upload SET rows_done = %s, rows_total = %s WHERE id = %s"


class Telling:
    """Says how far an import is while its transaction is still open: over a connection of its own."""

    def __init__(self, upload: int) -> None:
        self._upload, self._own = upload, connections.create_connection("default")

    def __call__(self, sheet: str, done: int, of: int) -> None:
        with self._own.cursor() as cursor:
            cursor.execute(TELL, [done, of, self._upload])

    def close(self) -> None:
        """Gives the connection back."""
        self._own.close()


def look_ahead(upload: Upload, *, by: User | None, at: datetime) -> None:
    """Works out what taking the file in would change, and keeps that beside the file. Writes nothing else."""
    report = take_in(upload, by=by, at=at, dry_run=True)
    _keep_rows_to_check(upload, report)
    Upload.objects.filter(pk=upload.pk).update(summary={"preview": _told(report)})


def bring_in(upload: Upload, *, by: User | None, at: datetime) -> Report:
    """Takes the file in and keeps the rows that need a person."""
    telling = Telling(upload.pk)
    try:
        report = take_in(upload, by=by, at=at, progress=telling)
    finally:
        telling.close()
    _keep_rows_to_check(upload, report)
    return report


def cannot(upload: Upload, refusal: Refusal, *, at: datetime) -> None:
    """Notes why a file could not be taken in, with the place in it; it may be tried again."""
    params = {name: one if isinstance(one, int | float) else str(one) for name, one in refusal.params.items()}
    told = {"code": refusal.code, "params": params, "where": refusal.where}
    Upload.objects.filter(pk=upload.pk).update(
        refused_at=at, refusal=refusal.sentence, refused_as=told, started_at=None
    )


def again(upload: Upload) -> Upload:
    """The file as if it had just come: after somebody corrected its columns."""
    Upload.objects.filter(pk=upload.pk).update(refused_at=None, refusal="", summary={}, started_at=None)
    upload.refresh_from_db()
    return upload


def begin(upload: Upload, *, at: datetime) -> bool:
    """Marks an import as begun; False where somebody has begun it already."""
    waiting = Upload.objects.filter(pk=upload.pk, started_at=None, finished_at=None)
    return bool(waiting.update(started_at=at, refused_at=None, refusal="", rows_done=0, rows_total=0))


def check_file(upload: Upload) -> Path:
    """Where the workbook of the rows that need a person lies: beside the file itself."""
    kept = Path(settings.MEDIA_ROOT) / upload.stored
    return kept.with_name(f"{upload.pk}-{kept.stem}.check.xlsx")


def _told(report: Report) -> dict[str, object]:
    changes = dict(Counter(change.what for change in report.changes))
    return {**report.as_json(), "changes": changes, "sheets_refused": report.sheets_refused}


def _keep_rows_to_check(upload: Upload, report: Report) -> None:
    path = check_file(upload)
    if not (report.doubts or report.changes):
        path.unlink(missing_ok=True)
        return
    half = path.with_suffix(f".{os.getpid()}")
    half.touch(mode=0o600)
    half.write_bytes(rows_to_check(report))
    half.replace(path)
