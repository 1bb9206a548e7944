import socket

import pytest

from basetype_benchmark.errors import PortInUse, UsageError
from basetype_benchmark.infrastructure.ports import LOOPBACK, pick_free_port, require_free_port


def test_a_free_port_can_be_taken():
    port = pick_free_port()
    require_free_port(port, "Oxigraph")
    with socket.socket() as taken:
        taken.bind((LOOPBACK, port))


def test_a_port_with_a_listener_is_in_use():
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse, match=f"Oxigraph cannot listen on 127.0.0.1:{port}"):
            require_free_port(port, "Oxigraph")


@pytest.mark.parametrize("number", [-1, 0, 70000])
def test_a_number_that_is_no_port_is_refused(number):
    with pytest.raises(UsageError, match=f"{number} is not a port for Oxigraph"):
        require_free_port(number, "Oxigraph")
