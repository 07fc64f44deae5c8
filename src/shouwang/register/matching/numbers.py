"""Two written identity numbers side by side: the same, one digit wrong, two swapped, half covered, or another's."""

from dataclasses import dataclass

from shouwang.lib.identity import RESIDENT, check_id_number
from shouwang.lib.sheets.cells import id_number

WHOLE, MASKED, LOOK, OTHER = "whole", "masked", "look", "other"
DIGITS_FOR_LETTERS = str.maketrans("OQDILZSBGT", "0001125867")
LEAST_SEEN = 10
SEXES = {"男": "m", "女": "f"}
# What each digit tells neighbours apart by: nothing the area and the century, little the month.
TOLD_BITS = (0,) * 8 + (3, 3, 1.5, 2, 2, 3, 3.3, 3.3, 3.3, 3.4)
ENOUGH_BITS = 12
FAR = 4  # digits: with one of two numbers wrong in itself, fewer differences may be slips


@dataclass(frozen=True, slots=True)
class Number:
    """A document number as it can be compared.

    Shape: `value` as the register would keep it; `state` whole (valid), masked (first six and last four), look
    (has to be compared digit by digit), other (only as a whole) or empty; `born` as 1962-05-21 and `sex` as m or f only
    where the number can be trusted.
    """

    value: str = ""
    state: str = ""
    born: str = ""
    sex: str = ""


NONE = Number()


def read(written: str) -> Number:
    """A number as somebody wrote it; letters that a machine read for digits are mended if the check agrees."""
    if not written:
        return NONE
    value = id_number(written).value
    identity = check_id_number(value)
    mended = value.translate(DIGITS_FOR_LETTERS)
    if mended != value and (fixed := check_id_number(mended)).valid:
        value, identity = mended, fixed
    state = _state(value, identity.valid is True)
    trusted = state in (WHOLE, MASKED) or identity.kind == "legacy"
    born = identity.born_on if identity.valid or identity.kind in ("legacy", "masked") else None
    return Number(
        value, state, born.isoformat() if born else "", SEXES.get(identity.sex, "") if trusted else ""
    )


def _state(value: str, is_valid: bool) -> str:
    if RESIDENT.fullmatch(value):
        return WHOLE if is_valid else LOOK
    if len(value) == 18 and "*" in value:
        return MASKED if "*" not in value[:6] + value[14:] and set(value[6:14]) == {"*"} else LOOK
    if "*" in value or value.rstrip("X").isdigit():
        return LOOK
    return OTHER if value else ""


def _valid(value: str) -> bool:
    """Whether a number of 18 digits has a birthday and the right check digit."""
    return check_id_number(value).valid is True


def _comparable(value: str) -> bool:
    return _state(value, False) in (MASKED, LOOK)


def compare(one: str, other: str) -> str:
    """The evidence in two numbers: a key of the weights, or empty where they prove nothing either way."""
    if not _comparable(one) or not _comparable(other):
        return ""
    if one == other:
        return "id" if _valid(one) else "id_part" if "*" in one else "id_one_digit"
    if "*" in one or "*" in other:
        return _covered(one, other)
    if len(one) == len(other):
        return _slipped(one, other)
    short, long = sorted((one, other), key=len)
    if len(short) == 15 and len(long) == 18:
        return _old(short, long)
    return _lost(short, long)


def _slipped(one: str, other: str) -> str:
    """Two numbers of one length. Two valid ones that differ are two people: a twin's differ in two digits."""
    wrong = [place for place in range(len(one)) if one[place] != other[place]]
    both = len(one) == 18 and _valid(one) and _valid(other)
    if both:
        return "not_id"
    if len(wrong) == 1:
        return "id_one_digit"
    if len(wrong) == 2 and wrong[1] == wrong[0] + 1 and _turned(one, other, wrong[0]):
        return "id_swapped"
    return "not_id" if len(wrong) >= FAR else "id_differs"


def _turned(one: str, other: str, place: int) -> bool:
    return one[place] == other[place + 1] and one[place + 1] == other[place]


def _old(short: str, long: str) -> str:
    """A number of 15 digits beside one of 18."""
    said = _slipped(short, long[:6] + long[8:17])
    if short == long[:6] + long[8:17]:
        return "id_15"
    return said


def _lost(short: str, long: str) -> str:
    """A digit left out or typed twice."""
    if len(long) - len(short) != 1 or len(short) < LEAST_SEEN:
        return "" if len(short) < 15 else "not_id"
    left_out = any(long[:place] + long[place + 1 :] == short for place in range(len(long)))
    return "id_one_digit" if left_out else "not_id"


def _covered(one: str, other: str) -> str:
    """Numbers with stars: what is seen of both agrees, or it does not."""
    if len(one) != len(other):
        return ""
    seen = [place for place in range(len(one)) if "*" not in (one[place], other[place])]
    wrong = sum(one[place] != other[place] for place in seen)
    if wrong:
        return "not_id" if wrong >= FAR or _valid(one) or _valid(other) else "id_differs"
    told = sum(TOLD_BITS[place] for place in seen) if len(one) == len(TOLD_BITS) else 0
    return "id_part" if told >= ENOUGH_BITS else ""
