"""Flows about what people are told."""
