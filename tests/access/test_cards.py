"""Who can be handed a card: whoever works at the doors, whatever more they come to do."""

import pytest

from shouwang.access.cards import LIGHT
from shouwang.access.roles import ROLES


@pytest.mark.parametrize("role", ["building_lead", "volunteer"])
def test_a_card_opens_all_that_those_at_the_doors_may(role):
    assert ROLES[role].may <= LIGHT


@pytest.mark.parametrize("role", ["grid_lead", "clerk", "secretary", "medic"])
def test_a_card_opens_nothing_of_the_office(role):
    assert not ROLES[role].may <= LIGHT
