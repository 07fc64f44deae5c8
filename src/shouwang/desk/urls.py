"""The desk's own pages."""

urlpatterns: list = []
