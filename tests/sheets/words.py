"""The vocabulary of these tests: a register of people behind doors, as a caller would hand it in."""

from shouwang.lib.sheets import Field, Vocabulary

REGISTER = Vocabulary(
    [
        Field(
            "compound",
            "小区",
            "text",
            ["小区名称", "所属小区", "楼院", "小区/楼院"],
            fill_down=True,
            by_content=False,
        ),
        Field(
            "building",
            "楼号",
            "building",
            ["楼栋", "栋", "栋号", "楼", "幢", "楼栋号", "楼幢", "楼宇"],
            fill_down=True,
        ),
        Field("unit", "单元", "unit", ["单元号"], fill_down=True),
        Field("floor", "楼层", "floor", ["层", "层数", "所在楼层"], fill_down=True),
        Field(
            "room",
            "房号",
            "room",
            ["室", "房间号", "门牌号", "户号", "房间", "室号", "房屋号"],
            fill_down=True,
        ),
        Field("head", "户主姓名", "name", ["户主"], fill_down=True),
        Field("name", "姓名", "name", ["人员姓名", "名字", "居民姓名", "家庭成员姓名", "家庭成员"]),
        Field("relation", "与户主关系", "text", ["关系", "家庭关系", "称谓"]),
        Field("sex", "性别", "sex"),
        Field(
            "id_number",
            "身份证号",
            "id_number",
            ["身份证号码", "证件号", "证件号码", "身份证", "公民身份号码"],
        ),
        Field(
            "phone",
            "联系电话",
            "phone",
            ["手机号", "手机号码", "电话", "联系方式", "手机", "联系手机", "电话号码"],
        ),
        Field("born_on", "出生日期", "date", ["出生年月", "生日"]),
        Field(
            "door",
            "现住址",
            "door",
            ["地址", "住址", "现居住地址", "家庭住址", "详细地址", "自报住址", "住房"],
        ),
        Field("registered_at", "户籍地", "text", ["户籍地址", "户籍"]),
        Field("kind", "人员类型", "text", ["常住/流动", "人员类别", "类别"]),
        Field("alone", "独居老人", "yes"),
        Field("chronic", "慢性病", "yes"),
        Field("doses", "疫苗剂次", "number", ["接种剂次"]),
        Field("landlord", "房东及电话", "text", ["房东", "房东电话"]),
        Field("note", "备注", "text", ["说明"]),
    ]
)
