"""A household or person of a file as the columns of its table: sealed, digested, masked."""

from datetime import date
from typing import Any

from shouwang.lib.identity import IdNumber, mask_id, mask_phone
from shouwang.lib.sealing import Sealer
from shouwang.register.finding.keys import name_key
from shouwang.register.importing.reading import Behind
from shouwang.register.importing.residents import Resident

Values = dict[str, Any]

HOUSEHOLD = ("compound", "building", "unit", "floor", "room", "empty_on", "landlord_sealed", "note")
IDENTITY = ("id_kind", "id_sealed", "id_digest", "id_mask")
PHONES = ("phones_sealed", "phone_digests", "phone_mask")
PERSON = (
    "area_code", "household_id", "name", "name_key", "relation", "sex", "born_on", *IDENTITY, *PHONES,
    "category", "from_place", "helps", "help_note", "vaccine_doses", "note", "match_digests",
)  # fmt: skip
WORDS = {
    "household_id": "住处", "area_code": "住处", "name": "姓名", "relation": "与户主关系", "sex": "性别",
    "born_on": "出生日期", "id_mask": "证件号", "phone_mask": "电话", "category": "人员类型", "note": "备注",
    "from_place": "户籍地", "helps": "需要的帮助", "help_note": "需要的帮助", "vaccine_doses": "疫苗剂次",
    "empty_on": "空户", "landlord_sealed": "房东", "floor": "楼层", "room": "房号", "building": "楼号",
    "unit": "单元",
}  # fmt: skip


def household_values(household: Behind, sealer: Sealer, today: date) -> Values:
    """The columns of a household as the file tells it."""
    return {
        "compound": household.compound,
        "building": household.building,
        "unit": household.unit,
        "floor": household.floor,
        "room": household.room,
        "empty_on": today if household.empty else None,
        "landlord_sealed": sealer.seal(household.landlord[:200]),
        "note": household.note,
    }


def person_values(person: Resident, sealer: Sealer) -> Values:
    """The columns of a person as the file tells them; the door is added by who knows it."""
    return {
        "name": person.name,
        "name_key": name_key(person.name),
        "relation": person.relation,
        "sex": person.sex,
        "born_on": person.born_on,
        **identity_values(person.identity, sealer, person.sure),
        **phone_values(person.phones, sealer),
        "category": person.category,
        "from_place": person.from_place,
        "helps": list(person.helps),
        "help_note": person.help_note,
        "vaccine_doses": person.doses,
        "note": person.note,
    }


def identity_values(identity: IdNumber, sealer: Sealer, sure: bool) -> Values:
    """An identity document: sealed, masked, and found by its digest only where it is certain."""
    number = identity.value[:64]
    return {
        "id_kind": identity.kind if number else "",
        "id_sealed": sealer.seal(number),
        "id_digest": sealer.digest("id", number) if sure else b"",
        "id_mask": mask_id(number)[:24],
    }


def phone_values(phones: tuple[str, ...], sealer: Sealer) -> Values:
    """Telephone numbers: sealed, masked, each found by its digest."""
    kept = [phone[:40] for phone in phones[:4]]
    return {
        "phones_sealed": [sealer.seal(phone) for phone in kept],
        "phone_digests": [sealer.digest("phone", phone) for phone in kept],
        "phone_mask": " ".join(mask_phone(phone) for phone in kept)[:40],
    }


def match_digests(values: Values, number: str, door: str, sealer: Sealer) -> list[bytes]:
    """By what a list from above may know this person without the whole ID number.

    Shape: `door` as in 3-2-502, without the compound: lists rarely name it.
    """
    digests = [sealer.digest("name+door", values["name"], door)]
    if values["born_on"]:
        digests.append(sealer.digest("name+birth", values["name"], values["born_on"].isoformat()))
    if len(number) == 18 and "*" not in number:
        digests += [
            sealer.digest("id10", number[:6], number[-4:]),
            sealer.digest("id15", number[:6] + number[8:17]),
        ]
    if len(number) == 15 and number.isdigit():
        digests.append(sealer.digest("id15", number))
    return digests


def merged_values(old: Values, new: Values) -> Values:
    """What a newer file makes of a row: no empty cell takes away what is known, no doubt what is sure."""
    kept = dict(old)
    for name, value in new.items():
        if name in IDENTITY or name in PHONES or name == "helps":
            continue
        if value not in ("", None, b""):
            kept[name] = value
    if new.get("id_sealed") and (new["id_digest"] or not old["id_digest"]):
        kept.update({name: new[name] for name in IDENTITY})
    if new.get("phones_sealed"):
        kept.update({name: new[name] for name in PHONES})
    if "helps" in new:
        kept["helps"] = old["helps"] + [name for name in new["helps"] if name not in old["helps"]]
    return kept
