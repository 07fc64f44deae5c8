"""住户档案 and 楼栋图: the register as people open it, listed by hand."""

from django.urls import path

from shouwang.desk.living import apart, aside, finding, household, lists, matrix, person, places

urlpatterns = [
    path("living/", finding.begun, name="living"),
    path("living/list/", lists.listed, name="living_list"),
    path("living/alike/", lists.doubled, name="duplicates"),
    path("living/apart/", apart.apart, name="told_apart"),
    path("living/apart/again/", apart.asked_again, name="ask_again"),
    path("living/merge/", aside.merged, name="merge"),
    path("living/differ/", aside.different, name="differ"),
    path("living/unmerge/", aside.unmerged, name="unmerge"),
    path("find/", finding.found, name="find"),
    path("matrix/", matrix.drawn, name="matrix"),
    path("households/<int:household>/", household.opened, name="household"),
    path("households/<int:household>/visit/", household.visited, name="household_visit"),
    path("households/<int:household>/attempt/", household.tried, name="household_attempt"),
    path("households/<int:household>/waive/", household.waived, name="household_waive"),
    path("households/<int:household>/strike/", household.struck, name="household_strike"),
    path("households/<int:household>/newcomer/", household.joined, name="household_newcomer"),
    path("households/<int:household>/empty/", household.emptied, name="household_empty"),
    path("households/<int:household>/reveal/", household.revealed, name="household_reveal"),
    path("households/<int:household>/aside/", aside.of_household, name="household_aside"),
    path("people/<int:person>/", person.opened, name="person"),
    path("people/<int:person>/reveal/", person.revealed, name="person_reveal"),
    path("people/<int:person>/left/", person.left, name="person_left"),
    path("people/<int:person>/confirm/", person.confirmed, name="person_confirm"),
    path("people/<int:person>/aside/", aside.of_person, name="person_aside"),
    path("places/", places.listed, name="places"),
    path("places/<int:place>/", places.opened, name="place"),
    path("places/<int:place>/look/", places.looked, name="place_look"),
    path("places/<int:place>/reveal/", places.revealed, name="place_reveal"),
]
