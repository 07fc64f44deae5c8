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
from shouwang.desk.doors import DeskRequest, page
from shouwang.desk.exporting.listing import Listing, exports
from shouwang.lib.clock import day_of, midnight
from shouwang.register.models import Area

PAGE = 100
ACTION_WORDS = {
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
    "register.add_person": _("登记新来的人"),
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
    "screening.void_visit": _("撤销走访记录"),
    "isolation.answer_objection": _("答复异议"),
    "isolation.decide": _("决定隔离"),
    "isolation.depart": _("转运出发"),
    "isolation.drop_need": _("不用代办了"),
    "isolation.hand_over": _("转运交接"),
    "isolation.let_out": _("应急就医放行"),
    "isolation.open_again": _("解封"),
    "isolation.plan_transfer": _("安排转运"),
    "isolation.propose": _("提出隔离"),
    "isolation.read_private": _("看不公开的代办"),
    "isolation.reclassify": _("改隔离类别"),
    "isolation.release": _("解除隔离"),
    "isolation.seal": _("封楼"),
    "isolation.withdraw": _("撤回隔离通知"),
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
    "screening.take_return": _("下载反馈表"),
    "screening.undo_decision": _("撤销选人"),
    "standing.end": _("提前结束管控"),
    "standing.extend": _("延长管控"),
}


class FilterForm(forms.Form):
    """Which day, and what was done."""

    day = forms.DateField(label=_("哪一天"), widget=forms.DateInput(attrs={"type": "date"}))
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
    if after.isascii() and after.isdigit() and len(after) < 18:
        rows = rows.filter(pk__lt=int(after))
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
