"""守望 (Shouwang): no household missed, nobody missed, nothing open overnight."""

__version__ = "0.1.0"
