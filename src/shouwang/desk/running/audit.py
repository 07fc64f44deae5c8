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
