"""Every page that shows a list lets it be taken away in the one way there is, or says here why it does not."""

import re

from django.urls import URLPattern, URLResolver, get_resolver

from tests.structure.source import HOUSE

TEMPLATES = HOUSE / "desk" / "templates"
LIST = re.compile(r'class="table[^"]*\blist\b|desk/parts/watermark\.html')
INCLUDED = re.compile(r'{% include "([^"]+)"')
BUTTON = "desk/parts/export.html"
ABOUT_ONE = "one door, person or place: no list"
ON_PAPER = "a sheet for the hand; what is on it stands in the board's lists"
WITHOUT = {
    "account/login.html": "the accounts of the demo town",
    "briefing/minutes.html": "a meeting as it was held, on one page",
    "cases/case.html": "what was found out leaves by a community's list or by letter alone",
    "cases/chain.html": "what was found out leaves by a community's list or by letter alone",
    "cases/letter.html": "a sheet for the post; who printed it is written down",
    "cases/mine.html": "the cases given to oneself",
    "cases/new.html": "what one looks for, twenty at most",
    "cases/who.html": "what one looks for, twenty at most",
    "directives/one.html": "one document; what was answered stands with each of its points",
    "door/call.html": ABOUT_ONE,
    "door/cards.html": ON_PAPER,
    "door/cards_sheet.html": ON_PAPER,
    "door/day.html": "one's own doors on a phone, which keeps nothing",
    "door/keying.html": ON_PAPER,
    "door/paper.html": ON_PAPER,
    "door/sheets.html": ON_PAPER,
    "isolation/chat.html": "a preview of what is not written down yet",
    "isolation/find.html": "what one looks for, fifty at most",
    "isolation/new.html": ABOUT_ONE,
    "isolation/order.html": ABOUT_ONE,
    "isolation/temperatures.html": "whom to call next; the same people are the list of the overview",
    "outreach/outbox.html": "numbers, each with its list",
    "outreach/list.html": "whom messages went to, numbers masked: seen by those who send, never taken away",
    "ledgers/behind.html": "the records of one number; the form itself is a file",
    "ledgers/columns.html": "the headings of a form that is at hand",
    "ledgers/form.html": "a blank form, which is a file",
    "ledgers/forms.html": "blank forms, which are files",
    "ledgers/ledgers.html": "forms, each a file of its own",
    "ledgers/report.html": "a preview of what is not sent yet",
    "ledgers/roll_up.html": "who has sent; what was sent is a file",
    "ledgers/snapshot.html": "a form, which is a file",
    "living/aside.html": ABOUT_ONE,
    "living/begin.html": "the compounds, each with its lists",
    "living/found.html": "what one looks for, fifty at most",
    "living/household.html": ABOUT_ONE,
    "living/matrix.html": "a picture; its doors stand in the board's lists",
    "living/person.html": ABOUT_ONE,
    "living/place.html": ABOUT_ONE,
    "screening/choosing.html": ABOUT_ONE,
    "screening/columns.html": "the first rows of a file that is at hand",
    "screening/inquiry.html": ABOUT_ONE,
    "screening/list.html": "one list; its rows stand in the list of people",
    "screening/lists.html": "numbers, each with its list of people",
    "screening/work.html": "whom to call next; all of them stand in the list of people",
    "reporting/posters.html": "sheets that hang at doors; nobody stands on them",
    "running/import_columns.html": "the first rows of a file that is at hand",
    "running/import_file.html": "its doubts are a workbook already",
    "running/imports.html": "files that are at hand",
    "running/new_round.html": "a preview of what is not there yet",
    "running/plan.html": "a plan, which is a file",
    "running/plans.html": "what was activated stands in the audit",
}


def _whole(name: str) -> str:
    """A template with everything that it includes."""
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    return text + "".join(_whole(inner) for inner in INCLUDED.findall(text) if inner != f"{name}")


def test_every_list_can_be_taken_away():
    names = [str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")]
    own = {name: (TEMPLATES / name).read_text(encoding="utf-8") for name in names}
    pages = [name for name, text in own.items() if "{% extends" in text and LIST.search(_whole(name))]
    without = {name for name in pages if BUTTON not in _whole(name)}
    assert without == {name for name in WITHOUT if name in pages}
    assert set(WITHOUT) <= set(names)


def test_the_button_stands_where_the_page_can_answer_it():
    views = [one for one in _patterns(get_resolver()) if hasattr(one.callback, "exports")]
    buttons = [path for path in TEMPLATES.rglob("*.html") if BUTTON in path.read_text(encoding="utf-8")]
    assert len(views) == len(buttons)


def _patterns(above: URLResolver) -> list[URLPattern]:
    inner = (_patterns(one) if isinstance(one, URLResolver) else [one] for one in above.url_patterns)
    return [one for patterns in inner for one in patterns]
