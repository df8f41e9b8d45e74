"""A bad network between the browser and the site: a proxy that loses, cuts, repeats and delays.

It works on whole requests, so that a record can arrive while its answer is lost, come twice at
once, or come again seconds later, after others. What happens follows from a seed, as far as the
order of requests does.
"""

import asyncio
import contextlib
import random
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

RECORDS = b"PUT /api/field/records/"
PORTAL = b"<!doctype html><title>Free Wi-Fi</title><p>Press here to go on."
LATEST_REPLAY = 3.0  # seconds


@dataclass
class Request:
    head: bytes
    body: bytes

    @property
    def brings_a_record(self) -> bool:
        return self.head.startswith(RECORDS)


@dataclass
class Network:
    """Listens on ``port`` and passes to ``upstream``; ``down`` hangs up, ``bad`` plays tricks."""

    upstream: int
    port: int
    rng: random.Random = field(default_factory=random.Random)
    down: bool = False
    bad: bool = False
    done: Counter = field(default_factory=Counter)
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)
    _replays: set[asyncio.Task] = field(default_factory=set)
    # Once the browser has closed its half nothing else holds a connection, not even the loop.
    _met: set[asyncio.Task] = field(default_factory=set)

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, one request; it may be cancelled when the run is over."""
        task = asyncio.current_task()
        self._met.add(task)
        task.add_done_callback(self._met.discard)
        with contextlib.suppress(
            OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError
        ):
            if not self.down:
                request = await read(reader)
                await self._treat(request, writer)
        await hang_up(writer)

    async def _treat(self, request: Request, writer: asyncio.StreamWriter) -> None:
        trick = self._trick(request)
        self.done[trick] += 1
        if trick == "delay":
            await asyncio.sleep(self.rng.random() / 2)
        if trick == "lose":
            return
        if trick == "portal":
            writer.write(answer(b"200 OK", b"text/html", PORTAL))
        elif trick == "overload":
            writer.write(answer(b"503 Service Unavailable", b"text/plain", b"later"))
        elif trick == "cut":
            await self._cut(request)
            return
        elif trick == "twice":
            first, _second = await asyncio.gather(self._send(request), self._send(request))
            writer.write(first)
        elif trick == "unanswered":
            await self._send(request)
            return
        else:
            if trick == "again":
                self._later(request)
            writer.write(await self._send(request))
        await writer.drain()

    def _trick(self, request: Request) -> str:
        if not self.bad:
            return "pass"
        if not request.brings_a_record:
            return self.rng.choice(["pass", "pass", "delay", "lose"])
        return self.rng.choice(
            ["pass", "delay", "lose", "cut", "twice", "unanswered", "again", "portal", "overload"]
        )

    def _later(self, request: Request) -> None:
        async def replay() -> None:
            await asyncio.sleep(self.rng.random() * LATEST_REPLAY)
            await self._send(request)

        task = asyncio.get_running_loop().create_task(replay())
        self._replays.add(task)
        task.add_done_callback(self._replays.discard)

    async def _send(self, request: Request) -> bytes:
        """What the site answers, or nothing where it is dead or hangs up."""
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
        except OSError:
            return b""
        try:
            writer.write(request.head + request.body)
            await writer.drain()
            return await reader.read()
        except OSError:
            return b""
        finally:
            await hang_up(writer)

    async def _cut(self, request: Request) -> None:
        """Half of the body, then silence: the connection breaks on the way."""
        with contextlib.suppress(OSError):
            _reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
            writer.write(request.head + request.body[: len(request.body) // 2])
            await hang_up(writer)

    def wait_for_replays(self) -> None:
        """Until nothing that was to come again is left; called from another thread."""
        waiting = asyncio.run_coroutine_threadsafe(self._settled(), self.loop)
        waiting.result(2 * LATEST_REPLAY + 30)

    async def _settled(self) -> None:
        while self._replays:
            await asyncio.gather(*self._replays, return_exceptions=True)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def read(reader: asyncio.StreamReader) -> Request:
    """One request, its connection marked as the last of its kind."""
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.split(b"\r\n")
    length = 0
    kept = []
    for line in lines[:-2]:
        name, _colon, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        if name.lower() != b"connection":
            kept.append(line)
    body = await reader.readexactly(length)
    return Request(b"\r\n".join([*kept, b"Connection: close", b"", b""]), body)


def answer(status: bytes, kind: bytes, body: bytes) -> bytes:
    return (
        b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
        % (status, kind, len(body), body)
    )


@contextlib.contextmanager
def running(upstream: int, port: int) -> Iterator[Network]:
    """A network in a thread of its own while the block lasts."""
    network = Network(upstream, port)
    ready, over = threading.Event(), asyncio.Event()

    async def serve() -> None:
        async with await asyncio.start_server(network.meet, "127.0.0.1", port):
            ready.set()
            await over.wait()
        # In rounds: a connection met at this moment becomes a task only after the others end.
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others)

    def work() -> None:
        with asyncio.Runner(loop_factory=lambda: network.loop) as runner:
            runner.run(serve())

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield network
    finally:
        network.loop.call_soon_threadsafe(over.set)
        thread.join(10)
