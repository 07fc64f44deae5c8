"""The places of the demo town: shops, restaurants, hotels and venues along its streets."""

from dataclasses import dataclass, replace

from shouwang.demo.buildings import COMPOUNDS
from shouwang.demo.invented import Inventor

# Of every hundred places so many are of this kind: words for the name, most who work there, share that is open.
KINDS = (
    ("商铺", 58, ("便利店", "超市", "五金店", "理发店", "药店", "水果店", "服装店", "手机店"), 8, 0.72),
    ("餐饮", 28, ("面馆", "早点铺", "火锅店", "小吃店", "羊肉馆", "快餐店"), 14, 0.55),
    ("宾馆", 8, ("宾馆", "旅社", "公寓酒店"), 20, 0.5),
    ("娱乐场所", 6, ("棋牌室", "网吧", "歌厅", "健身房"), 12, 0.0),
)
# The shop that stands on the sheet twice has this behind its name the second time.
SECOND_NAME = "（总店）"


@dataclass(frozen=True)
class Shop:
    """One place as its sheet has it."""

    kind: str
    name: str
    address: str
    in_charge: str
    phone: str
    staff_count: int
    state: str
    note: str = ""


def shops(wanted: int, inventor: Inventor) -> list[Shop]:
    """So many places; the last stands on the sheet twice under two names, as happens."""
    made = [_shop(number, inventor) for number in range(1, wanted)]
    twice = replace(made[0], name=made[0].name + SECOND_NAME, address=made[0].address + "旁")
    return [*made, twice]


def _shop(number: int, inventor: Inventor) -> Shop:
    random = inventor.random
    kind, _, words, most, open_share = random.choices(KINDS, [weight for _, weight, *_ in KINDS])[0]
    owner = inventor.person(age=random.randint(24, 60))
    state = "营业" if random.random() < open_share else "暂停"
    compound = random.choice(COMPOUNDS).name
    return Shop(
        kind, f"{owner.name[0]}记{random.choice(words)}", f"{compound}沿街{number}号", owner.name, owner.phone,
        random.randint(1, most), state,
    )  # fmt: skip
