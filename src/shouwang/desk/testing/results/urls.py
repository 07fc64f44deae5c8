"""检测结果, listed by hand."""

from django.urls import path

from shouwang.desk.testing.results import arriving, deciding, laboratory, pools

urlpatterns = [
    path("", arriving.listed, name="results"),
    path("waiting/", arriving.waiting, name="results_waiting"),
    path("laboratory/", laboratory.own, name="results_own"),
    path("<uuid:result>/fhir/", arriving.as_fhir, name="result_fhir"),
    path("held/", deciding.listed, name="results_held"),
    path("<uuid:result>/", deciding.decided, name="result_decide"),
    path("pools/", pools.listed, name="pools"),
    path("pools/<uuid:pool>/", pools.opened, name="pool"),
    path("pools/<uuid:pool>/hold/", pools.approved, name="pool_hold"),
    path("pools/<uuid:pool>/told/<int:told>/", pools.told, name="pool_told"),
]
