"""Whether the web processes can have their ports, and a sentence that says what to do if not."""

import errno
import socket
from collections.abc import Iterable
from contextlib import closing

from helpline.operations.processes import HttpCheck, Part

OPTIONS = {"web": "--port", "console": "--console-port"}
"""The option of `komek up` that sets the port of a part."""


def why_not(error: OSError, host: str, port: int, option: str = "--port") -> str:
    """Return why a port could not be taken, and which option chooses another one."""
    if error.errno == errno.EACCES:
        return (
            f"port {port} is for programs with special rights: choose one above 1023 with {option}, "
            "and let a proxy listen on 80 and 443"
        )
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is not an address of this machine"
    if error.errno == errno.EADDRINUSE:
        return f"port {port} of {host} is in use; choose another one with {option}"
    return f"port {port} of {host} cannot be used: {error.strerror or type(error).__name__}"


def faults(parts: Iterable[Part]) -> list[str]:
    """Return one sentence for each port of these parts that cannot be taken now.

    Without this check, another program that answers on the port would be announced as ours.
    """
    return [fault for part in parts if isinstance(part.check, HttpCheck) and (fault := _fault(part.name, part.check))]


def _fault(name: str, check: HttpCheck) -> str:
    family = socket.AF_INET6 if ":" in check.host else socket.AF_INET
    with closing(socket.socket(family)) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            tried.bind((check.host, check.port))
        except OSError as error:
            return why_not(error, check.host, check.port, OPTIONS.get(name, "--port"))
    return ""
