"""The extra questions of forms from above, as fields of a form that is filled at the door or on the phone anyway."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from shouwang.ledgers.asked.replying import LONGEST
from shouwang.ledgers.asked.rules import CHOICE, MOST, NO, NUMBER, YES, YES_NO, choices_of, kind_of
from shouwang.ledgers.models import Question

MORE = "more_"


def add_questions(form: forms.Form, questions: Sequence[Question]) -> None:
    """Adds one field for each; none must be answered, and yes or no is one tap."""
    for one in questions:
        form.fields[f"{MORE}{one.pk}"] = _field(one)


def replies_in(told: dict[str, Any]) -> dict[int, str]:
    """The answers among what was typed, taken out of it."""
    names = [name for name in told if name.startswith(MORE)]
    said = {int(name.removeprefix(MORE)): told.pop(name) for name in names}
    return {question: str(value).strip() for question, value in said.items() if value not in (None, "")}


def _field(question: Question) -> forms.Field:
    kind = kind_of(question.heading, question.form.shape)
    words = question.words.replace("/", "：")
    if kind in (YES_NO, CHOICE):
        named = [(YES, _("是")), (NO, _("否"))] if kind == YES_NO else _as_written(question.heading)
        choices = [("", _("没问")), *named]
        return forms.ChoiceField(label=words, choices=choices, required=False, widget=forms.RadioSelect)
    if kind == NUMBER:
        label = _("{words}（填数字，没问就空着）").format(words=words)
        return forms.IntegerField(label=label, min_value=0, max_value=MOST, required=False)
    return forms.CharField(label=words, max_length=LONGEST, required=False)


def _as_written(heading: str) -> list[tuple[str, str]]:
    """The answers that the form itself names, in the form's words."""
    return [(one, one) for one in choices_of(heading)]
