"""What guards and samplers told on one day, as the columns of the forms from above ask it."""

from dataclasses import dataclass

from shouwang.access.scope import scope
from shouwang.lib.codes import child
from shouwang.register.models import Person
from tests.world import XIANGYUN

BUILDING = child(child(XIANGYUN, 3), 1)  # which is swabbed


@dataclass
class Told:
    """What was told so far today, as a form from above asks it. Units: people, but for the two sorts of vehicles."""

    vehicles: int = 0
    people: int = 0
    turned_vehicles: int = 0
    turned_people: int = 0
    swabbed: int = 0

    @property
    def columns(self) -> dict[str, int]:
        """The columns of the daily form."""
        return {
            "登记车辆": self.vehicles, "登记人员": self.people, "劝返车辆": self.turned_vehicles, "劝返人员": self.turned_people,
            "应检": living_there(), "已检": self.swabbed, "未检": living_there() - self.swabbed,
        }  # fmt: skip

    @property
    def revised(self) -> dict[str, int]:
        """The columns of the revised form."""
        return {
            "今日应检": living_there(), "今日实检": self.swabbed, "卡口登记车辆": self.vehicles, "卡口登记人员": self.people,
        }  # fmt: skip


def living_there() -> int:
    """How many live in the building that is swabbed."""
    with scope([XIANGYUN]):
        return Person.objects.filter(area_code__startswith=BUILDING).count()
