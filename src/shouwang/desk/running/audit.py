"""审计: who did what, when and where, by day and by what was done."""

from datetime import timedelta

from django import forms
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from shouwang.access.models import Audit
from shouwang.access.queries import lines_between
from shouwang.desk.asked.numbers import row_number
from shouwang.desk.asked.times import DayField
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.lib.clock import day_of, midnight
from shouwang.register.models import Area

PAGE = 100
ACTION_WORDS = {
    "testing.results": _("收检测结果"),
    "devices.take_photo": _("收手机拍的照片"),
    "gates.look_at_photo": _("看卡口事件的照片"),
    "isolation.look_at_photo": _("看送到门口的照片"),
    "testing.let_count": _("结果算数"),
    "testing.set_aside": _("结果不算"),
    "testing.take_fhir": _("下载结果"),
    "testing.find_pool": _("管要复采"),
    "testing.hold_pool": _("批准在家等候复采"),
    "testing.told": _("通知有关单位"),
    "testing.order_round": _("下达一轮"),
    "testing.ask_to_end": _("提出结束一轮检测"),
    "testing.end_round": _("确认结束一轮检测"),
    "testing.exempt": _("免检"),
    "testing.elsewhere": _("在别处采过了"),
    "testing.add_point": _("加采样点"),
    "testing.close_point": _("关采样点"),
    "testing.call": _("排时间表"),
    "testing.lay_out_tours": _("排上门路线"),
    "testing.change_tours": _("没人在家，自动重排路线"),
    "testing.fetch": _("派车接医护"),
    "testing.fetched": _("医护接到了"),
    "testing.fetch_off": _("不用接医护了"),
    "testing.swab_tonight": _("当晚急采"),
    "testing.add_trade": _("加特殊行业单位"),
    "testing.end_trade": _("停用特殊行业规则"),
    "testing.trade_workers": _("特殊行业加人"),
    "testing.trade_left": _("特殊行业减人"),
    "testing.trade_leave": _("特殊行业休假"),
    "gates.add_gate": _("加卡口"),
    "gates.close_gate": _("撤卡口"),
    "gates.look": _("看卡口的通行记录"),
    "gates.strike": _("撤销卡口记录"),
    "gates.incident": _("记卡口事件"),
    "gates.review_incident": _("复核卡口事件"),
    "gates.answer_contest": _("答复通行证的异议"),
    "standing.issue_passes": _("发通行证"),
    "standing.lose_pass": _("挂失通行证"),
    "standing.found_pass": _("通行证找到了"),
    "standing.replace_pass": _("补办通行证"),
    "standing.prolong_passes": _("延长通行证"),
    "standing.end_passes": _("提前结束通行证"),
    "standing.print_passes": _("打印通行证"),
    "standing.propose_bar": _("请示收回或不让进"),
    "standing.bar": _("批准收回或不让进"),
    "standing.refuse_bar": _("没有批准收回"),
    "standing.end_bar": _("提前恢复"),
    "roster.absent": _("记请假、生病"),
    "roster.add_hours": _("给岗位定时间"),
    "roster.add_post": _("加岗位"),
    "roster.back": _("记回来了"),
    "roster.call_up": _("叫人"),
    "roster.end_hours": _("停一个班次"),
    "roster.end_post": _("撤岗位"),
    "roster.end_turn": _("撤下一个班"),
    "roster.give": _("安排一个班"),
    "roster.hand_over": _("交接工作"),
    "roster.into_squad": _("分进专班"),
    "roster.make": _("自动排班"),
    "roster.out_of_squad": _("退出专班"),
    "roster.pass_thing": _("转交代管的东西"),
    "roster.publish": _("发布排班"),
    "roster.receive_thing": _("收下代管的东西"),
    "roster.refuse_volunteer": _("没收志愿者"),
    "roster.set_abilities": _("改能做、不宜做"),
    "roster.strike_passing": _("划掉一次转交"),
    "roster.take_volunteer": _("收下志愿者"),
    "access.add_user": _("开账号"),
    "access.end_grant": _("收回权限"),
    "access.issue_card": _("打印名片"),
    "access.revoke_card": _("收回名片"),
    "access.use_card": _("用名片进入"),
    "access.everything": _("打开全部区域"),
    "access.grant": _("给权限"),
    "case.open": _("开流调"),
    "case.give_access": _("让流调员看病例"),
    "case.end_access": _("收回看病例"),
    "case.look": _("看流调"),
    "case.search": _("流调中查人"),
    "case.say": _("记下本人说的"),
    "case.add_contact": _("记下接触者"),
    "case.judge": _("判定接触者"),
    "case.found": _("接触者对上底册"),
    "case.through": _("改接触经过谁"),
    "case.to_lists": _("接触者转社区"),
    "case.letter": _("开协查函"),
    "case.forget": _("忘掉前后邻近的人"),
    "desk.export": _("导出名单"),
    "directives.receive": _("收上级文件"),
    "directives.hold_meeting": _("开会并存下"),
    "directives.type_text": _("打出文件的文字"),
    "directives.confirm_points": _("确认文件要办的事"),
    "directives.add_point": _("文件加一条"),
    "directives.end_point": _("结束文件的一条"),
    "directives.read": _("确认收到文件"),
    "directives.report_back": _("反馈上级要求"),
    "directives.take_back": _("撤回反馈"),
    "duties.close_day": _("结账"),
    "keeping.backup": _("备份"),
    "keeping.restore": _("恢复"),
    "plans.activate": _("启用预案"),
    "plans.fill": _("填写预案的本地规定"),
    "retention.confirm": _("确认结束应急"),
    "retention.expire": _("到期销毁"),
    "retention.open_evidence": _("打开封存的证据"),
    "retention.propose": _("提出结束应急"),
    "retention.withdraw": _("撤回结束应急"),
    "inbox.hand_over": _("移交诉求"),
    "inbox.publish": _("发布问答"),
    "inbox.take_down": _("撤下问答"),
    "register.add_person": _("登记新来的人"),
    "register.say_town": _("写明在哪个省、哪个市"),
    "register.confirm_newcomer": _("核对新登记的人"),
    "register.come_back": _("改回还住在这里"),
    "register.end": _("结束包保"),
    "register.give": _("安排包保"),
    "register.hand_over": _("移交包保"),
    "register.import": _("导入人口底册"),
    "register.import_places": _("导入场所底册"),
    "register.import_helpers": _("导入力量花名册"),
    "register.import_responsibility": _("导入包保责任表"),
    "register.leave": _("登记不住这里了"),
    "register.link_account": _("账号对上人手"),
    "register.make_grid": _("编网格"),
    "register.mark_empty": _("标为空户"),
    "register.maybe_the_same": _("说可能是同一个人"),
    "register.merge": _("合并"),
    "register.unmerge": _("撤回合并"),
    "register.move_door": _("门牌改区域"),
    "register.move_people": _("人员搬家"),
    "register.name_area": _("区域改名"),
    "register.not_the_same": _("说不是同一个人"),
    "register.remember_columns": _("更正表头"),
    "register.reveal": _("看全号"),
    "register.rows_to_check": _("下载要人看的行"),
    "screening.end_round": _("结束一轮"),
    "screening.open_round": _("开一轮"),
    "screening.take_back_attempt": _("撤回没见到人"),
    "devices.issue_code": _("发手机登记码"),
    "devices.enrol": _("登记手机"),
    "devices.revoke": _("停用手机"),
    "devices.ask_wipe": _("要求清掉手机里的资料"),
    "devices.wiped": _("手机里的资料清掉了"),
    "devices.receive": _("收到手机记录"),
    "devices.settle": _("处理手机记录"),
    "devices.judge_again": _("再看一遍手机记录"),
    "devices.read_raw": _("看手机原文"),
    "isolation.strike_reading": _("撤回体温"),
    "screening.void_visit": _("撤销走访记录"),
    "isolation.answer_objection": _("答复异议"),
    "screening.answer_contest": _("答复对类别、转码、留家的异议"),
    "screening.reclassify": _("改正类别"),
    "screening.code_ask_again": _("转码重新上报"),
    "isolation.decide": _("决定隔离"),
    "isolation.depart": _("转运出发"),
    "isolation.drop_need": _("不用代办了"),
    "isolation.keep_regular": _("记定期就医"),
    "isolation.end_regular": _("定期就医不用去了"),
    "isolation.hand_over": _("转运交接"),
    "isolation.let_out": _("应急就医放行"),
    "isolation.open_again": _("解封"),
    "isolation.call_off_transfer": _("取消转运"),
    "isolation.plan_transfer": _("安排转运"),
    "isolation.propose": _("提出隔离"),
    "isolation.propose_change": _("提出更改隔离"),
    "isolation.read_private": _("看不公开的代办"),
    "isolation.look_at_home": _("看家里能不能隔离"),
    "isolation.strike_look": _("撤回家里能不能隔离的记录"),
    "isolation.reclassify": _("改隔离类别"),
    "isolation.refuse_change": _("退回更改隔离"),
    "isolation.release": _("解除隔离"),
    "isolation.seal": _("封楼"),
    "isolation.give_link": _("给亲属链接"),
    "isolation.end_link": _("收回亲属链接"),
    "isolation.settle_money": _("结清垫的钱"),
    "isolation.say_back": _("答复代办"),
    "isolation.settle_oddity": _("核对体温"),
    "isolation.propose_longer": _("提出延长封控"),
    "isolation.longer": _("延长封控"),
    "isolation.propose_seal": _("提出封楼"),
    "isolation.withdraw_seal": _("撤回封楼"),
    "isolation.tell_seal": _("改封控的楼的情况"),
    "isolation.key_phone": _("看拿钥匙的人的电话"),
    "isolation.arrange_transport": _("落实就医的车"),
    "isolation.withdraw": _("撤回隔离通知"),
    "supplies.draw": _("做领用单"),
    "supplies.strike_list": _("作废领用单"),
    "supplies.count": _("盘点"),
    "supplies.give": _("收到捐赠"),
    "supplies.ask_for": _("申请物资"),
    "supplies.set_minimum": _("改最低数量"),
    "supplies.close_site": _("关库房或岗位"),
    "supplies.give_up": _("借出的还不了"),
    "disinfection.add_spots": _("加消杀点位"),
    "disinfection.end_spot": _("停一个消杀点位"),
    "disinfection.strike": _("撤销消杀记录"),
    "disinfection.ask_for_final": _("安排终末消毒"),
    "disinfection.accept": _("验收终末消毒"),
    "inspection.check_again": _("复查整改"),
    "inspection.second_visit": _("抽查再访"),
    "inspection.close": _("决定停业"),
    "inspection.give_leave": _("准许提前营业"),
    "ledgers.approve_clear": _("批准要全号"),
    "ledgers.ask_clear": _("申请要全号"),
    "ledgers.chase": _("催报"),
    "ledgers.check": _("审核并上报"),
    "ledgers.confirm_form": _("确认表头"),
    "ledgers.file": _("下载报表"),
    "ledgers.keep_form": _("收空白表"),
    "ledgers.prepare": _("填报"),
    "ledgers.refuse_clear": _("不同意要全号"),
    "ledgers.retire_form": _("停用一张表"),
    "ledgers.take_clear": _("下载全号"),
    "ledgers.take_up": _("启用一张表"),
    "ledgers.withdraw": _("撤回填报"),
    "vaccination.open": _("开始接种通知"),
    "vaccination.end": _("结束接种通知"),
    "outreach.publish": _("发告示"),
    "outreach.text_notice": _("告示发短信"),
    "outreach.end_notice": _("告示不再用"),
    "outreach.add_channel": _("加短信通道"),
    "outreach.call_code": _("看来电核对码"),
    "outreach.end_channel": _("停短信通道"),
    "outreach.open_phone": _("看号码发短信"),
    "outreach.resend": _("再发短信"),
    "outreach.send": _("发短信"),
    "outreach.set_office": _("改社区电话"),
    "outreach.withdraw": _("撤回短信"),
    "screening.answer_wish": _("答复居民申请"),
    "screening.choose": _("选人"),
    "screening.forget_try": _("撤销一次没打通"),
    "screening.give_rows": _("把没人认领的行交给社区"),
    "screening.hand_to": _("分给人去问"),
    "screening.matches_in_clear": _("导出对上的全号"),
    "screening.not_ours": _("转出非本辖区"),
    "screening.not_these": _("说都不是"),
    "screening.put_up_poster": _("做报备码"),
    "screening.read_list_again": _("重新读名单"),
    "screening.receive_list": _("收名单"),
    "screening.return_list": _("反馈名单"),
    "screening.reveal_row": _("看名单上的全号"),
    "screening.take_back_check": _("撤销核查记录"),
    "screening.take_down_poster": _("收回报备码"),
    "screening.take_newer_list": _("收名单的新版"),
    "screening.take_return": _("下载反馈表"),
    "screening.undo_decision": _("撤销选人"),
    "standing.end": _("提前结束管控"),
    "standing.extend": _("延长管控"),
    "standing.shorten": _("缩短管控"),
    "testing.void_swab": _("撤销采样"),
    "testing.match_swabs": _("采样记录对上底册"),
    "testing.explain": _("写明样本数不一样的原因"),
    "testing.box_lost": _("转运箱找不到"),
    "testing.box_found": _("转运箱找到了"),
    "testing.box_reconciled": _("转运箱核对完"),
}


class FilterForm(forms.Form):
    """Which day, and what was done."""

    day = DayField(label=_("哪一天"), widget=forms.DateInput(attrs={"type": "date"}))
    action = forms.ChoiceField(
        label=_("做了什么"), required=False, choices=[("", _("全部")), *ACTION_WORDS.items()]
    )


def taken(request: DeskRequest) -> Listing:
    """All lines of the day, to take away."""
    lines = _filtered(request)[1].order_by("-id")
    codes = lines.order_by().values_list("area_code", flat=True).distinct()
    labels = _labels(list(codes))
    headings = (_("什么时候"), _("谁"), _("做了什么"), _("哪里"), _("依据"))
    rows = (
        (
            one.at,
            one.user.name if one.user else gettext("系统"),
            _words(one),
            labels[one.area_code],
            one.reason,
        )
        for one in lines.iterator()
    )
    return Listing(_("审计"), headings, rows)


@page("audit.read")
@exports(taken)
def audit(request: DeskRequest) -> HttpResponse:
    """The lines of one day, the latest first; today's where no day is asked for."""
    form, asked = _filtered(request)
    lines = _from(asked, request.GET.get("after", ""))
    labels = _labels([one.area_code for one in lines])
    shown = lines[:PAGE]
    found = {
        "form": form,
        "lines": [(one, _words(one), labels[one.area_code]) for one in shown],
        "more": _next(request, shown[-1]) if len(lines) > PAGE else "",
    }
    return render(request, "running/audit.html", found)


def _today(request: DeskRequest) -> dict[str, str]:
    return {"day": day_of(request.now).isoformat(), "action": ""}


def _filtered(request: DeskRequest) -> tuple[FilterForm, QuerySet[Audit]]:
    """The lines that were asked for; none where the form is wrong, or the day beyond all calendars."""
    form = FilterForm(request.GET if "day" in request.GET else _today(request))
    if not form.is_valid():
        return form, Audit.objects.none()
    day = form.cleaned_data["day"]
    try:
        since, until = midnight(day), midnight(day + timedelta(days=1))
    except OverflowError:
        return form, Audit.objects.none()
    return form, lines_between(since, until, action=form.cleaned_data["action"])


def _from(rows: QuerySet[Audit], after: str) -> list[Audit]:
    """One page of a day's lines, from where the page before ended."""
    if last := row_number(after):
        rows = rows.filter(pk__lt=last)
    return list(rows.order_by("-id")[: PAGE + 1])


def _labels(codes: list[str]) -> dict[str, str]:
    """What these areas are called; what has no name is called by its code."""
    return {code: code for code in codes} | dict(
        Area.objects.filter(code__in=codes).values_list("code", "label")
    )


def _words(one: Audit) -> str:
    return str(ACTION_WORDS.get(one.action, one.action))


def _next(request: DeskRequest, last: Audit) -> str:
    asked = request.GET.copy()
    for name, value in _today(request).items():
        asked.setdefault(name, value)
    asked["after"] = str(last.pk)
    return asked.urlencode()
