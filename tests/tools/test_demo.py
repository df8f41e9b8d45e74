import socket

import pytest

from tools import demo
from tools.say import Trouble


@pytest.mark.parametrize("given", ["", "abc", "0", "-1", "65536", "80 80"])
def test_port_that_is_none_is_refused_with_an_example(given):
    with pytest.raises(Trouble, match=r"is no port\. Choose a number such as: make demo PORT="):
        demo.read_port(given)


def test_port_that_is_taken_is_refused_and_another_is_named():
    with socket.socket() as other:
        other.bind((demo.HOST, 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(Trouble, match=rf"Port {port} is taken.*PORT={port + 1}"):
            demo.read_port(str(port))


def test_port_that_is_free_is_taken_as_it_is():
    with socket.socket() as other:
        other.bind((demo.HOST, 0))
        port = other.getsockname()[1]

    assert demo.read_port(str(port)) == port
