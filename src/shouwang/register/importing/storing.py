"""A household or person of a file as the columns of its table: sealed, digested, masked."""

from datetime import date

from shouwang.lib.sealing import Sealer
from shouwang.register.finding.keys import name_key
from shouwang.register.finding.sealed import Values, identity_values, phone_values
from shouwang.register.importing.reading import Behind
from shouwang.register.importing.residents import Resident

HOUSEHOLD = ("compound", "building", "unit", "floor", "room", "empty_on", "landlord_sealed", "note")
IDENTITY = ("id_kind", "id_sealed", "id_digest", "id_mask")
PHONES = ("phones_sealed", "phone_digests", "phone_mask")
PERSON = (
    "area_code", "household_id", "name", "name_key", "relation", "sex", "born_on", *IDENTITY, *PHONES,
    "category", "from_place", "helps", "help_note", "vaccine_doses", "note", "match_digests",
)  # fmt: skip


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
