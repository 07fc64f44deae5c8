"""流调: cases, who may look into them, where somebody was and with whom, contacts handed on; and who looked."""

from django.urls import path

from shouwang.desk.cases import handing, judging, looking, looks, opening

urlpatterns = [
    path("cases/", opening.cases, name="cases"),
    path("cases/new/", opening.new, name="case_new"),
    path("cases/mine/", looking.mine, name="my_cases"),
    path("cases/looks/", looks.looks, name="case_looks"),
    path("cases/<uuid:case_id>/give/", opening.give, name="case_give"),
    path("cases/access/<int:access_id>/end/", opening.end, name="case_end"),
    path("cases/<uuid:case_id>/", looking.case, name="case"),
    path("cases/<uuid:case_id>/chain/", looking.chain, name="case_chain"),
    path("cases/<uuid:case_id>/say/", judging.said, name="case_say"),
    path("cases/<uuid:case_id>/add/", judging.added, name="case_add"),
    path("cases/<uuid:case_id>/judge/", judging.judged, name="case_judge"),
    path("cases/<uuid:case_id>/who/", judging.who, name="case_who"),
    path("cases/<uuid:case_id>/found/", judging.found, name="case_found"),
    path("cases/<uuid:case_id>/hand-on/", handing.hand_on, name="case_hand_on"),
    path("cases/<uuid:case_id>/letters/", handing.letters, name="case_letters"),
    path("cases/letters/<uuid:letter_id>/", handing.letter, name="case_letter"),
]
