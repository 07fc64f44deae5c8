"""Where a form's extra question is asked and how it is answered: read from its heading. Values in, values out."""

import re

AT_THE_DOOR, ON_LISTS, NOWHERE = "visit", "list", ""
NUMBER, YES_NO, CHOICE, TEXT = "number", "yes_no", "choice", "text"
YES, NO = "是", "否"
WHETHER = ("是否", "有无", "有没有", "能否")
SINCE_EVER = ("累计", "总数", "历史")
OF_LISTS = ("screening.listed", "person")
MOST_CHOICES, LONGEST_CHOICE, MOST = 6, 8, 1_000_000
BRACKETS = re.compile(r"[（(]([^（）()]{3,60})[)）]")
BETWEEN = re.compile(r"[/／、，,；;|]")


def where_asked(shape: str, lines: str) -> str:
    """Numbers of places are asked at the doors, cells of people when they are called; of other lines nobody is asked."""
    if shape == "number":
        return AT_THE_DOOR
    return ON_LISTS if lines in OF_LISTS else NOWHERE


def kind_of(heading: str, shape: str) -> str:
    """How it is answered: one tap where the heading says so, a number on forms of numbers, else a few words."""
    if any(word in heading for word in WHETHER):
        return YES_NO
    if shape == "number":
        return NUMBER
    return CHOICE if choices_of(heading) else TEXT


def choices_of(heading: str) -> tuple[str, ...]:
    """The answers that a heading names in its brackets: 核查方式（入户/电话）."""
    found = BRACKETS.search(heading)
    named = tuple(filter(None, (one.strip() for one in BETWEEN.split(found[1])))) if found else ()
    few = 2 <= len(named) <= MOST_CHOICES and all(len(one) <= LONGEST_CHOICE for one in named)
    return named if few else ()


def span_of(heading: str) -> str:
    """累计 counts since the beginning, everything else the period."""
    return "ever" if any(word in heading for word in SINCE_EVER) else "day"


def amount_of(kind: str, value: str) -> int | None:
    """What an answer adds to a number: a yes is one, a no is none, words are nothing that can be added."""
    if kind == YES_NO:
        return int(value == YES)
    return (
        int(value) if kind == NUMBER and value.isascii() and value.isdigit() and int(value) <= MOST else None
    )
