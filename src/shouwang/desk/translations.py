"""What pages say, in three languages: the source is Simplified Chinese, the others are complete.

python -m shouwang.desk.translations            compiles what is translated
python -m shouwang.desk.translations collect    writes what is new into the files of both languages
"""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from shouwang.access.roles import ROLES

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parent
LOCALES = ("en", "zh_Hant")
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "pgettext": ((1, "c"), 2), "ngettext": (1, 2)}
# The sentences that a page of today can have to say; a module joins when its pages do.
SAID = (
    "directives",
    "screening/cases",
    "screening/codes",
    "screening/lists",
    "flows/hand_over_rows.py",
    "access/scope.py",
    "lib/errors.py",
    "desk/open",
    "isolation",
    "standing",
    "screening",
    "screening/reports",
    "duties",
    "flows/before_close.py",
    "ledgers",
    "ledgers/blank",
    "desk/doors.py",
    "outreach",
    "desk/exporting",
    "desk/overview",
    "desk/running",
    "access/actions.py",
    "plans/actions.py",
    "register/responsibility.py",
    "register/intake",
    "register/importing/community.py",
    "register/importing/people.py",
    "register/importing/vocabulary.py",
    "lib/sheets/limits.py",
    "lib/sheets/opening.py",
    "lib/sheets/reading.py",
    "access/cards.py",
    "flows/personal_cards.py",
    "desk/door",
    "register/editing.py",
    "register/queries.py",
    "register/joining/merging.py",
)


def messages() -> set[str]:
    """Everything that pages say: their templates and views, refusals, and the words of roles and kinds."""
    return {
        *_of_templates(),
        *_of_views(),
        *_of_refusals(),
        *(role.words for role in ROLES.values()),
        *_listed(),
    }


def po_file(locale: str) -> Path:
    """Where a language's translations are written."""
    return SOURCE / "locale" / locale / "LC_MESSAGES" / "django.po"


def read(locale: str) -> Catalog:
    """A language's translations."""
    with po_file(locale).open("rb") as file:
        return read_po(file, locale=locale)


def compile_all() -> None:
    """Writes what Django reads, whole or not at all."""
    for locale in LOCALES:
        made = BytesIO()
        write_mo(made, read(locale))
        half = po_file(locale).with_suffix(".mo.half")
        half.write_bytes(made.getvalue())
        half.replace(po_file(locale).with_suffix(".mo"))


def collect() -> None:
    """Adds what is new, drops what is no longer said, keeps what is translated."""
    for locale in LOCALES:
        known = read(locale) if po_file(locale).exists() else Catalog(locale=locale)
        fresh = Catalog(locale=locale, charset="utf-8", fuzzy=False)
        for said in sorted(messages()):
            old = known.get(said)
            fresh.add(said, old.string if old else "")
        po_file(locale).parent.mkdir(parents=True, exist_ok=True)
        with po_file(locale).open("wb") as file:
            write_po(file, fresh, width=0, omit_header=True, ignore_obsolete=True)


def _of_templates() -> Iterator[str]:
    from django.utils.translation.template import templatize

    for path in sorted((HERE / "templates").rglob("*.html")):
        yield from _extracted(templatize(path.read_text(encoding="utf-8")))


def _of_views() -> Iterator[str]:
    for path in sorted(HERE.rglob("*.py")):
        yield from _extracted(path.read_text(encoding="utf-8"))


def _extracted(code: str) -> Iterator[str]:
    for _line, found, _comments, _context in extract("python", BytesIO(code.encode()), keywords=KEYWORDS):
        yield found if isinstance(found, str) else found[-1]


def _of_refusals() -> Iterator[str]:
    """The `sentence` of every Refusal in the modules that pages lead to."""
    places = (SOURCE / part for part in SAID)
    paths = (path for place in places for path in ([place] if place.suffix else sorted(place.glob("*.py"))))
    nodes = (node for path in paths for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    for node in nodes:
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "sentence":
            yield ast.literal_eval(node.value)


def _listed() -> Iterator[str]:
    """Words that modules list as data."""
    import django

    django.setup()
    from shouwang.catalogue import DUTY_KINDS, FIELDS, LINES
    from shouwang.flows.end_of_day import REASON_WORDS
    from shouwang.isolation.models import CARE, HOW, NEEDS
    from shouwang.isolation.models import SOURCES as ORDER_SOURCES
    from shouwang.isolation.schedule import CLOCK_WORDS
    from shouwang.outreach.channels import KIND_WORDS
    from shouwang.outreach.queries import STATES
    from shouwang.outreach.queries import WHY as OUTBOX_WHY
    from shouwang.outreach.texts import purposes
    from shouwang.plans.loader import load, shipped
    from shouwang.register.answering import ANSWERING_ROLES
    from shouwang.register.importing.vocabulary import WORKBOOKS
    from shouwang.register.joining.duplicates import WHY
    from shouwang.register.matching import WHY as MATCHED_BY
    from shouwang.register.models import HELPS, Residence
    from shouwang.register.past import FIELD_WORDS
    from shouwang.screening.actions import OUTCOMES
    from shouwang.screening.cases.models import SOURCES
    from shouwang.screening.codes.models import COLOURS
    from shouwang.screening.codes.models import WORDS as CODE_STEPS
    from shouwang.screening.lists.models import CHANNELS
    from shouwang.screening.lists.models import SOURCES as LIST_SOURCES
    from shouwang.screening.lists.reading import HEADINGS
    from shouwang.screening.lists.rules import ENTAILS
    from shouwang.screening.reports.models import WHOSE, WISHES

    yield from (kind.words for kind in DUTY_KINDS.values())
    yield from (lines.words for lines in LINES.values())
    yield from (field.means for field in FIELDS.values() if field.means)
    yield from OUTCOMES.values()
    yield from (words for _, words in SOURCES)
    yield from (words for _, words in (*SOURCES, *LIST_SOURCES, *CHANNELS, *COLOURS))
    yield from (*ENTAILS.values(), *CODE_STEPS.values(), *MATCHED_BY.values())
    yield from (said["label"] for said in HEADINGS.values())
    yield from (*STATES.values(), *OUTBOX_WHY.values(), *KIND_WORDS.values())
    yield from (one.words for one in purposes().values())
    yield from (*WHY.values(), *CLOCK_WORDS.values(), *(words for _, words in ORDER_SOURCES))
    yield from FIELD_WORDS.values()
    yield from (str(words) for _, words in Residence._meta.get_field("kind").flatchoices)
    yield from REASON_WORDS.values()
    for workbook in WORKBOOKS.values():
        yield from (workbook.words, *(field.label for field in workbook.vocabulary.fields))
    yield from (str(words) for _, words in (*ANSWERING_ROLES, *HELPS, *WHOSE, *WISHES, *NEEDS, *CARE, *HOW))
    for path in shipped().values():
        isolation = load(path).isolation
        yield from isolation.symptoms if isolation else ()


if __name__ == "__main__":
    collect() if sys.argv[1:] == ["collect"] else compile_all()
