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
    "devices/phones.html": "phones and who works with them today; the audit has who was given one",
    "devices/give.html": "whom to give a phone to; the list of helpers stands under 包保",
    "devices/code.html": "a code that is shown once",
    "devices/raw.html": "what a phone wrote, twenty at most; that it was read is written down",
    "account/login.html": "the accounts of the demo town",
    "briefing/minutes.html": "a meeting as it was held, on one page",
    "cases/case.html": "what was found out leaves by a community's list or by letter alone",
    "cases/chain.html": "what was found out leaves by a community's list or by letter alone",
    "cases/letter.html": "a sheet for the post; who printed it is written down",
    "cases/mine.html": "the cases given to oneself",
    "cases/new.html": "what one looks for, twenty at most",
    "cases/who.html": "what one looks for, twenty at most",
    "close_out/end.html": "tables by their words; the certificate is printed",
    "directives/one.html": "one document; what was answered stands with each of its points",
    "door/call.html": ABOUT_ONE,
    "door/cards.html": ON_PAPER,
    "door/cards_sheet.html": ON_PAPER,
    "door/day.html": "one's own doors on a phone, which keeps nothing",
    "door/keying.html": ON_PAPER,
    "door/paper.html": ON_PAPER,
    "door/sheets.html": ON_PAPER,
    "isolation/buildings/seal.html": "one building",
    "disinfection/spot.html": "one spot; its rounds stand in the board's lists",
    "gates/incidents/one.html": "one incident",
    "passes/new.html": "the kinds of the plan",
    "passes/of_list.html": "numbers of one list, and why somebody of it gets none; the list itself goes back filled",
    "passes/one.html": ABOUT_ONE,
    "passes/print.html": "buildings, each with its cards",
    "passes/sheet.html": "cards to cut out; that they were printed is written down",
    "testing/tubes/codes.html": "cards to cut out, of people who stand in the register",
    "testing/results/decide.html": "one result beside what our samplers told",
    "testing/results/pool.html": "one tube and the few people in it",
    "testing/rounds/calls.html": "points and hours, and the texts to send; what is drawn is a list of the store",
    "testing/rounds/jobs.html": "who does what, to print; the names stand in the list of who answers",
    "testing/rounds/sheet.html": ON_PAPER,
    "testing/rounds/round.html": "numbers, each with its list of people",
    "testing/tubes/speed.html": "points and their numbers; who is missing is a list of its own",
    "testing/tubes/tube.html": "one tube and the few people in it",
    "supplies/count.html": "the shelf beside the book; what lies there stands in the list of goods",
    "supplies/item.html": "one item; its movements stand in the ledger",
    "inbox/matter.html": "one matter, and what the same people said before",
    "outreach/notice.html": "one notice, and who of those who work has read it",
    "vaccination/overview.html": "numbers by age; whom to call is a list of its own",
    "isolation/moving/sheet.html": ON_PAPER,
    "isolation/chat.html": "a preview of what is not written down yet",
    "isolation/find.html": "what one looks for, fifty at most",
    "isolation/from_list.html": "numbers of one list, and why somebody of it is not asked; the list itself goes back filled",
    "isolation/moving/new.html": ABOUT_ONE,
    "isolation/moving/transfer.html": "one car",
    "isolation/new.html": ABOUT_ONE,
    "isolation/outside.html": ABOUT_ONE,
    "gates/live.html": "gates in numbers, each with its list of passages",
    "gates/week.html": "what is to be looked at; all of it stands in the passages of the gates",
    "isolation/watching/pictures.html": "pictures; whoever is held stands in the lists of the overview",
    "isolation/watching/oddities.html": "what is to be looked at; what was found out stands in the audit",
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
    "roster/hand_over.html": "one person's work, handed over",
    "roster/handing.html": "whose work is to be handed over: one name is looked for",
    "roster/person.html": "one person who works here",
    "roster/post.html": "the hours of one post",
    "roster/posts.html": "places of work; who stands there is a list of its own",
    "roster/calls.html": "call-ups, each with its list",
    "roster/shift.html": "one shift; the day and the week are lists",
    "roster/print.html": ON_PAPER,
    "roster/signup.html": "one person who signed up",
    "roster/thing.html": "one thing that is held for somebody",
    "screening/choosing.html": ABOUT_ONE,
    "screening/columns.html": "the first rows of a file that is at hand",
    "screening/inquiry.html": ABOUT_ONE,
    "screening/list.html": "one list; its rows stand in the list of people",
    "screening/lists.html": "numbers, each with its list of people",
    "screening/unowned.html": "rows to hand out; all of them stand in the list of people",
    "screening/newer.html": "two files that are at hand, laid side by side",
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
