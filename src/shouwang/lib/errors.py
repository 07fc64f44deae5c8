"""Refusals: what the system will not do, said so that a volunteer knows what to do next.

Refusal             a rule of the house says no: shown beside the field or on the terminal, exit code 2
└── NotInScope      the thing does not exist for this person: shown as 404, never as 403
"""

from collections.abc import Mapping


class Refusal(Exception):
    """One clear no: a code for programs and a sentence for people.

    Shape: `code` is dotted and begins with its module (`register.unknown_area`); `params` are plain values that
    the sentence names; `where` says the place in a file (`sheet`, `row`, `column`) where there is one.
    """

    code = "refused"
    sentence = "这一步做不了。"

    def __init__(self, *, where: Mapping[str, object] | None = None, **params: object) -> None:
        self.params = params
        self.where = dict(where or {})
        super().__init__(self.sentence.format(**params))


class NotInScope(Refusal):
    """The thing is not there for this person, whether it exists or not."""

    code = "access.not_in_scope"
    sentence = "没有找到，或者不在您负责的范围内。"
