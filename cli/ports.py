"""Looking for free TCP ports."""

from __future__ import annotations

import errno
import socket

from one_to_one.errors import PortTaken

LOOPBACK = "127.0.0.1"


def require_free(host: str, port: int) -> None:
    """Do nothing when a server could listen there; raises PortTaken otherwise."""
    try:
        _bound(host, port)
    except OSError as error:
        cause = "it is in use" if error.errno == errno.EADDRINUSE else str(error.strerror or error)
        raise PortTaken(host=host, port=port, cause=cause) from error


def free_port(preferred: int = 0) -> int:
    """The preferred loopback port when it is free, else any free one."""
    try:
        return _bound(LOOPBACK, preferred)
    except OSError:
        return _bound(LOOPBACK, 0)


def _bound(host: str, port: int) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        return int(probe.getsockname()[1])
