"""The same list, corrected: known again, shown as differences, taken in without asking anybody twice."""
