"""Whom a worker at the door entered is in the register at once, and looked at by somebody of the office."""

from django.urls import reverse

from tests.desk.test_door import TENANT, entry, living, tell


def test_a_new_tenant_waits_for_somebody_of_the_office_to_look_one_tap(street, worker, browser_of):
    tell(worker, entry(street, told="newcomer", newcomer=TENANT))
    (person,) = living(street)
    clerk, leader = browser_of("书记刘"), browser_of("李楼长")
    address = f"{reverse('living_list')}?which=unchecked"
    assert "新登记，请核对 1 人" in clerk.get(reverse("living")).content.decode()
    assert "核对过了" not in leader.get(address).content.decode()
    assert leader.post(reverse("person_confirm", args=[person.pk])).status_code == 403
    assert "核对过了" in clerk.get(address).content.decode()
    clerk.post(reverse("person_confirm", args=[person.pk]))
    assert "新登记，请核对" not in clerk.get(reverse("living")).content.decode()
    assert [one.unchecked_since for one in living(street)] == [None]
