"""Nobody sees another community through any page, whatever their role; every no is a sentence."""

from django.test import Client
from django.urls import get_resolver, resolve, reverse

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
    "told_apart": "",
    "ask_again": "",
    "find": "?q=1-1-101",
    "matrix": f"?area={DIANLI}",
    "places": "",
    **dict.fromkeys(
        ("household", "household_visit", "household_attempt", "household_waive", "household_strike"), ""
    ),
    **dict.fromkeys(("household_newcomer", "household_empty", "household_aside", "household_reveal"), ""),
    **dict.fromkeys(
        (
            "person",
            "person_reveal",
            "person_left",
            "person_confirm",
            "person_aside",
            "place",
            "place_look",
            "place_reveal",
        ),
        "",
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
    **dict.fromkeys(
        ("end_answering", "helpers", "hand_over", "plan_page", "fill_plan", "switch_plan", "people"), ""
    ),
    **dict.fromkeys(
        ("lists", "list_page", "list_return", "list_return_file", "list_state", "list_columns"), ""
    ),
    **dict.fromkeys(("list_rows", "list_rows_hand", "list_rows_elsewhere", "list_row"), f"?area={DIANLI}"),
    **dict.fromkeys(("choosing", "decide", "undo_decision"), "?which=new"),
    "work": "?all=1",
    "list_newer": "",
    "unowned": "",
    "town": f"?area={XIANGYUN}",
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
ADDRESSES |= dict.fromkeys(
    ("devices", "device_new", "device_odd", "device_settle", "device_again", "device_raw"), ""
)
ADDRESSES |= {"device_revoke": ""}
NAMED = {
    "device_revoke": SOME_ID,
    **dict.fromkeys(("device_settle", "device_again", "device_raw"), (SOME_ID, "unknown_kind")),
    "report_wish": "00000000-0000-7000-8000-000000000001",
    "poster_down": 1,
    **dict.fromkeys(("list_page", "list_return", "list_return_file", "list_row"), SOME_ID),
    **dict.fromkeys(("inquiry", "inquiry_call", "inquiry_tried", "inquiry_forget", "inquiry_hand"), SOME_ID),
    **dict.fromkeys(("inquiry_met", "inquiry_elsewhere", "inquiry_not_them", "inquiry_strike"), SOME_ID),
    **dict.fromkeys(("referral", "referral_doctor"), SOME_ID),
    **dict.fromkeys(("list_state", "list_columns", "list_newer"), 1),
    "code_request": SOME_ID,
    "plan_page": "covid_9th",
    "fill_plan": "covid_9th",
    "switch_plan": "covid_9th",
    **dict.fromkeys(("extend_round", "stop_round"), "00000000-0000-7000-8000-000000000001"),
    **dict.fromkeys(("import_file", "import_state", "import_columns", "import_start", "import_check"), 1),
    **dict.fromkeys(("end_answering", "hand_over", "more_for", "take_back"), 1),
}
PASSES = ("passes_of_list", "pass_bar_end", "pass_decide", "pass_refuse", "pass", "pass_lost", "pass_found")
PASSES += ("pass_replace", "pass_longer", "pass_end", "pass_withdraw")
PASSES += ("incident", "pass_contest", "contest")
PASS_PLAIN = ("passes", "pass_new", "pass_single", "pass_print", "pass_bars", "incidents", "incident_new")
ADDRESSES |= dict.fromkeys((*PASS_PLAIN, *PASSES), "") | {"pass_sheet": f"?area={DIANLI}"}
NAMED |= dict.fromkeys(PASSES, SOME_ID) | {"incident_photo": (SOME_ID, SOME_ID)}
ADDRESSES |= {"incident_photo": ""}
ADDRESSES |= dict.fromkeys(("vaccination", "vaccination_doors", "drive", "drive_end", "drive_say"), "")
NAMED |= dict.fromkeys(("drive", "drive_end"), SOME_ID) | {"drive_say": (SOME_ID, 1)}
NOTICE = ("notice", "notice_again", "notice_handed", "notice_read", "notice_leaflet", "notice_text")
ADDRESSES |= dict.fromkeys(("notices", *NOTICE), "")
NAMED |= dict.fromkeys(NOTICE, SOME_ID)
ADDRESSES |= dict.fromkeys(("inbox", "questions", "question_end", "matter", "matter_step", "matter_hand"), "")
NAMED |= dict.fromkeys(("question_end", "matter", "matter_step", "matter_hand"), SOME_ID)
ADDRESSES |= {"close_out": f"?community={XIANGYUN}"} | dict.fromkeys(
    ("close_out_propose", "close_out_confirm", "close_out_withdraw", "close_out_certificate"), ""
)
NAMED |= dict.fromkeys(("close_out_confirm", "close_out_withdraw", "close_out_certificate"), SOME_ID)
ADDRESSES |= {"messages": f"?area={DIANLI}", "messages_list": f"?area={DIANLI}&state=sent"}
ADDRESSES |= {
    "messages_by_hand": f"?area={DIANLI}",
    "messages_group": f"?area={DIANLI}",
    "messages_again": "",
}
ADDRESSES |= {"messages_office": f"?area={XIANGYUN}"}
UUIDS = (
    "directive", "directive_read", "directive_file", "directive_text", "directive_points",
    "directive_more",
)  # fmt: skip
UUIDS += ("directive_point", "directive_end", "directive_answer_file", "directive_strike")
ADDRESSES |= dict.fromkeys(("directives", "directive_new", *UUIDS), "")
ADDRESSES |= {"briefing": f"?area={DIANLI}", "briefing_held": f"?area={DIANLI}", "briefing_minutes": ""}
ADDRESSES |= dict.fromkeys(("briefing_numbers", "briefing_waiting"), f"?area={DIANLI}")
ADDRESSES |= {"briefing_figure": f"?area={DIANLI}&field=screening.visits_day"}
NAMED |= {"briefing_minutes": "00000000-0000-7000-8000-000000000001"}
NAMED |= dict.fromkeys(UUIDS, "00000000-0000-7000-8000-000000000001")
CASE = (
    "case", "case_say", "case_add", "case_judge", "case_who", "case_found", "case_hand_on",
    "case_letters",
)  # fmt: skip
CASE += ("case_chain", "case_letter", "case_give")
ADDRESSES |= dict.fromkeys(("cases", "case_new", "my_cases", "case_looks", "case_end", *CASE), "")
NAMED |= dict.fromkeys(CASE, "00000000-0000-7000-8000-000000000001") | {"case_end": 1}
ISOLATION = ("order", "order_call", "order_notice", "order_confirm", "order_decide", "order_withdraw")
ISOLATION += (
    "order_care", "order_home", "order_reading", "order_release", "objection", "order_left",
    "order_certificate",
)  # fmt: skip
ISOLATION += ("change_approve", "change_refuse", "need_say", "need_settle", "need_receipt")
ISOLATION += ("order_relative", "need_photo", "regular_end", "need", "need_take", "need_bring", "need_drop")
ADDRESSES |= dict.fromkeys(
    ("isolation_temperatures", "isolation_chat", "needs", "need_new", "regulars", "regular_new", *ISOLATION),
    "",
)
ADDRESSES |= {"isolation": "?which=waiting", "isolation_new": "?household=1"}
ADDRESSES |= {"isolation_outside": "?household=1"}
NAMED |= dict.fromkeys(ISOLATION, "00000000-0000-7000-8000-000000000001") | {"need_new": 1, "regular_new": 1}
NAMED |= {"order_change": (SOME_ID, "longer"), "relative_end": (SOME_ID, SOME_ID)}
ADDRESSES |= {"order_change": "", "relative_end": ""}
ADDRESSES |= dict.fromkeys(
    ("needs_owed", "oddities", "oddity_settle", "doors_reached", "isolation_pictures"), ""
)
OF_LIST = (
    "isolation_of_list", "isolation_of_list_ask", "isolation_of_list_confirm", "isolation_of_list_decide",
)  # fmt: skip
ADDRESSES |= dict.fromkeys(OF_LIST, "")
NAMED |= dict.fromkeys(OF_LIST, SOME_ID)
SEALS = ("seal", "seal_approve", "seal_withdraw", "seal_open", "seal_tell", "seal_check", "seal_left")
SEALS += ("seal_longer", "longer_approve", "seal_call", "seal_notice", "left_transport")
ADDRESSES |= dict.fromkeys(("seals", "seal_new", *SEALS), "")
NAMED |= dict.fromkeys(SEALS, SOME_ID)
CARS = ("transfer_new", "transfer", "transfer_depart", "transfer_hand_over", "transfer_off", "transfer_sheet")
ADDRESSES |= dict.fromkeys(("transfers", *CARS), "")
NAMED |= dict.fromkeys(CARS, SOME_ID)
SENT = (
    "ledger_report", "ledger_prepare", "ledger_snapshot", "ledger_check", "ledger_withdraw",
    "ledger_correct",
)  # fmt: skip
SENT += ("ledger_file", "ledger_clear")
FORMS = ("ledger_clear_approve", "ledger_clear_refuse", "ledger_clear_take", "ledger_roll_up", "ledger_chase")
FORMS += ("ledger_form", "ledger_retire", "ledger_columns")
ADDRESSES |= dict.fromkeys(("ledgers", "ledger_forms", *SENT, *FORMS), "")
ADDRESSES |= {"ledgers_now": f"?area={DIANLI}", "ledger_behind": f"?line={DIANLI}"}
NAMED |= dict.fromkeys(SENT, "00000000-0000-7000-8000-000000000001") | dict.fromkeys(FORMS, 1)
NAMED |= {"ledger_behind": ("00000000-0000-7000-8000-000000000001", 1)}
GOODS = ("goods_item", "goods_lot", "goods_label", "goods_list", "goods_list_sheet", "goods_list_hand_out")
GOODS += ("goods_list_strike", "gift", "gift_receipt", "gift_thank", "goods_loan", "goods_site_close")
GOODS += ("goods_meals_brought",)
SPOTS = (
    "disinfection_spot", "disinfection_tap", "disinfection_end", "disinfection_strike",
    "disinfection_final",
)  # fmt: skip
SPOTS += ("disinfection_step", "disinfection_accept", "disinfection_certificate")
LOOKS = ("finding", "second_visit", "closure_leave")
PLAIN = (
    "goods_item_new", "goods_ledger", "goods_receive", "goods_lists", "goods_list_new", "goods_count",
    "gifts",
)  # fmt: skip
PLAIN += (
    "gift_new", "goods_loans", "goods_sites", "goods_meals", "disinfection_new", "disinfection_final_new",
)  # fmt: skip
PLAIN += ("second_visits", "closure_new")
ADDRESSES |= dict.fromkeys((*GOODS, *SPOTS, *LOOKS, *PLAIN), "")
ADDRESSES |= {"goods": f"?community={XIANGYUN}", "goods_scan": f"?community={XIANGYUN}&code=00001"}
AREAS = (
    "disinfection", "disinfection_sheets", "disinfection_finals", "disinfection_collect", "inspection",
    "look_new",
)  # fmt: skip
ADDRESSES |= dict.fromkeys((*AREAS, "inspection_places"), f"?area={DIANLI}")
NAMED |= dict.fromkeys((*GOODS, *SPOTS, *LOOKS), SOME_ID) | {"disinfection_final_new": 1, "closure_new": 1}
GATES = ("gate", "gate_close", "gate_sheet")
ADDRESSES |= dict.fromkeys((*GATES, "gate_new", "gates_from_posts"), "")
ADDRESSES |= dict.fromkeys(("gates", "gates_week", "gates_tallies", "gates_passages"), f"?area={DIANLI}")
NAMED |= dict.fromkeys(GATES, SOME_ID)
ABOUT_ONE = ("household", "person", "place")
WITHOUT_RESIDENTS = {"look", "field", "field_worker"}
IN_THE_STREET = {"report", "report_link", "report_receipt", "report_own", "report_correct", "report_ask"}
IN_THE_STREET |= {"spot_done", "place_scan"}
IN_THE_STREET |= {"pass_find", "pass_own", "pass_own_objection", "pass_own_visitor"}
IN_THE_STREET |= {"check", "check_area", "closed", "exit", "hand"}
ROSTER = (
    "shift", "shift_give", "turn_here", "turn_not_here", "turn_replace", "turn_move", "turn_swap",
    "turn_end",
)  # fmt: skip
ROSTER += ("call_up", "called", "signup", "signup_take", "signup_refuse", "thing", "thing_pass", "thing_back")
WORKERS = ("roster_post", "roster_post_end", "roster_hours_end", "worker", "worker_absent", "worker_squads")
WORKERS += ("worker_back", "worker_over", "thing_new")
ADDRESSES |= dict.fromkeys(("my_turns", "roster_state", "roster_make", "roster_publish", "roster_posts"), "")
ADDRESSES |= dict.fromkeys(
    ("roster_people", "roster_squad", "roster_codes", "call_ups", "signups", "handing"), ""
)
ADDRESSES |= dict.fromkeys(
    ("hands", "roster_week", "roster_print", "signup_poster"), f"?community={XIANGYUN}"
)
ADDRESSES |= dict.fromkeys((*ROSTER, *WORKERS, "thing_strike"), "") | {"custody": "?holder=1"}
NAMED |= dict.fromkeys(ROSTER, SOME_ID) | dict.fromkeys(WORKERS, 1) | {"thing_strike": (SOME_ID, SOME_ID)}
IN_THE_STREET |= {"worker_own", "worker_seen", "worker_called", "worker_here", "worker_cannot"}
IN_THE_STREET |= {"at_post", "join", "joined", "community", "say", "say_receipt"}
IN_THE_STREET |= {"home", "home_enter", "home_reading", "home_need", "home_objection", "home_mine"}
ROUND = (
    "testing_round", "testing_end", "testing_ended", "testing_missing", "testing_calls",
    "testing_lay_out",
)  # fmt: skip
ROUND += (
    "testing_draw", "testing_fetch", "testing_point", "testing_jobs", "testing_doors",
    "testing_tours_lay_out",
)  # fmt: skip
TRADE = (
    "testing_trade", "testing_trade_put", "testing_trade_end", "testing_sheet", "testing_fetching",
    "testing_fetched",
)  # fmt: skip
ADDRESSES |= dict.fromkeys(
    (*ROUND, *TRADE, "testing_one", "testing_called", "testing_point_close", "testing_worker"), ""
)
ADDRESSES |= dict.fromkeys(
    ("testing_rounds", "testing_new", "testing_urgent", "testing_trades", "testing_trade_new"), ""
)
NAMED |= dict.fromkeys((*ROUND, *TRADE), SOME_ID) | dict.fromkeys(
    ("testing_one", "testing_called"), (SOME_ID, 1)
)
NAMED |= {"testing_point_close": (SOME_ID, SOME_ID), "testing_worker": 1}
SAMPLES = (
    "testing_box", "testing_box_explain", "testing_box_said", "testing_box_reconcile",
    "testing_box_sheet",
)  # fmt: skip
SAMPLES += ("samples_account", "testing_tube")
ADDRESSES |= dict.fromkeys(
    ("samples", "samples_speed", "testing_labels", "testing_paper", "testing_paper_sheet"), ""
) | {"testing_codes": f"?building={BUILDING_1}"}
ADDRESSES |= dict.fromkeys((*SAMPLES, "testing_swab_strike"), "")
NAMED |= dict.fromkeys(SAMPLES, SOME_ID) | {"testing_swab_strike": (SOME_ID, SOME_ID)}
RESULTS = ("result_decide", "result_fhir", "pool", "pool_hold", "pool_told")
ADDRESSES |= dict.fromkeys(
    (*RESULTS, "results", "results_own", "results_waiting", "results_held", "pools"), ""
)
NAMED |= dict.fromkeys(RESULTS, SOME_ID) | {"pool_told": (SOME_ID, 1)}
IN_THE_STREET |= {"tests", "tests_objection", "about_me", "about_me_objection"}


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
    needed = {one: getattr(resolve(one.partition("?")[0]).func, "permission", "") for one in addresses}
    closed_once: set[str] = set()
    for role in ROLES:
        client, closed = newcomer(role, JIANXIN), closed_to(role, needed)
        knocked = {*{needed[one]: one for one in closed}.values(), *(closed - closed_once)}
        for address in [one for one in addresses if one not in closed or one in knocked]:
            answer = client.get(address)
            shown = answer.content.decode()
            expected = {403} if address in closed else {200, 302, 403, 404}
            assert answer.status_code in expected, (role, address)
            assert "电力楼院" not in shown, (role, address)
            assert "祥云社区" not in shown, (role, address)
        closed_once |= closed
    assert closed_once == {one for one in addresses if needed[one]}


def closed_to(role, needed):
    """The addresses whose door is shut for this role. Before a shut door no view is reached: each role knocks once for each
    permission that it lacks, and every door is knocked at by somebody to whom it is shut."""
    return {one for one, permission in needed.items() if permission and permission not in ROLES[role].may}


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
