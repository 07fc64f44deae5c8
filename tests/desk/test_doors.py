"""Nobody sees another community through any page, whatever their role; every no is a sentence."""

from django.test import Client
from django.urls import get_resolver, reverse

from shouwang.access.roles import ROLES
from tests.door import ADDRESSES as AT_THE_DOOR  # their own test is in test_door.py
from tests.world import BUILDING_1, CHUNHUI, DIANLI, JIANXIN, XIANGYUN

SOME_ID = "00000000-0000-7000-8000-000000000001"
# Every address of the desk with the query of somebody who tries their luck next door.
ADDRESSES = {
    "board": f"?area={DIANLI}",
    "board_numbers": f"?area={DIANLI}",
    "board_hours": f"?area={DIANLI}",
    **dict.fromkeys(("wall", "wall_numbers", "wall_hours"), f"?area={XIANGYUN}"),
    "figures": f"?area={DIANLI}",
    "board_list": f"?area={DIANLI}&state=total",
    "living": "",
    "living_list": f"?area={DIANLI}&which=unknown",
    "duplicates": "",
    "merge": "",
    "differ": "",
    "unmerge": "",
    "find": "?q=1-1-101",
    "matrix": f"?area={DIANLI}",
    "places": "",
    **dict.fromkeys(
        ("household", "household_visit", "household_attempt", "household_waive", "household_strike"), ""
    ),
    **dict.fromkeys(("household_newcomer", "household_empty", "household_aside"), ""),
    **dict.fromkeys(
        ("person", "person_reveal", "person_left", "person_aside", "place", "place_look", "place_reveal"), ""
    ),
    "closing": f"?community={XIANGYUN}",
    "closed_day": f"?community={XIANGYUN}&day=2022-04-21",
    "past_days": f"?community={XIANGYUN}",
    "account_list": f"?community={XIANGYUN}&day=2022-04-21&column=opened",
    "nobodys_doors": f"?area={DIANLI}",
    "give_area": f"?area={DIANLI}",
    "plans": f"?community={XIANGYUN}",
    **dict.fromkeys(("rounds", "new_round", "extend_round", "stop_round", "imports", "import_file"), ""),
    **dict.fromkeys(("import_state", "import_columns", "import_start", "import_check", "answering"), ""),
    **dict.fromkeys(("end_answering", "helpers", "hand_over", "plan_page", "switch_plan", "people"), ""),
    **dict.fromkeys(
        ("lists", "list_page", "list_return", "list_return_file", "list_state", "list_columns"), ""
    ),
    **dict.fromkeys(("list_rows", "list_rows_hand", "list_rows_elsewhere", "list_row"), f"?area={DIANLI}"),
    **dict.fromkeys(("choosing", "decide", "undo_decision"), "?which=new"),
    "work": "?all=1",
    **dict.fromkeys(("codes", "codes_step", "code_request"), ""),
    **dict.fromkeys(("inquiry", "inquiry_call", "inquiry_tried", "inquiry_forget", "inquiry_hand"), ""),
    **dict.fromkeys(("inquiry_met", "inquiry_elsewhere", "inquiry_not_them", "inquiry_strike"), ""),
    **dict.fromkeys(("referral", "referral_doctor"), ""),
    **dict.fromkeys(("new_account", "more_for", "take_back", "audit"), ""),
    **dict.fromkeys(
        ("reported", "report_enter", "report_wish", "posters", "posters_make", "poster_more"), ""
    ),
    **dict.fromkeys(("posters_print", "poster_down"), ""),
}
NAMED = {
    "report_wish": "00000000-0000-7000-8000-000000000001",
    "poster_down": 1,
    **dict.fromkeys(("list_page", "list_return", "list_return_file", "list_row"), SOME_ID),
    **dict.fromkeys(("inquiry", "inquiry_call", "inquiry_tried", "inquiry_forget", "inquiry_hand"), SOME_ID),
    **dict.fromkeys(("inquiry_met", "inquiry_elsewhere", "inquiry_not_them", "inquiry_strike"), SOME_ID),
    **dict.fromkeys(("referral", "referral_doctor"), SOME_ID),
    **dict.fromkeys(("list_state", "list_columns"), 1),
    "code_request": SOME_ID,
    "plan_page": "covid_9th",
    "switch_plan": "covid_9th",
    **dict.fromkeys(("extend_round", "stop_round"), "00000000-0000-7000-8000-000000000001"),
    **dict.fromkeys(("import_file", "import_state", "import_columns", "import_start", "import_check"), 1),
    **dict.fromkeys(("end_answering", "hand_over", "more_for", "take_back"), 1),
}
ADDRESSES |= {"messages": f"?area={DIANLI}", "messages_list": f"?area={DIANLI}&state=sent"}
ADDRESSES |= {
    "messages_by_hand": f"?area={DIANLI}",
    "messages_group": f"?area={DIANLI}",
    "messages_again": "",
}
ADDRESSES |= {"messages_office": f"?area={XIANGYUN}"}
UUIDS = (
    "directive",
    "directive_read",
    "directive_file",
    "directive_text",
    "directive_points",
    "directive_more",
)
UUIDS += ("directive_point", "directive_end", "directive_answer_file", "directive_strike")
ADDRESSES |= dict.fromkeys(("directives", "directive_new", *UUIDS), "")
ADDRESSES |= {"briefing": f"?area={DIANLI}", "briefing_held": f"?area={DIANLI}", "briefing_minutes": ""}
ADDRESSES |= dict.fromkeys(("briefing_numbers", "briefing_waiting"), f"?area={DIANLI}")
ADDRESSES |= {"briefing_figure": f"?area={DIANLI}&field=screening.visits_day"}
NAMED |= {"briefing_minutes": "00000000-0000-7000-8000-000000000001"}
NAMED |= dict.fromkeys(UUIDS, "00000000-0000-7000-8000-000000000001")
CASE = (
    "case",
    "case_say",
    "case_add",
    "case_judge",
    "case_who",
    "case_found",
    "case_hand_on",
    "case_letters",
)
CASE += ("case_chain", "case_letter", "case_give")
ADDRESSES |= dict.fromkeys(("cases", "case_new", "my_cases", "case_looks", "case_end", *CASE), "")
NAMED |= dict.fromkeys(CASE, "00000000-0000-7000-8000-000000000001") | {"case_end": 1}
ISOLATION = ("order", "order_call", "order_notice", "order_confirm", "order_decide", "order_withdraw")
ISOLATION += ("order_care", "order_reading", "order_extend", "order_release", "objection")
ISOLATION += ("need", "need_take", "need_bring", "need_drop")
ADDRESSES |= dict.fromkeys(("isolation_temperatures", "isolation_chat", "needs", "need_new", *ISOLATION), "")
ADDRESSES |= {"isolation": "?which=waiting", "isolation_new": "?household=1"}
NAMED |= dict.fromkeys(ISOLATION, "00000000-0000-7000-8000-000000000001") | {"need_new": 1}
SENT = (
    "ledger_report",
    "ledger_prepare",
    "ledger_snapshot",
    "ledger_check",
    "ledger_withdraw",
    "ledger_correct",
)
SENT += ("ledger_file", "ledger_clear")
FORMS = ("ledger_clear_approve", "ledger_clear_refuse", "ledger_clear_take", "ledger_roll_up", "ledger_chase")
FORMS += ("ledger_form", "ledger_retire", "ledger_columns")
ADDRESSES |= dict.fromkeys(("ledgers", "ledger_forms", *SENT, *FORMS), "")
ADDRESSES |= {"ledgers_now": f"?area={DIANLI}", "ledger_behind": f"?line={DIANLI}"}
NAMED |= dict.fromkeys(SENT, "00000000-0000-7000-8000-000000000001") | dict.fromkeys(FORMS, 1)
NAMED |= {"ledger_behind": ("00000000-0000-7000-8000-000000000001", 1)}
ABOUT_ONE = ("household", "person", "place")
WITHOUT_RESIDENTS = {"look"}
IN_THE_STREET = {"report", "report_link", "report_receipt", "report_own", "report_correct", "report_ask"}
IN_THE_STREET |= {"check", "check_area"}
IN_THE_STREET |= {"home", "home_enter", "home_reading", "home_need", "home_objection"}


def address_of(name: str) -> str:
    """The page's address; of pages about one household, person or place the first row's, which is in 祥云社区."""
    if name in NAMED:
        named = NAMED[name]
        return reverse(name, args=named if isinstance(named, tuple) else [named])
    about_one = name.split("_")[0] in ABOUT_ONE
    return reverse(name, args=[1] if about_one else [])


def test_every_page_of_the_desk_is_listed_here():
    own = {name for name in get_resolver().reverse_dict if isinstance(name, str)}
    signing_in = {name for name in own if name.startswith(("account_", "mfa_"))} - set(ADDRESSES)
    assert own - signing_in == set(ADDRESSES) | set(AT_THE_DOOR) | WITHOUT_RESIDENTS | IN_THE_STREET


def test_no_role_next_door_sees_anything_here(newcomer):
    addresses = [address_of(name) + query for name in ADDRESSES for query in {"", ADDRESSES[name]}]
    for role in ROLES:
        client = newcomer(role, JIANXIN)
        for address in addresses:
            answer = client.get(address)
            shown = answer.content.decode()
            assert answer.status_code in (200, 302, 403, 404), (role, address)
            assert "电力楼院" not in shown, (role, address)
            assert "祥云社区" not in shown, (role, address)


def test_without_login_every_page_leads_to_the_login_page_and_back(street):
    for name, query in ADDRESSES.items():
        answer = Client().get(address_of(name) + query)
        assert answer.status_code == 302, name
        assert answer["Location"].startswith("/accounts/login/?next="), name


def test_a_part_of_a_page_sends_the_whole_page_to_the_login(street):
    headers = {"HX-Request": "true", "HX-Current-URL": f"http://testserver/?area={DIANLI}"}
    answer = Client().get(reverse("board_numbers"), headers=headers)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == f"/accounts/login/?next=/%3Farea%3D{DIANLI}"


def test_an_area_next_door_is_not_found(browser_of):
    answer = browser_of("书记赵").get("/", {"area": DIANLI})
    assert answer.status_code == 404
    assert "没有找到，或者不在您负责的范围内。" in answer.content.decode()


def test_a_role_without_the_permission_is_told_whom_to_ask(newcomer):
    answer = newcomer("gate_guard", XIANGYUN).get("/")
    assert answer.status_code == 403
    assert "请找社区信息员或书记开通" in answer.content.decode()


def test_a_refused_part_is_only_the_sentence(newcomer):
    answer = newcomer("gate_guard", XIANGYUN).get(reverse("board_numbers"), headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert "<html" not in answer.content.decode()


def test_somebody_above_sees_both_communities_apart(newcomer):
    shown = newcomer("commander", XIANGYUN[:9]).get("/").content.decode()
    assert "祥云社区" in shown
    assert "建新社区" in shown


def test_a_building_lead_finds_only_the_own_building_in_the_compound(browser_of):
    client = browser_of("李楼长")
    assert "8" in client.get("/", {"area": BUILDING_1}).content.decode()
    whole = client.get(reverse("board_list"), {"area": DIANLI, "state": "total"}).content.decode()
    assert "电力楼院 1-1-101" in whole
    assert "电力楼院 2-1-101" not in whole
    assert client.get("/", {"area": CHUNHUI}).status_code == 404
