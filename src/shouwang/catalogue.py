"""Everything that Shouwang asks, hears, reports, keeps and lets happen, listed by hand: read this file first.

A duty kind is something owed; its module's `duties.py` says in words what is asked and of whom. A flow is a story
that crosses modules. An event is what a phone can tell, a part what it takes along for the day. A field is what a form
from above can be filled with, a line what one row of it is about. A tracer knows where somebody was. A
retention rule says how long a table or a folder with personal data is kept.
"""

from shouwang.devices import day
from shouwang.directives import duties as directives
from shouwang.disinfection import duties as disinfection
from shouwang.disinfection import fields as disinfection_fields
from shouwang.flows.at_gate import fever_at_gate
from shouwang.flows.at_home.ill import refer_ill
from shouwang.flows.works.samples_sealed import samples_sealed
from shouwang.gates import duties as gates
from shouwang.gates import events as gate_events
from shouwang.gates import package as gate_package
from shouwang.gates import tracing as gate_traces
from shouwang.gates.incidents import duties as incidents
from shouwang.gates.incidents import events as incident_events
from shouwang.gates.reported import fields as gate_fields
from shouwang.gates.reported import lines as gate_lines
from shouwang.inbox import duties as inbox
from shouwang.inspection import duties as inspection
from shouwang.isolation import duties as isolation
from shouwang.isolation import events as isolation_events
from shouwang.isolation import fields as isolation_fields
from shouwang.isolation.buildings.seals import zones_at
from shouwang.isolation.models import NEEDS
from shouwang.ledgers.duties import REPORT
from shouwang.lib.fields import Field, Lines
from shouwang.lib.kinds import EventKind, Kind, Part, Retention
from shouwang.lib.traces import Tracer
from shouwang.outreach import fields as outreach_fields
from shouwang.outreach.notices import package as notice_package
from shouwang.register import fields as register_fields
from shouwang.roster import duties as roster
from shouwang.screening import duties as screening
from shouwang.screening import events as screening_events
from shouwang.screening import fields as screening_fields
from shouwang.screening import listed, returning
from shouwang.screening.actions import OUTCOMES
from shouwang.screening.cases import sources as case_sources
from shouwang.screening.reports import events as report_events
from shouwang.supplies import duties as supplies
from shouwang.supplies.expiry import last_good_days
from shouwang.testing import duties as testing
from shouwang.testing.rounds.on_phones import STOPS
from shouwang.testing.tubes import events as tube_events
from shouwang.testing.tubes.boxes import BOX
from shouwang.testing.tubes.hub import fields as testing_fields
from shouwang.testing.tubes.hub.tracing import TRACERS as QUEUES
from shouwang.testing.tubes.on_phones import parts as tube_parts
from shouwang.vaccination import duties as vaccination

DUTY_KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        *screening.KINDS,
        *isolation.KINDS,
        *directives.KINDS,
        *inbox.KINDS,
        *vaccination.KINDS,
        *roster.KINDS,
        *supplies.KINDS,
        *disinfection.KINDS,
        *inspection.KINDS,
        *gates.KINDS,
        *incidents.KINDS,
        *testing.KINDS,
        BOX,
        REPORT,
    )
}

# Which roles answer for which kind, nearest first, where no plan says otherwise.
ANSWERS = {name: kind.answers for name, kind in DUTY_KINDS.items()}

SAMPLES = tube_events.kinds(
    discharges=(*testing.SWABBED, testing.RESAMPLE),
    expired=last_good_days,
    zones=zones_at,
    then=samples_sealed,
)

# What phones can tell, in the order in which the events of one batch are written down.
EVENT_KINDS: dict[str, EventKind] = {
    kind.name: kind
    for kind in (
        *screening_events.KINDS,
        *report_events.KINDS,
        *isolation_events.kinds(then=refer_ill),
        *SAMPLES,
        *gate_events.kinds(then=fever_at_gate),
        *incident_events.KINDS,
    )
}

# What phones take along for the day; where something is new for the phone, its module adds a part.
PACKAGE_PARTS: tuple[Part, ...] = (
    *day.PARTS,
    *tube_parts(last_good_days=last_good_days, zones=zones_at),
    day.words(DUTY_KINDS, {**OUTCOMES, **{f"need.{what}": words for what, words in NEEDS}}),
    *isolation_events.PARTS,
    *gate_package.PARTS,
    *notice_package.PARTS,
    STOPS,
)

# What forms from above can be filled with: numbers and cells, and what one line of a form can be about.
FIELDS: dict[str, Field] = {
    field.key: field
    for field in (
        *register_fields.FIELDS,
        *screening_fields.FIELDS,
        *listed.FIELDS,
        *returning.FIELDS,
        *isolation_fields.FIELDS,
        *outreach_fields.FIELDS,
        *disinfection_fields.FIELDS,
        *gate_fields.FIELDS,
        *gate_lines.CELLS,
        *testing_fields.FIELDS,
    )
}
LINES: dict[str, Lines] = {
    lines.key: lines
    for lines in (register_fields.PERSON, listed.LISTED, isolation_fields.FILE, gate_lines.PASSAGE)
}

# What may be counted on a wall that everybody walks past: nothing that tells of anybody's health. Others are not shown.
ON_THE_WALL = (screening.VISIT.name, screening.PLACE_VISIT.name)

# Who knows where somebody was and with whom, for case investigation.
TRACERS: tuple[Tracer, ...] = (*case_sources.TRACERS, *gate_traces.TRACERS, *QUEUES)

FLOWS = {
    "shouwang.flows.swabbing.results_arrive": "results arrive: people see theirs at once, a tube to be taken again begins its story",
    "shouwang.flows.swabbing.followers": "a contact is positive: who follows becomes a contact, on the word of two",
    "shouwang.flows.swabbing.positives": "an own test is positive: what the plan says of them and their household is asked for",
    "shouwang.flows.at_home.reminders": "a reading is not there yet, an objection is answered: people at home are told",
    "shouwang.flows.phones.call_a_door": "somebody calls a door before going there: whose number was looked at is written down first",
    "shouwang.flows.words.handed_over": "what was ticked as handed over on a visit is counted with the notices",
    "shouwang.flows.ending.close_out": "the end of a response: what stands in its way, one proposes, another confirms",
    "shouwang.flows.ending.destroy_response": "after that: books shut, everything about people destroyed, a certificate",
    "shouwang.flows.code_outcome": "a code is taken back or not: the person is told",
    "shouwang.flows.list_arrives": "a list that waited for a worker is taken in, and the people on it are written to",
    "shouwang.flows.list_warnings": "a list runs out of time: whoever answers for its people is told how many are left",
    "shouwang.flows.hand_over_rows": "people on a list who live elsewhere go to the community where they live, with the same clock",
    "shouwang.flows.end_of_day": "日清日结: a day is closed, by somebody or by itself at midnight",
    "shouwang.flows.before_close": "what the evening still asks a word for, before the day is closed",
    "shouwang.flows.first_message": "everybody on the lists that arrived has one message at once; calls come after",
    "shouwang.flows.at_gate": "a fever is read twice at a gate: the plan's chain is told, and a resident is referred to a doctor",
    "shouwang.flows.at_home.ill": "a fever or a symptom at home: a doctor within the plan's hours, and the plan's chain is told",
    "shouwang.flows.at_home.orders_from_list": "everybody on a pushed list is asked to stay at home, with no typing",
    "shouwang.flows.at_home.days_ahead": "dialysis and visits before a birth: the car is asked for ahead, the person reminded",
    "shouwang.flows.at_home.gone": "somebody who is kept at home dies, or is said to have moved out",
    "shouwang.flows.isolation_day": "isolation begins at once, and is owed its care every day",
    "shouwang.flows.seal_building": "a building is closed on the word of two, and its exit is walked to from today",
    "shouwang.flows.let_go": "somebody is let out: certificate, message, and a call on the day after",
    "shouwang.flows.hands.call_people_up": "squads are called, everybody has a message with one tap to answer",
    "shouwang.flows.hands.change_turns": "a roster is published or changed, and whoever it concerns is told",
    "shouwang.flows.hands.hand_over_worker": "somebody falls ill: what they have in hand goes to others, and what their phone sends counts",
    "shouwang.flows.hands.tell_workers": "workers are told by message, not in their hours of rest",
    "shouwang.flows.works.samples_sealed": "a box of samples is sealed: couriers are told at once",
    "shouwang.flows.works.works_day": "what hands are owed each day: rounds of disinfection, a second visit to some of the doors",
    "shouwang.flows.works.waste_fetched": "bags from doors in isolation are counted, and the duty behind each door is done",
    "shouwang.flows.swabbing.rounds_day": "rounds of testing catch up and repeat; test days of isolation and special trades are owed",
    "shouwang.flows.swabbing.urgent": "whoever stands on a list that came this evening is swabbed at the door tonight",
    "shouwang.flows.swabbing.draw_for_points": "what the points of a round need is drawn from the store by the plan's hour",
    "shouwang.flows.merge_rows": "two rows of the register turn out to be one person, door or place; and not after all",
    "shouwang.flows.phones.phone_codes": "a phone is given to those who work with it, for the areas that they answer for",
    "shouwang.flows.personal_cards": "a helper gets a printed card and begins a shift with it, without a password",
    "shouwang.flows.reports_arrive": "what residents reported lands on the list desk, and nobody is reminded any more",
    "shouwang.flows.move_household": "people move behind another door; a door turns out to lie in another area",
    "shouwang.flows.gates.gate_shifts": "posts become gates, their shifts owe somebody on watch, and an arrival is a watch",
    "shouwang.flows.gates.passes_from_list": "everybody on a pushed list who was asked gets a temporary pass, in one run",
}

# An account is forgotten when all that was granted to it lies in the area whose response ends, leaders and auditors aside.
FORGOTTEN = """
r.username <> 'gone-' || r.id AND (
  EXISTS (SELECT FROM access_grant g WHERE g.user_id = r.id)
  OR EXISTS (SELECT FROM register_helper h WHERE h.user_id = r.id AND h.area_code >= %(low)s AND h.area_code < %(high)s))
AND NOT EXISTS (
  SELECT FROM access_grant g, unnest(g.area_codes) c WHERE g.user_id = r.id
  AND (g.role IN ('commander', 'secretary', 'auditor') OR c < %(low)s OR c >= %(high)s))
"""
# What hangs on a phone goes with it: a phone that stays elsewhere keeps its own.
PHONE_NOT_ELSEWHERE = """
NOT EXISTS (SELECT FROM devices_device d WHERE d.id = r.device_id
            AND (d.area_codes[1] < %(low)s OR d.area_codes[1] >= %(high)s))
"""
# A phone that was asked to forget stays known until it has: it is told at its next contact.
WIPED = "r.wipe_asked_at IS NULL OR r.wiped_at IS NOT NULL"
GONE = "r.user_id IN (SELECT id FROM access_user WHERE username = 'gone-' || id)"
SAID = """
r.at < %(decided_at)s AND r.action NOT LIKE 'retention.%%'
AND (r.reason <> '' OR r.about <> '{}' OR length(r.area_code) > 12)
"""
NO_HISTORY = " AND ".join(
    f"NOT EXISTS (SELECT FROM register_{name}event e WHERE e.pgh_context_id = r.id)"
    for name in ("person", "household", "place", "helper", "responsibility")
)
BY_NAME = "r.version_id IN (SELECT id FROM ledgers_version WHERE lines <> '')"

# How long personal data is kept: until the response ends, and then destroyed (the plan's retention says the days);
# a rule that no plan names ends with the response too.
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
    Retention(
        "workers",
        "access_user",
        "登录账号（改成无名、停用）",
        only=FORGOTTEN,
        reduced="username = 'gone-' || r.id, name = '已销毁', password = '!', is_active = false, language = ''",
    ),
    Retention("workers", "access_card", "打印的名片"),
    Retention("workers", "roster_membership", "专班名单"),
    Retention("workers", "roster_absence", "请假、生病"),
    Retention("workers", "roster_signup", "志愿者报名"),
    Retention("workers", "roster_callup", "叫人"),
    Retention("workers", "roster_called", "叫了谁、收到没有"),
    Retention("workers", "roster_turn", "排班"),
    Retention("workers", "roster_arrival", "到岗"),
    Retention("workers", "roster_making", "自动排班的结果"),
    Retention("visits", "roster_thing", "替居民代管的东西"),
    Retention("visits", "roster_passing", "代管的东西经过谁的手"),
    Retention("workers", "mfa_authenticator", "两步登录", only=GONE),
    Retention("workers", "devices_device", "手机（联网清空以后）", only=WIPED),
    Retention("workers", "devices_enrolment", "手机登记码（只有摘要）"),
    Retention("visits", "devices_batch", "手机传来的原始记录"),
    Retention("visits", "devices_event", "手机记录的登记", only=PHONE_NOT_ELSEWHERE),
    Retention("visits", "devices_photo", "手机拍的照片（登记）"),
    Retention("workers", "devices_handed", "手机里有什么（只有摘要）", only=PHONE_NOT_ELSEWHERE),
    Retention("visits", "devices_quarantined", "手机传来、看不懂的记录"),
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
    Retention("lists", "screening_contest", "对类别、转码、留在家里的异议"),
    Retention("lists", "screening_referral", "送诊记录"),
    Retention("lists", "screening_notthisperson", "“名单上的不是他”的记录"),
    Retention("lists", "screening_listreturn", "名单反馈"),
    Retention("lists", "screening_listedition", "名单的新版文件"),
    Retention("lists", "screening_case", "流调病例"),
    Retention("lists", "screening_caseaccess", "谁能看哪个病例"),
    Retention("lists", "screening_statement", "流调中本人说的行程"),
    Retention("case_neighbours", "screening_contact", "流调接触者（排队、卡口前后的人按天数先删）"),
    Retention("lists", "screening_letter", "协查函"),
    Retention("lists", "screening_selfreport", "居民报备"),
    Retention("lists", "screening_reportedperson", "居民报备里的每个人"),
    Retention("lists", "screening_receipt", "报备回执号（只有摘要）"),
    Retention("lists", "screening_wish", "居民申请删除、更正"),
    Retention("orders", "standing_hold", "隔离决定", since="until"),
    Retention("orders", "standing_extension", "隔离延长"),
    Retention("visits", "standing_pass", "通行证", since="until"),
    Retention("orders", "standing_bar", "收回通行证、禁止进入的决定", since="until"),
    Retention("orders", "standing_proposal", "收回通行证、禁止进入的请示", since="until"),
    Retention("statistics", "gates_gate", "卡口和门岗"),
    Retention("gate_passages", "gates_passage", "卡口通行和扫码记录"),
    Retention("gate_passages", "gates_companion", "同行的人、扫码的人"),
    Retention("gate_passages", "gates_fever", "卡口量到的发热"),
    Retention("gate_passages", "gates_expected", "住户登记的来访", since="until"),
    Retention("visits", "gates_incident", "卡口事件"),
    Retention("visits", "gates_review", "卡口事件的复核"),
    Retention("orders", "gates_contest", "通行证异议和复核"),
    Retention("workers", "gates_watch", "卡口接班、交班"),
    Retention("statistics", "testing_round", "核酸检测的轮次"),
    Retention("statistics", "testing_point", "采样点"),
    Retention("samples", "testing_exemption", "免检的人"),
    Retention("statistics", "testing_call", "按楼叫号的时间表"),
    Retention("samples", "testing_fetching", "接送医护（电话）"),
    Retention("samples", "testing_tour", "上门采样的路线"),
    Retention("samples", "testing_stop", "上门采样的路线（门牌）"),
    Retention("statistics", "testing_trade", "特殊行业的检测规则"),
    Retention("samples", "testing_worker", "特殊行业的人员"),
    Retention("samples", "testing_tube", "采样管"),
    Retention("samples", "testing_swab", "采样记录"),
    Retention("samples", "testing_result", "检测结果"),
    Retention("orders", "testing_pool", "需要复采的采样管", since="found_at"),
    Retention("orders", "testing_poolperson", "需要复采的人"),
    Retention("orders", "testing_told", "确认以后通知了谁"),
    Retention("samples", "testing_box", "转运箱", since="seen_at"),
    Retention("samples", "testing_boxstep", "转运箱的交接"),
    Retention("samples", "testing_tubestep", "采样管的装箱和点收"),
    Retention("samples", "testing_explained", "样本数不一样的原因"),
    Retention("orders", "isolation_order", "隔离通知", since="until"),
    Retention("orders", "isolation_change", "隔离的更改（提出、批准）"),
    Retention("orders", "isolation_objection", "异议和复核"),
    Retention("orders", "isolation_transfer", "人员转运"),
    Retention("orders", "isolation_seat", "人员转运（乘车人）"),
    Retention("orders", "isolation_seal", "封楼"),
    Retention("orders", "isolation_longer", "封楼延长"),
    Retention("orders", "isolation_relative", "替隔离的人照看的亲属"),
    Retention("orders", "isolation_exitcheck", "消防通道检查"),
    Retention("orders", "isolation_medicalexit", "应急就医放行"),
    Retention("readings", "isolation_reading", "体温和症状"),
    Retention("readings", "isolation_oddityword", "体温核对的结论"),
    Retention("readings", "isolation_care", "隔离期间的照护"),
    Retention("readings", "isolation_need", "代办事项"),
    Retention("readings", "isolation_regular", "透析、产检等定期要去的日子"),
    Retention("visits", "duties_attempt", "没见到人的记录"),
    Retention("visits", "duties_duty", "应办事项"),
    Retention("visits", "duties_entry", "应办事项的变动"),
    Retention("visits", "duties_carried", "转次日的事项"),
    Retention("visits", "duties_count", "看板的数"),
    Retention("visits", "duties_hour", "每小时的数"),
    Retention("visits", "outreach_batch", "一起发的短信（登记）"),
    Retention("visits", "outreach_message", "发给居民的短信"),
    Retention("visits", "outreach_delivery", "短信的发送记录"),
    Retention("visits", "ledgers_reply", "表格另问的话，住户的回答"),
    Retention("ledgers", "ledgers_snapshot", "上报过的逐人报表（只有数字的留下）", only=BY_NAME),
    Retention("ledgers", "ledgers_export", "要全号的申请"),
    Retention("statistics", "directives_directive", "上级文件和会议"),
    Retention("statistics", "directives_point", "上级要求和会议决定"),
    Retention("statistics", "directives_reading", "文件谁看过"),
    Retention("visits", "directives_report", "上级要求的反馈"),
    Retention("statistics", "directives_minutes", "会议记录"),
    Retention("statistics", "supplies_item", "物资种类"),
    Retention("statistics", "supplies_site", "库房和岗位"),
    Retention("statistics", "supplies_lot", "物资批次"),
    Retention("statistics", "supplies_movement", "物资流水"),
    Retention("statistics", "supplies_balance", "物资结存"),
    Retention("statistics", "supplies_drawlist", "领用单"),
    Retention("statistics", "supplies_drawline", "领用单的每一行"),
    Retention("statistics", "supplies_asked", "物资申请"),
    Retention("statistics", "supplies_stockcount", "盘点"),
    Retention(
        "visits",
        "supplies_donation",
        "捐赠人的姓名（收据号和捐了什么留下）",
        only="r.donor <> ''",
        reduced="donor = ''",
    ),
    Retention("statistics", "supplies_meal", "盒饭"),
    Retention("visits", "supplies_loan", "借出的物资（借的人）"),
    Retention("visits", "disinfection_spot", "消杀点位"),
    Retention("visits", "disinfection_round", "消杀记录"),
    Retention("visits", "disinfection_final", "终末消毒（门牌）"),
    Retention("visits", "disinfection_step", "终末消毒的步骤"),
    Retention("visits", "disinfection_collection", "收废口罩、收垃圾"),
    Retention("visits", "inspection_look", "巡查记录"),
    Retention("visits", "inspection_price", "物价和供应"),
    Retention("visits", "inspection_finding", "巡查发现的问题"),
    Retention("visits", "inspection_draw", "抽查再访（抽了几户）"),
    Retention("visits", "inspection_secondvisit", "抽查再访"),
    Retention("orders", "inspection_closure", "场所停业和准许营业"),
    Retention("visits", "inspection_briefing", "给送货人的告知"),
    Retention(
        "audit",
        "access_audit",
        "操作和查看记录（只留谁、何时、做了什么）",
        only=SAID,
        reduced="reason = '', about = '{}', area_code = left(r.area_code, 12)",
    ),
    Retention("audit", "pghistory_context", "历史的操作人", only=NO_HISTORY),
    Retention("visits", "inbox_matter", "来电诉求"),
    Retention("visits", "inbox_said", "居民说的每句话"),
    Retention("visits", "vaccination_said", "疫苗通知的回答"),
    Retention("statistics", "vaccination_drive", "疫苗接种活动"),
    Retention("statistics", "outreach_notice", "告示"),
    Retention("visits", "outreach_handed", "发了多少资料"),
    Retention("workers", "outreach_noticeread", "告示谁看过"),
    Retention("statistics", "inbox_question", "问答和辟谣"),
    Retention("statistics", "retention_closing", "应急结束和销毁证明"),
    Retention("statistics", "retention_destroyed", "销毁证明的每一行"),
    Retention("evidence", "retention_evidence", "依法封存的证据"),
    Retention(
        "logs",
        "procrastinate_jobs",
        "做完的后台任务",
        only="r.status IN ('succeeded', 'failed', 'cancelled', 'aborted')",
    ),
    Retention("backups", "backups/", "备份"),
    Retention("logs", "log/", "数据库日志"),
)
