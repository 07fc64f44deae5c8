"""Workbooks on their way into the register: kept, understood, taken in, told about."""
