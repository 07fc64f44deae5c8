"""What pages say, in three languages: the source is Simplified Chinese, the others are complete.

python -m shouwang.desk.translations            compiles what is translated
python -m shouwang.desk.translations collect    writes what is new into the files of both languages
"""

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import get_args

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
    "devices",
    "api",
    "directives",
    "roster",
    "flows/hands",
    "supplies",
    "disinfection",
    "inspection",
    "screening/cases",
    "screening/codes",
    "screening/contests",
    "screening/lists",
    "flows/hand_over_rows.py",
    "access/scope.py",
    "access/signing.py",
    "lib/errors.py",
    "desk/asked",
    "desk/open",
    "desk/open/homes",
    "desk/open/passes",
    "desk/passes",
    "desk/gates/incidents",
    "gates/incidents",
    "gates",
    "isolation",
    "isolation/buildings",
    "isolation/needs",
    "standing",
    "testing/rounds",
    "testing/tubes",
    "testing/tubes/hub",
    "testing/results",
    "flows/swabbing",
    "screening",
    "screening/reports",
    "duties",
    "flows/before_close.py",
    "flows/ending/close_out.py",
    "inbox",
    "outreach/notices",
    "vaccination",
    "ledgers",
    "ledgers/blank",
    "desk/doors.py",
    "outreach",
    "desk/exporting",
    "desk/overview",
    "desk/running",
    "access/actions.py",
    "plans/actions.py",
    "plans/filling.py",
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
        *_listed_of_isolation(),
        *_listed_of_roster(),
        *_listed_by_hands(),
        *_listed_of_incidents(),
        *_listed_of_rounds(),
        *_listed_of_samples(),
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
    for path in sorted((*HERE.rglob("*.py"), *(SOURCE / "api").glob("*.py"))):
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


def _listed_of_isolation() -> Iterator[str]:
    """Words of isolation: care, needs, clocks, conditions of an end, symptoms and homes as the plans name them."""
    from shouwang.desk.wording import TWICE
    from shouwang.isolation.buildings.endings import LISTED
    from shouwang.isolation.buildings.models import OUT
    from shouwang.isolation.changing import FIT, UNFIT
    from shouwang.isolation.models import CARE, HOW, NEEDS, ODD, SOURCES
    from shouwang.isolation.needs.models import CARS, REGULAR
    from shouwang.isolation.releasing.conditions import WORDS
    from shouwang.isolation.schedule import CLOCK_WORDS
    from shouwang.plans.form.people import Swab
    from shouwang.plans.form.vocabulary import Mode
    from shouwang.plans.form.wording import say
    from shouwang.plans.loader import load, shipped

    yield from (
        *(say("mode", mode) for mode in get_args(Mode)),
        *(say("swab", swab) for swab in get_args(Swab)),
        TWICE,
    )
    yield from (str(words) for _, words in (*NEEDS, *CARE, *HOW, *ODD, *OUT, *SOURCES, *REGULAR, *CARS))
    yield from (*LISTED, *WORDS.values(), *CLOCK_WORDS.values(), FIT, UNFIT)
    for path in shipped().values():
        isolation = load(path).isolation
        yield from (*isolation.symptoms, *isolation.home_conditions) if isolation else ()


def _listed_of_incidents() -> Iterator[str]:
    """Words of gates and of incidents there: who came which way, what happened, what became of the pass; what is contested."""
    from shouwang.gates import models as gates
    from shouwang.gates.incidents.models import KINDS, OUTCOMES
    from shouwang.screening.contests.models import AGAINST

    yield from (words for _, words in (*KINDS, *OUTCOMES, *gates.KINDS, *gates.WHO, *gates.DIRECTIONS))
    yield from (words for _, words in (*gates.DECISIONS, *AGAINST))


def _listed_of_roster() -> Iterator[str]:
    """Words about those who work: what they can and must not do, when they come, what they are told first."""
    from shouwang.roster import abilities
    from shouwang.roster.models import ABSENCES, POSTS, THINGS
    from shouwang.roster.volunteers import BRIEFING

    yield from (words for _, words in (*ABSENCES, *POSTS, *THINGS, *BRIEFING))
    yield from (*abilities.ABILITY_WORDS.values(), *abilities.STRAIN_WORDS.values())
    yield from (*abilities.SKILL_CHOICES, *abilities.UNFIT_CHOICES, *abilities.HOUR_CHOICES, *abilities.USUAL)


def _listed_of_rounds() -> Iterator[str]:
    """Words of testing: who, why exempt, what was tried and what comes next, the four jobs, results."""
    from shouwang.desk.testing.rounds.opened import NEXT
    from shouwang.desk.testing.rounds.planning import JOBS
    from shouwang.testing.results.models import OUTCOMES as SAID_OF_TUBES
    from shouwang.testing.results.rules import HELD
    from shouwang.testing.rounds.exempting import REASONS
    from shouwang.testing.rounds.gap import OUTCOMES
    from shouwang.testing.rounds.who import GROUPS

    yield from (*GROUPS.values(), *REASONS, *OUTCOMES.values(), *NEXT.values(), *JOBS)
    yield from (*HELD.values(), *(words for _key, words in SAID_OF_TUBES))


def _listed_of_samples() -> Iterator[str]:
    """Words of samples: where a box is, what was done with it, whose hands, which counts differ."""
    from shouwang.testing.tubes.models import DIFFERENCES, STATIONS, STEPS, TUBE_STEPS
    from shouwang.testing.tubes.rules import STATES

    yield from (*STATES.values(), *(words for _, words in (*DIFFERENCES, *STATIONS, *STEPS, *TUBE_STEPS)))


def _listed() -> Iterator[str]:
    """Words that modules list as data."""
    import django

    django.setup()
    from shouwang.catalogue import DUTY_KINDS, FIELDS, LINES
    from shouwang.devices.flags import FLAGS
    from shouwang.devices.queries import APART
    from shouwang.flows.end_of_day import REASON_WORDS
    from shouwang.flows.ending.close_out import WAITS
    from shouwang.inbox.models import WAYS
    from shouwang.inbox.queries import STEPS
    from shouwang.outreach.channels import KIND_WORDS
    from shouwang.outreach.notices.models import BY
    from shouwang.outreach.queries import STATES
    from shouwang.outreach.queries import WHY as OUTBOX_WHY
    from shouwang.outreach.texts import purposes
    from shouwang.register.answering import ANSWERING_ROLES
    from shouwang.register.importing.vocabulary import WORKBOOKS
    from shouwang.register.joining.duplicates import WHY
    from shouwang.register.matching import WHY as MATCHED_BY
    from shouwang.register.models import HELPS, Residence
    from shouwang.register.past import FIELD_WORDS
    from shouwang.retention.rules import USUAL
    from shouwang.screening.actions import OUTCOMES
    from shouwang.screening.cases.models import SOURCES
    from shouwang.screening.codes.models import COLOURS
    from shouwang.screening.codes.models import WORDS as CODE_STEPS
    from shouwang.screening.lists.models import CHANNELS
    from shouwang.screening.lists.models import SOURCES as LIST_SOURCES
    from shouwang.screening.lists.reading import HEADINGS
    from shouwang.screening.lists.rules import ENTAILS
    from shouwang.screening.reports.models import WHOSE, WISHES
    from shouwang.vaccination.models import SAYS

    yield from (kind.words for kind in DUTY_KINDS.values())
    yield from (lines.words for lines in LINES.values())
    yield from (field.means for field in FIELDS.values() if field.means)
    yield from OUTCOMES.values()
    yield from (words for flag in (*FLAGS.values(), *APART.values()) for words in (flag.words, flag.todo))
    yield from (words for _, words in SOURCES)
    yield from (words for _, words in (*SOURCES, *LIST_SOURCES, *CHANNELS, *COLOURS))
    yield from (*ENTAILS.values(), *CODE_STEPS.values(), *MATCHED_BY.values())
    yield from (said["label"] for said in HEADINGS.values())
    yield from (*STATES.values(), *OUTBOX_WHY.values(), *KIND_WORDS.values())
    yield from (one.words for one in purposes().values())
    yield from WHY.values()
    yield from FIELD_WORDS.values()
    yield from (str(words) for _, words in Residence._meta.get_field("kind").flatchoices)
    yield from REASON_WORDS.values()
    for workbook in WORKBOOKS.values():
        yield from (workbook.words, *(field.label for field in workbook.vocabulary.fields))
    yield from (str(words) for _, words in (*ANSWERING_ROLES, *HELPS, *WHOSE, *WISHES))
    yield from (
        *USUAL.values(),
        *STEPS.values(),
        *(words for _, words in (*WAYS, *BY)),
        *(words for words, *_ in WAITS.values()),
    )
    yield from (words for _, words in SAYS)


def _listed_by_hands() -> Iterator[str]:
    """Words of goods, disinfection and inspection."""
    from shouwang.disinfection.models import COLLECTED, STEPS
    from shouwang.inspection.models import SITES
    from shouwang.inspection.questions import QUESTIONS, WATCHED
    from shouwang.supplies.models import MEALS, MOVEMENTS

    yield from (words for _, words in (*MEALS, *MOVEMENTS, *COLLECTED, *STEPS, *SITES))
    yield from (words for asked in QUESTIONS.values() for _key, *both in asked for words in both)
    yield from WATCHED


if __name__ == "__main__":
    collect() if sys.argv[1:] == ["collect"] else compile_all()
