"""我家的检测: what somebody sees of their own tests."""
