"""Keeping an installation: what is wrong with it, its backup, its restore, its upgrade."""
