"""ID numbers and telephones as columns: sealed for those who must read them, masked for the rest, digested to be found."""

from typing import Any

from shouwang.lib.identity import IdNumber, mask_id, mask_phone
from shouwang.lib.sealing import Sealer

Values = dict[str, Any]


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
