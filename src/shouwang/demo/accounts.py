"""One log-in for each role of the street, all with one password. Only the demo has these."""

from dataclasses import dataclass

from shouwang.access.roles import ROLES

PASSWORD = "shouwang-yanshi-2020"


@dataclass(frozen=True)
class Account:
    """A log-in of the demo.

    Shape: `area` says where the role holds: the subdistrict, the community, the first compound, or the buildings of
    one lead; `kind` is the kind of helper on the roster who has this log-in, empty for people from outside.
    """

    username: str
    role: str
    area: str
    kind: str = ""

    @property
    def words(self) -> str:
        """The role as screens say it."""
        return ROLES[self.role].words


ACCOUNTS = (
    Account("zhihui", "commander", "subdistrict"),
    Account("shuji", "secretary", "community", "社区书记"),
    Account("xinxiyuan", "clerk", "community", "信息员"),
    Account("wanggezhang", "grid_lead", "compound", "网格长"),
    Account("louzhang", "building_lead", "buildings", "楼长"),
    Account("wuye", "property_company", "compound", "物业"),
    Account("yihu", "medic", "community", "社区医生"),
    Account("minjing", "police", "community", "社区民警"),
    Account("kakou", "gate_guard", "compound", "志愿者"),
    Account("caiyang", "sampler", "community"),
    Account("zhuanyun", "courier", "subdistrict"),
    Account("zhongzhuan", "hub", "subdistrict"),
    Account("jiance", "laboratory", "subdistrict"),
    Account("zhiyuanzhe", "volunteer", "buildings", "志愿者"),
    Account("liudiao", "investigator", "subdistrict"),
    Account("cangguan", "storekeeper", "community"),
    Account("dudao", "inspector", "subdistrict"),
    Account("shenji", "auditor", "subdistrict"),
    Account("touping", "screen", "community"),
)
