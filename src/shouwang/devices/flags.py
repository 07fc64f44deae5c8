"""What can be odd about an event, in words, and what a supervisor does about it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Flag:
    """One oddity. `again` says that it is worth judging once more after something was put right."""

    words: str
    todo: str
    again: bool = False


UNKNOWN_KIND, NOT_ALLOWED, UNKNOWN_WORKER = "unknown_kind", "not_allowed", "unknown_worker"
NOT_IN_SCOPE, COULD_NOT, PARENT_MISSING = "not_in_scope", "could_not", "parent_missing"
NOT_THEIRS, TOO_LATE, NO_UNDO, OVERRIDE = "not_theirs", "too_late", "no_undo", "override_mattered"
COPIED, OLD_LIST = "copied_pass", "old_list"

FLAGS: dict[str, Flag] = {
    "skewed_clock": Flag("手机时间不准", "已经按服务器时间算好。请把手机时间改成自动。"),
    "from_the_future": Flag("时间在将来", "已经按收到的时间记。请把手机时间改成自动。"),
    "long_ago": Flag("一周以前的记录", "已经照记。请问一下为什么现在才传。"),
    UNKNOWN_KIND: Flag("这个版本还不认识", "升级以后会自动再看一遍，什么也不会丢。", again=True),
    NOT_ALLOWED: Flag(
        "这部手机不管这类事", "原样留着，没有记账。换个身份重新登记手机，再看一遍。", again=True
    ),
    UNKNOWN_WORKER: Flag("不是这部手机的人", "原样留着，没有记账。问清楚是谁记的。", again=True),
    NOT_IN_SCOPE: Flag("不在负责的范围", "原样留着，没有记账。问清楚是哪一户、哪个人。", again=True),
    COULD_NOT: Flag("记不进去", "原样留着，没有记账。请告诉技术人员。", again=True),
    PARENT_MISSING: Flag("要撤销的那条没有到", "看看那部手机还有没有没传的。", again=True),
    NOT_THEIRS: Flag("撤销别人的记录", "没有撤销。要撤销，请在住户页面上撤。"),
    TOO_LATE: Flag("撤销得太晚", "没有撤销。要撤销，请在住户页面上撤。"),
    NO_UNDO: Flag("这类记录不能撤销", "没有撤销。请在对应的页面上更正。"),
    OVERRIDE: Flag("放行和名单不一致", "看看放的是谁、为什么，需要的话派人去找。"),
    COPIED: Flag(
        "同一张证一分钟内在两个门口", "可能有人复印了这张证。请问一下证是谁的，需要的话换一张新证。"
    ),
    "home_late": Flag("出门太久才回来", "已经放行照记。请打个电话，问问有没有难处；不会因此扣证。"),
    OLD_LIST: Flag("手机里的名单太旧", "已经照记，服务器按当时的情况再看过一遍。请让值守的人联网更新名单。"),
    "already_swabbed": Flag("这一轮已经采过", "已经照记。看看是不是扫错了人；错了的，在采样管页面上撤销。"),
    "isolated_here": Flag("居家隔离的人在采样点采样", "已经照记。请问一下怎么下楼的，下次安排上门。"),
    "tube_other_round": Flag("别的轮次的管", "已经照记。请把这一管单独放，问检测机构能不能收。"),
    "tube_full": Flag("管里人数超了", "已经照记。请和采样的人核对，这一管单独登记。"),
    "tube_closed": Flag("已经封好的管又采", "已经照记。请和采样的人核对是不是扫错了管。"),
    "wrong_pool": Flag("混采人数不对", "已经照记。请核对这一轮几个人一管。"),
    "lot_expired": Flag("采样管过期", "已经照记。这一管的人要通知重采，这一批马上停用。"),
    "two_hands": Flag("两个账号扫了同一管", "已经照记。请两个人核对这一管里有谁。"),
    "tube_too_old": Flag("这一管放得太久", "已经照记。请马上送检，问检测机构能不能收。"),
    "odd_code": Flag("条码里有怪字符", "已经去掉怪字符照记。请看看标签有没有破损。"),
    "odd_papers": Flag("证件号不对", "已经照记。请核对证件号，在采样管页面上更正。"),
    "box_used": Flag("这个箱码已经用过", "已经照记。请换一张箱标签，核对两箱里各有哪些管。"),
    "tube_in_two_boxes": Flag("一管扫进了两个箱", "以后扫的为准。请打开箱子看看在哪一箱。"),
    "box_sealed": Flag("封箱以后又装管", "已经照记。请重新点数、重新封箱。"),
    "count_differs": Flag("手点的管数和系统不一样", "请当面再点一次，在箱子页面写明原因。"),
    "tube_not_in_box": Flag("收到的管没登记在这一箱", "已经照记。请在箱子页面写明原因。"),
    "not_disinfected": Flag("交接时没有消毒", "请补做箱体消毒，写明原因。"),
    "nobody_isolated": Flag(
        "这户当时没有人在家隔离", "原样留着，没有记账。请问一下看的是不是这一户。", again=True
    ),
    "brought_before": Flag("已经有人送到了", "先送到的为准。请问一下是不是送了两份。"),
    "no_temperature": Flag("路上时间长，没有记箱温", "请补记箱温，问检测机构能不能收。"),
}
