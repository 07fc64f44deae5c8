"""The words that communities write over the columns of their registers, and which kind of workbook they make."""

from collections.abc import Mapping
from dataclasses import dataclass

from shouwang.lib.sheets import Field, Vocabulary

PEOPLE, PLACES, RESPONSIBILITY, HELPERS = "people", "places", "responsibility", "helpers"

_COMPOUND = Field(
    "compound",
    "小区",
    "text",
    ["小区名称", "所属小区", "居住小区", "楼院", "楼院名称", "院落", "小区/楼院", "小区（楼院）", "小区楼院", "住宅小区", "物业小区", "自然村", "家属院"],
    fill_down=True,
    by_content=False,
)  # fmt: skip
_BUILDING = Field(
    "building",
    "楼号",
    "building",
    ["楼栋", "栋", "栋号", "楼", "幢", "幢号", "楼栋号", "楼幢", "楼宇", "座", "楼座", "几号楼", "楼栋名称"],
    fill_down=True,
)
_UNIT = Field("unit", "单元", "unit", ["单元号", "门洞", "梯", "单元门"], fill_down=True)

PEOPLE_WORDS = Vocabulary(
    [
        _COMPOUND,
        _BUILDING,
        _UNIT,
        Field("floor", "楼层", "floor", ["层", "层数", "所在楼层"], fill_down=True),
        Field(
            "room",
            "房号",
            "room",
            ["室", "房间号", "门牌号", "门牌", "户号", "房间", "室号", "房屋号", "房屋编号", "门号", "户室号"],
            fill_down=True,
        ),
        Field(
            "door",
            "现住址",
            "door",
            ["地址", "住址", "现居住地址", "居住地址", "家庭住址", "详细地址", "现居住地", "住房", "居住地", "楼栋单元室", "楼号单元房号", "房屋地址", "门牌地址", "具体住址"],
            fill_down=True,
        ),
        Field("head", "户主姓名", "name", ["户主", "户主名字", "房主"], fill_down=True),
        Field("name", "姓名", "name", ["人员姓名", "名字", "居民姓名", "家庭成员姓名", "家庭成员", "成员姓名", "住户姓名", "人员"]),
        Field("relation", "与户主关系", "text", ["关系", "家庭关系", "称谓", "与户主的关系", "和户主关系"], by_content=False),
        Field("sex", "性别", "sex"),
        Field("born_on", "出生日期", "date", ["出生年月", "生日", "出生年月日", "出生"], by_content=False),
        Field(
            "id_number",
            "身份证号",
            "id_number",
            ["身份证号码", "证件号", "证件号码", "身份证", "公民身份号码", "居民身份证号", "公民身份证号码", "证号", "身份证件号码"],
        ),
        Field(
            "phone",
            "联系电话",
            "phone",
            ["手机号", "手机号码", "电话", "联系方式", "手机", "联系手机", "电话号码", "本人电话", "移动电话", "联系号码"],
        ),
        Field("from_place", "户籍地", "text", ["户籍地址", "户籍", "籍贯", "户口所在地", "户籍所在地", "原籍", "来源地"], by_content=False),
        Field(
            "category",
            "人员类型",
            "text",
            ["常住/流动", "人员类别", "类别", "居住类型", "人口类型", "常住或流动", "住户类型", "居住状态", "是否常住", "入住情况", "户别", "类型"],
            by_content=False,
        ),
        Field("lives_alone", "独居老人", "text", ["独居", "空巢老人", "是否独居", "独居/空巢", "空巢"], by_content=False),
        Field("disabled", "残疾", "text", ["残疾人", "是否残疾", "残疾情况", "残疾等级"], by_content=False),
        Field("pregnant", "孕产妇", "text", ["孕妇", "是否孕妇", "怀孕", "是否怀孕"], by_content=False),
        Field("chronic", "慢性病", "text", ["基础病", "慢病", "基础疾病", "疾病", "患病情况", "所患疾病", "慢性病情况"], by_content=False),
        Field("no_phone", "没有智能手机", "text", ["无智能手机", "不会用智能手机", "无手机"], by_content=False),
        Field(
            "special",
            "特殊情况",
            "text",
            ["特殊人群", "特殊群体", "重点人群", "需要帮助", "困难情况", "特殊需求", "重点关注", "帮扶需求"],
            by_content=False,
        ),
        Field("doses", "疫苗剂次", "number", ["接种剂次", "疫苗接种", "接种针数", "疫苗针数", "接种情况", "剂次", "疫苗", "新冠疫苗"], by_content=False),
        Field("landlord", "房东及电话", "text", ["房东", "房东电话", "房东姓名电话", "房东信息", "业主及电话", "房东联系方式"], by_content=False),
        Field("note", "备注", "text", ["说明", "其他", "备注说明", "情况说明"], by_content=False),
    ]
)  # fmt: skip

PLACES_WORDS = Vocabulary(
    [
        Field("kind", "类别", "text", ["场所类别", "类型", "场所类型", "行业", "行业类别", "业态", "经营类别"], by_content=False),
        Field("name", "名称", "text", ["场所名称", "单位名称", "店名", "商铺名称", "商户名称", "门店名称", "企业名称", "字号", "店铺名称"], by_content=False),
        Field("address", "地址", "text", ["经营地址", "场所地址", "详细地址", "门店地址", "位置", "单位地址", "经营场所"], by_content=False),
        Field("in_charge", "负责人", "text", ["负责人姓名", "经营者", "店主", "法人", "法定代表人", "经理", "老板", "联系人"], by_content=False),
        Field("phone", "联系电话", "phone", ["电话", "手机号", "联系方式", "负责人电话", "手机", "联系号码", "电话号码"]),
        Field("staff", "从业人数", "number", ["从业人员数", "员工数", "员工人数", "人数", "职工人数", "从业人员"], by_content=False),
        Field("state", "营业状态", "text", ["状态", "经营状态", "是否营业", "开业情况", "营业情况"], by_content=False),
        Field("credit_code", "统一社会信用代码", "text", ["信用代码", "社会信用代码", "营业执照号", "营业执照"], by_content=False),
        Field("note", "备注", "text", ["说明", "其他"], by_content=False),
    ]
)  # fmt: skip

RESPONSIBILITY_WORDS = Vocabulary(
    [
        _COMPOUND,
        _BUILDING,
        Field("unit", "单元", "text", ["单元号", "负责单元", "门洞"], by_content=False),
        Field("building_lead", "楼长", "text", ["楼长（单元长）", "楼栋长", "楼组长", "楼长姓名", "楼长/单元长", "楼栋长姓名", "楼长单元长"], by_content=False),
        Field("building_lead_phone", "楼长电话", "phone", ["联系电话", "电话", "楼长联系电话", "手机", "手机号", "楼栋长电话"]),
        Field("unit_lead", "单元长", "text", ["单元长姓名", "单元门长"], by_content=False),
        Field("unit_lead_phone", "单元长电话", "phone", ["单元长联系电话"], by_content=False),
        Field("grid_lead", "网格长", "text", ["网格员", "网格长姓名", "网格负责人"], by_content=False),
        Field("grid_lead_phone", "网格长电话", "phone", ["网格员电话", "网格长联系电话"], by_content=False),
        Field("grid", "网格", "text", ["网格名称", "所属网格", "网格号"], by_content=False),
        Field("cadre", "包保干部", "text", ["包保人", "包楼干部", "社区干部", "包片干部", "包保责任人", "分包干部", "下沉干部", "包联干部", "包保人员"], by_content=False),
        Field("cadre_phone", "包保干部电话", "phone", ["包保人电话", "干部电话", "包保电话", "社区干部电话"], by_content=False),
        Field("leader", "包保领导", "text", ["包片领导", "街道领导", "分包领导", "县级领导", "区级领导", "包联领导"], by_content=False),
        Field("leader_phone", "包保领导电话", "phone", ["领导电话", "包片领导电话"], by_content=False),
        Field("property_company", "物业及电话", "text", ["物业", "物业公司", "物业负责人", "物业联系人", "物业公司及电话", "物业名称"], by_content=False),
        Field("property_company_phone", "物业电话", "phone", ["物业联系电话"], by_content=False),
        Field("police_and_medic", "社区民警/医生", "text", ["民警/医生", "民警医生", "社区民警、医生", "民警及医生", "一长两员"], by_content=False),
        Field("police", "社区民警", "text", ["民警", "片警", "包保民警"], by_content=False),
        Field("police_phone", "民警电话", "phone", ["社区民警电话"], by_content=False),
        Field("medic", "社区医生", "text", ["医生", "医护", "家庭医生", "医务人员", "医护人员"], by_content=False),
        Field("medic_phone", "医生电话", "phone", ["社区医生电话", "医护电话"], by_content=False),
        Field("note", "备注", "text", ["说明"], by_content=False),
    ]
)  # fmt: skip

HELPERS_WORDS = Vocabulary(
    [
        Field("name", "姓名", "name", ["名字", "人员姓名", "志愿者姓名", "队员姓名"]),
        Field("kind", "类别", "text", ["人员类别", "身份", "人员类型", "类型", "政治面貌", "岗位"], by_content=False),
        Field("unit", "所在单位", "text", ["单位", "工作单位", "来源单位", "派出单位", "所属单位"], by_content=False),
        Field("phone", "电话", "phone", ["联系电话", "手机", "手机号", "手机号码", "联系方式", "电话号码"]),
        Field("skills", "特长", "text", ["技能", "专长", "能做什么", "专业特长"], by_content=False),
        Field("available", "可值班时段", "text", ["值班时段", "可服务时间", "时段", "可用时间", "空闲时间", "服务时间"], by_content=False),
        Field("unfit", "不宜安排", "text", ["不宜", "不能安排", "身体情况", "健康情况", "不适合"], by_content=False),
        Field("note", "备注", "text", ["说明", "其他"], by_content=False),
    ]
)  # fmt: skip


@dataclass(frozen=True)
class Workbook:
    """A kind of workbook: its words, the columns without which it is not one, and those that only it has."""

    kind: str
    words: str
    vocabulary: Vocabulary
    needs: tuple[frozenset[str], ...]
    telling: frozenset[str]


WORKBOOKS: Mapping[str, Workbook] = {
    book.kind: book
    for book in (
        Workbook(
            PEOPLE, "人口底册", PEOPLE_WORDS,
            (frozenset({"name", "head"}), frozenset({"room", "door"})),
            frozenset({"room", "head", "relation", "id_number", "sex", "door"}),
        ),
        Workbook(
            PLACES, "场所底册", PLACES_WORDS, (frozenset({"name"}),),
            frozenset({"name", "state", "staff", "credit_code", "in_charge"}),
        ),
        Workbook(
            RESPONSIBILITY, "包保责任表", RESPONSIBILITY_WORDS,
            (
                frozenset({"compound", "building", "grid"}),
                frozenset({"building_lead", "unit_lead", "grid_lead", "cadre", "leader", "property_company"}),
            ),
            frozenset({"building_lead", "unit_lead", "grid_lead", "cadre", "leader", "property_company", "police_and_medic"}),
        ),
        Workbook(
            HELPERS, "力量花名册", HELPERS_WORDS, (frozenset({"name"}),),
            frozenset({"skills", "available", "unfit", "unit"}),
        ),
    )
}  # fmt: skip
