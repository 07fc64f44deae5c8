"""Documents and masks."""

from datetime import date

import pytest

from shouwang.lib.identity import check_id_number, mask_id, mask_name, mask_phone


@pytest.mark.parametrize(
    ("written", "kind", "valid", "born_on", "sex"),
    [
        ("410101197206220755", "resident", True, date(1972, 6, 22), "男"),
        ("410101197206220756", "resident", False, date(1972, 6, 22), "男"),
        ("410101440323376", "legacy", None, date(1944, 3, 23), "女"),
        ("830000199001010012", "residence_permit", True, date(1990, 1, 1), "男"),
        ("410101********0775", "masked", None, None, "男"),
        ("410101196310164***", "masked", None, date(1963, 10, 16), ""),
        ("H12345678", "hk_macau_permit", None, None, ""),
        ("M1234567890", "hk_macau_permit", None, None, ""),
        ("12345678", "taiwan_permit", None, None, ""),
        ("E12345678", "passport", None, None, ""),
        ("EA1234567", "passport", None, None, ""),
        ("USA110000000000", "foreign_permit", None, None, ""),
        ("南字第12345678号", "other", None, None, ""),
        ("", "empty", None, None, ""),
        ("123", "unknown", False, None, ""),
    ],
)
def test_documents(written: str, kind: str, valid: bool | None, born_on: date | None, sex: str) -> None:
    checked = check_id_number(written)
    assert (checked.kind, checked.valid, checked.born_on, checked.sex) == (kind, valid, born_on, sex)


def test_every_single_wrong_digit_is_noticed() -> None:
    right = "410101197206220755"
    for place in range(18):
        for digit in "0123456789":
            wrong = right[:place] + digit + right[place + 1 :]
            assert check_id_number(wrong).valid is True or wrong != right
            assert (check_id_number(wrong).valid is True) == (wrong == right)


def test_masks_hide_the_birthday_and_keep_what_is_needed_to_recognise() -> None:
    assert mask_id("410101197206220755") == "410101********0755"
    assert mask_id("E12345678") == "E******78"
    assert mask_phone("13800001234") == "138****1234"
    assert mask_phone("61132700") == "******00"
    assert mask_name("王芳") == "王*"
    assert mask_name("欧阳小雨") == "欧***"
