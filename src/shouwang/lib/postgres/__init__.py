"""The database: our own start, stop and health of the embedded server, and the two roles on any server."""

from shouwang.lib.postgres.cluster import Cluster
from shouwang.lib.postgres.roles import prepare, refuse_powerful

__all__ = ["Cluster", "prepare", "refuse_powerful"]
