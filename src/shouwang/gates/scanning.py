"""扫码进出: who comes to a place scans the code at its door, in and out, with a name and a phone, and without an app (F3).

Kept for the plan's days; opened only by a case investigation, and every use of it is written down.
"""

from datetime import datetime
from uuid import UUID

from django.conf import settings

from shouwang.duties.writing import write
from shouwang.gates.models import ADMITTED, Companion, Gate, Passage
from shouwang.lib.errors import Refusal
from shouwang.lib.identity import mask_phone
from shouwang.lib.phones import read_phones
from shouwang.lib.sealing import sealer

PLACE = "place gate"


class WhoAreYou(Refusal):
    code = "gates.who_are_you"
    sentence = "请写姓名和手机号，只有流调要查时才会打开。"


def scan(gate: Gate, direction: str, *, id: UUID, name: str, phone: str, at: datetime) -> None:
    """Somebody went in or out here. Sent twice it is there once. Raises: WhoAreYou."""
    numbers = read_phones(phone).numbers
    if not name.strip() or not numbers:
        raise WhoAreYou()
    row = {
        "id": id, "area_code": gate.area_code, "at": at, "recorded_at": at, "gate_id": gate.pk, "direction": direction,
        "kind": "visitor", "decision": ADMITTED, "code": "pass", "online": True,
    }  # fmt: skip
    if not write(Passage, [row]):
        return
    keys = sealer(settings.SEALING_KEY_FILE)
    Companion.objects.create(
        passage_id=id, area_code=gate.area_code, name=name.strip()[:64], phone_sealed=keys.seal(numbers[0]),
        phone_digest=keys.digest("phone", numbers[0]), phone_mask=mask_phone(numbers[0])[:24],
    )  # fmt: skip
