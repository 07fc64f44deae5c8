"""Everything that Shouwang asks, hears, reports, keeps and lets happen, listed by hand: read this file first.

A duty kind is something owed; its module's `duties.py` says in words what is asked and of whom. A flow is a story
that crosses modules. A field is what a form from above can be filled with, a line what one row of it is about. A tracer knows
where somebody was. A retention rule says how long a table or a folder with personal data is kept.
"""

from shouwang.directives import duties as directives
from shouwang.isolation import duties as isolation
from shouwang.isolation import fields as isolation_fields
from shouwang.ledgers.duties import REPORT
from shouwang.lib.fields import Field, Lines
from shouwang.lib.kinds import Kind, Retention
from shouwang.lib.traces import Tracer
from shouwang.register import fields as register_fields
from shouwang.screening import duties as screening
from shouwang.screening import fields as screening_fields
from shouwang.screening import listed
from shouwang.screening.cases import sources as case_sources

DUTY_KINDS: dict[str, Kind] = {
    kind.name: kind for kind in (*screening.KINDS, *isolation.KINDS, *directives.KINDS, REPORT)
}

# Which roles answer for which kind, nearest first, where no plan says otherwise.
ANSWERS = {name: kind.answers for name, kind in DUTY_KINDS.items()}

# What forms from above can be filled with: numbers and cells, and what one line of a form can be about.
FIELDS: dict[str, Field] = {
    field.key: field
    for field in (
        *register_fields.FIELDS,
        *screening_fields.FIELDS,
        *listed.FIELDS,
        *isolation_fields.FIELDS,
    )
}
LINES: dict[str, Lines] = {
    lines.key: lines
    for lines in (
        register_fields.PERSON,
        listed.LISTED,
        isolation_fields.FILE,
    )
}

# What may be counted on a wall that everybody walks past: nothing that tells of anybody's health. Others are not shown.
ON_THE_WALL = (screening.VISIT.name, screening.PLACE_VISIT.name)

# Who knows where somebody was and with whom, for case investigation.
TRACERS: tuple[Tracer, ...] = (*case_sources.TRACERS,)

FLOWS = {
    "shouwang.flows.code_outcome": "a code is taken back or not: the person is told",
    "shouwang.flows.list_arrives": "a list that waited for a worker is taken in, and the people on it are written to",
    "shouwang.flows.list_warnings": "a list runs out of time: whoever answers for its people is told how many are left",
    "shouwang.flows.hand_over_rows": "people on a list who live elsewhere go to the community where they live, with the same clock",
    "shouwang.flows.end_of_day": "日清日结: a day is closed, by somebody or by itself at midnight",
    "shouwang.flows.before_close": "what the evening still asks a word for, before the day is closed",
    "shouwang.flows.first_message": "everybody on the lists that arrived has one message at once; calls come after",
    "shouwang.flows.isolation_day": "isolation begins at once, and is owed its care every day",
    "shouwang.flows.merge_rows": "two rows of the register turn out to be one person, door or place; and not after all",
    "shouwang.flows.personal_cards": "a helper gets a printed card and begins a shift with it, without a password",
    "shouwang.flows.reports_arrive": "what residents reported lands on the list desk, and nobody is reminded any more",
    "shouwang.flows.move_household": "people move behind another door; a door turns out to lie in another area",
}

# How long personal data is kept: until the response ends, and then destroyed (the plan's retention says the days).
# "register" outlives a response only as far as the community's ordinary register does.
RETENTION: tuple[Retention, ...] = (
    Retention("register", "register_household", "住户底册"),
    Retention("register", "register_householdevent", "住户底册的历史"),
    Retention("register", "register_person", "一人一档"),
    Retention("register", "register_personevent", "一人一档的历史"),
    Retention("register", "register_residence", "其他住址"),
    Retention("register", "register_place", "场所底册（负责人姓名、电话）"),
    Retention("register", "register_placeevent", "场所底册的历史"),
    Retention("register", "register_searchkey", "查找用的姓名、电话后四位"),
    Retention("register", "register_merge", "合并记录"),
    Retention("register", "register_notthesame", "“不是同一个人”的记录"),
    Retention("workers", "register_helper", "防控力量"),
    Retention("workers", "register_helperevent", "防控力量的历史"),
    Retention("workers", "register_responsibility", "包保责任"),
    Retention("workers", "register_responsibilityevent", "包保责任的历史"),
    Retention("workers", "access_user", "登录账号"),
    Retention("workers", "access_card", "打印的名片"),
    Retention("uploads", "register_upload", "收到的表格（登记）"),
    Retention("uploads", "uploads/", "收到的表格（原件）"),
    Retention("visits", "screening_visit", "入户记录"),
    Retention("visits", "screening_placevisit", "场所检查记录"),
    Retention("visits", "screening_sheet", "走访表（纸）"),
    Retention("lists", "screening_pushedlist", "推送名单"),
    Retention("lists", "screening_listrow", "推送名单的每一行"),
    Retention("lists", "screening_inquiry", "核查对象"),
    Retention("lists", "screening_check", "核查记录"),
    Retention("lists", "screening_settlement", "名单每一行的结果"),
    Retention("lists", "screening_coderequest", "转码申请"),
    Retention("lists", "screening_referral", "送诊记录"),
    Retention("lists", "screening_notthisperson", "“名单上的不是他”的记录"),
    Retention("lists", "screening_listreturn", "名单反馈"),
    Retention("lists", "screening_case", "流调病例"),
    Retention("lists", "screening_caseaccess", "谁能看哪个病例"),
    Retention("lists", "screening_statement", "流调中本人说的行程"),
    Retention("case_neighbours", "screening_contact", "流调接触者（排队、卡口前后的人按天数先删）"),
    Retention("lists", "screening_letter", "协查函"),
    Retention("lists", "screening_selfreport", "居民报备"),
    Retention("lists", "screening_reportedperson", "居民报备里的每个人"),
    Retention("lists", "screening_receipt", "报备回执号（只有摘要）"),
    Retention("lists", "screening_wish", "居民申请删除、更正"),
    Retention("orders", "standing_hold", "隔离决定"),
    Retention("orders", "standing_extension", "隔离延长"),
    Retention("orders", "isolation_order", "隔离通知"),
    Retention("orders", "isolation_objection", "异议和复核"),
    Retention("orders", "isolation_transfer", "人员转运"),
    Retention("orders", "isolation_seat", "人员转运（乘车人）"),
    Retention("orders", "isolation_seal", "封楼"),
    Retention("orders", "isolation_exitcheck", "消防通道检查"),
    Retention("orders", "isolation_medicalexit", "应急就医放行"),
    Retention("readings", "isolation_reading", "体温和症状"),
    Retention("readings", "isolation_care", "隔离期间的照护"),
    Retention("readings", "isolation_need", "代办事项"),
    Retention("visits", "duties_attempt", "没见到人的记录"),
    Retention("visits", "duties_duty", "应办事项"),
    Retention("visits", "duties_entry", "应办事项的变动"),
    Retention("visits", "duties_carried", "转次日的事项"),
    Retention("visits", "outreach_batch", "一起发的短信（登记）"),
    Retention("visits", "outreach_message", "发给居民的短信"),
    Retention("visits", "outreach_delivery", "短信的发送记录"),
    Retention("ledgers", "ledgers_snapshot", "上报过的报表"),
    Retention("ledgers", "ledgers_export", "要全号的申请"),
    Retention("statistics", "directives_directive", "上级文件和会议"),
    Retention("statistics", "directives_point", "上级要求和会议决定"),
    Retention("statistics", "directives_reading", "文件谁看过"),
    Retention("visits", "directives_report", "上级要求的反馈"),
    Retention("statistics", "directives_minutes", "会议记录"),
    Retention("audit", "access_audit", "操作和查看记录"),
    Retention("audit", "pghistory_context", "历史的操作人"),
    Retention("backups", "backups/", "备份"),
    Retention("logs", "log/", "数据库日志"),
)
