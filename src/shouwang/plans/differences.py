"""What changes for people when one plan takes the place of another, in words a secretary can read out."""

from collections.abc import Iterator
from dataclasses import dataclass

import msgspec

from shouwang.plans.form.entries import ABOUT_THE_FILE, Spot, title
from shouwang.plans.form.people import Regime, in_words
from shouwang.plans.form.vocabulary import Part, Words
from shouwang.plans.form.wording import label, say
from shouwang.plans.schema import Plan

_NOT_A_CHANGE = ABOUT_THE_FILE - {"words"} | {"name", "version", "edition", "valid_from"}
_REFERENCES = {"regime": "regimes", "becomes": "zones", "primary": "categories", "on_positive": "categories"}
_OPEN = "待定，请填写"


@dataclass(frozen=True)
class Change:
    """One difference between two plans: where, what was, what will be; empty where there is nothing.

    Shape: `key` as in the file; `place` the same in words; `before` and `after` read aloud.
    """

    key: str
    place: tuple[str, ...]
    before: str
    after: str

    @property
    def sentence(self) -> str:
        """The change as one sentence."""
        where = " · ".join(self.place)
        if not self.before:
            return f"新增：{where}（{self.after}）" if self.after != self.place[-1] else f"新增：{where}"
        if not self.after:
            return (
                f"取消：{where}（原为 {self.before}）" if self.before != self.place[-1] else f"取消：{where}"
            )
        return f"{where}：由 {self.before} 改为 {self.after}"


def differences(old: Plan, new: Plan) -> list[Change]:
    """Everything that is done differently under the new plan; empty when only sources or notes differ."""
    return list(_Comparison(old, new).between(old, new, Spot((), (), "", "")))


@dataclass(frozen=True)
class _Comparison:
    """The two plans, at hand where a value names another table and its words must be looked up."""

    old: Plan
    new: Plan

    def between(self, old: object, new: object, at: Spot) -> Iterator[Change]:
        """The changes between two values that stand at one place."""
        if old == new:
            return
        if not _comparable(old, new):
            yield Change(".".join(at.path), at.place, _read(self.old, old, at), _read(self.new, new, at))
            return
        then, now = _members(old), _members(new)
        for key in then | now:
            words = title(key, now.get(key, then.get(key))) if isinstance(new, dict) else _step(key)
            field = at.field if isinstance(new, dict) else key
            yield from self.between(
                then.get(key), now.get(key), Spot((*at.path, key), (*at.place, words), field, "")
            )


def _members(value: object) -> dict[str, object]:
    """The members that two tables are compared by; what is to be set stands there as such."""
    if isinstance(value, dict):
        return value
    if isinstance(value, tuple):
        return {str(n): one for n, one in enumerate(value, start=1)}
    assert isinstance(value, msgspec.Struct)
    members = {name: getattr(value, name) for name in value.__struct_fields__ if name not in _NOT_A_CHANGE}
    return members | dict.fromkeys(value.to_be_set if isinstance(value, Part) else (), _OPEN)


def _comparable(old: object, new: object) -> bool:
    """Whether both sides are tables of one shape, so that their members can be told one by one."""
    if not old or not new or type(old) is not type(new) or isinstance(old, Words):
        return False
    if isinstance(old, tuple):
        return any(isinstance(one, msgspec.Struct) for one in old)
    return isinstance(old, dict | msgspec.Struct)


def _step(key: str) -> str:
    return f"第 {key} 步" if key.isdigit() else label(key)


def _read(plan: Plan, value: object, at: Spot) -> str:
    """A value read aloud: a table by its name, the name of a table by that table's words."""
    if value is None or value == () or value == {}:
        return ""
    if at.field in _REFERENCES:
        return title(str(value), getattr(plan, _REFERENCES[at.field]).get(value))
    if isinstance(value, msgspec.Struct):
        return in_words(value) if isinstance(value, Regime) else title(at.place[-1], value)
    if isinstance(value, dict):
        return "、".join(title(key, item) for key, item in value.items())
    if isinstance(value, tuple) and any(isinstance(one, msgspec.Struct) for one in value):
        return f"{len(value)} 步"
    return say(at.field, value)
