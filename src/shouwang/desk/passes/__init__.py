"""通行证: passes given out, found by a scan or a number, lost, replaced, withdrawn by two, printed on cards."""
