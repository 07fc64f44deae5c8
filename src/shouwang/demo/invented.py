"""People who do not exist: names, ID numbers of a province that does not exist, phones that nobody has."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁"
    "任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫"
    "孔向汤"
)
COMPOUND_SURNAMES = ("欧阳", "司马", "上官", "诸葛")
FOR_MEN = (
    "伟强磊军勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林建国志文海山东成康星光天达安岩中茂进有"
    "坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江轮翰朗伯宏言若鸣朋"
)
FOR_WOMEN = (
    "芳娜敏静秀娟英慧巧美淑惠珠翠雅芝玉萍红娥玲芬燕彩春菊兰凤洁梅琳素云莲真环雪荣爱妹霞香月莺媛艳瑞凡"
    "佳嘉琼勤珍贞莉桂娣叶璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓"
)
# No province has ever had numbers that begin with 69: whoever has such a number was invented.
AREAS = tuple(f"6901{number:02d}" for number in range(1, 15))
PHONE_PREFIXES = (
    "130", "131", "132", "135", "136", "137", "138", "139", "150", "151", "155", "158", "159", "180", "186", "188",
)  # fmt: skip
PLACES = (
    "本市",
    "本市",
    "本市",
    "邻县",
    "湖北武汉",
    "浙江杭州",
    "广东深圳",
    "河南信阳",
    "安徽阜阳",
    "四川达州",
)
RARE = 0.006


@dataclass(frozen=True)
class Invented:
    """Somebody who does not exist."""

    name: str
    sex: str
    born_on: date
    id_number: str
    phone: str


class Inventor:
    """Makes people up, the same ones for the same seed, and never one number twice."""

    def __init__(self, seed: int, today: date) -> None:
        self.random, self.today = Random(seed), today
        self._ids: set[str] = set()
        lines = [f"{prefix}0000{line:04d}" for prefix in PHONE_PREFIXES for line in range(10_000)]
        self.random.shuffle(lines)
        self._phones = lines

    def surname(self) -> str:
        """The common ones often, a double one now and then."""
        if self.random.random() < RARE:
            return self.random.choice(COMPOUND_SURNAMES)
        return SURNAMES[int(len(SURNAMES) * self.random.random() ** 2)]

    def person(self, *, age: int, sex: str = "", surname: str = "") -> Invented:
        """Somebody of that age."""
        sex = sex or self.random.choice("男女")
        born_on = self.today - timedelta(days=int(age * 365.25) + self.random.randrange(365))
        given = "".join(
            self.random.choices(FOR_MEN if sex == "男" else FOR_WOMEN, k=self.random.choice((1, 2, 2)))
        )
        return Invented(
            (surname or self.surname()) + given, sex, born_on, self._id(born_on, sex), self.phone()
        )

    def phone(self) -> str:
        """A number with a block of zeros, given out once."""
        return self._phones.pop()

    def _id(self, born_on: date, sex: str) -> str:
        while True:
            order = self.random.randrange(0, 999, 2) + (sex == "男")
            body = f"{self.random.choice(AREAS)}{born_on:%Y%m%d}{order:03d}"
            number = body + ric.calc_check_digit(body + "0")
            if number not in self._ids:
                self._ids.add(number)
                return number
