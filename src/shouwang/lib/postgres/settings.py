"""How the embedded server is set: two cores, a laptop's memory, nobody from outside, passwords for all."""

import socket
import sys
from pathlib import Path

from shouwang.lib.postgres.private_files import write

PORT = 5432  # on Unix a part of the socket's name, no port of the network
INCLUDE = "include 'shouwang.conf'  # what is written below it wins"
ACCESS = """\
# Written at every start. Every role has a password, on the socket too; nobody is trusted.
local all all scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""
SETTINGS = """\
# Written at every start; changes of your own belong into postgresql.conf, below the include.
listen_addresses = '{listen}'
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 60
password_encryption = 'scram-sha-256'
timezone = 'UTC'
lc_messages = 'C'

shared_buffers = 192MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_worker_processes = 4
max_parallel_workers = 2
max_parallel_workers_per_gather = 1
jit = off

# A bulk load of a whole district runs between two checkpoints; full pages compress well.
wal_compression = on
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9

logging_collector = on
log_directory = '{log}'
log_filename = 'postgres-%a.log'
log_truncate_on_rotation = on
log_rotation_age = 1d
log_rotation_size = 0
log_timezone = 'UTC'
log_startup_progress_interval = 1s
log_min_duration_statement = 2s
# What fails may name somebody: the log says that it failed, not with which values.
log_parameter_max_length = 0
log_min_error_statement = panic
log_error_verbosity = terse
"""


def configure(folder: Path, *, sockets: Path, log: Path) -> None:
    """Writes the settings anew, so that an upgrade of ours reaches every installation with its next start."""
    listen, port, shown = "", PORT, str(sockets)
    if sys.platform == "win32":
        listen, port, shown = "127.0.0.1", _free_port(), ""
    log_shown = str(log).replace("\\", "\\\\").replace("'", "''")
    write(
        folder / "shouwang.conf",
        SETTINGS.format(listen=listen, port=port, sockets=shown, log=log_shown),
    )
    write(folder / "pg_hba.conf", ACCESS)
    main = folder / "postgresql.conf"
    before = main.read_text()
    if INCLUDE not in before:
        write(main, f"{before}\n{INCLUDE}\n")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
