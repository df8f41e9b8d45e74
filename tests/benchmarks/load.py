"""Requests over connections that stay open, and how long each of them took."""

import http.client
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

PATIENCE = 120  # seconds for one answer


@dataclass(frozen=True)
class Request:
    path: str
    body: bytes | None = None

    @property
    def method(self) -> str:
        return "GET" if self.body is None else "POST"


@dataclass
class Timings:
    """What a series of requests took, in seconds, and how it was answered."""

    took: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    each: int = 1  # things in a request

    @property
    def rate(self) -> float:
        return len(self.took) * self.each / self.seconds

    @property
    def p50(self) -> float:
        """Milliseconds."""
        return statistics.median(self.took) * 1000

    @property
    def p95(self) -> float:
        """Milliseconds."""
        return statistics.quantiles(self.took, n=20)[-1] * 1000


class Connection:
    """One connection, kept; it opens again where the server closed it."""

    def __init__(self, port: int, headers: dict[str, str]):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self.headers = headers | {"Content-Type": "application/json"}

    def ask(self, request: Request) -> tuple[int, bytes]:
        try:
            self.line.request(request.method, request.path, request.body, self.headers)
            answer = self.line.getresponse()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.line.close()
            self.line.request(request.method, request.path, request.body, self.headers)
            answer = self.line.getresponse()
        return answer.status, answer.read()


def measured(connections: list[Connection], requests: Iterable[Request], each: int = 1) -> Timings:
    """Send ``requests`` over ``connections`` at once, as fast as they are answered."""
    waiting = list(requests)
    shares = [waiting[n :: len(connections)] for n in range(len(connections))]
    timings = Timings(each=each)

    def send(connection: Connection, share: list[Request]) -> None:
        for request in share:
            started = time.perf_counter()
            status, _body = connection.ask(request)
            timings.took.append(time.perf_counter() - started)
            timings.statuses[status] += 1

    started = time.perf_counter()
    with ThreadPoolExecutor(len(connections)) as pool:
        for done in [pool.submit(send, *one) for one in zip(connections, shares, strict=True)]:
            done.result()
    timings.seconds = time.perf_counter() - started
    return timings


def followed(
    connection: Connection, first: str, onward: Callable[[bytes], str], pages: int
) -> Timings:
    """Ask for ``first``, then for what each page says comes next, up to ``pages``."""
    timings, path = Timings(), first
    while path and len(timings.took) < pages:
        started = time.perf_counter()
        status, body = connection.ask(Request(path))
        timings.took.append(time.perf_counter() - started)
        timings.statuses[status] += 1
        path = onward(body)
    timings.seconds = sum(timings.took)
    return timings
