"""Page runs of a live server over Streamlit's websocket: `python -m tests.bench.live`; `--hour` for its memory.

It opens sessions as browsers do, has them run pages of the database that DATABASE_URL names, or of the
embedded one, and reads the processor time and the memory of the server's process: what the process does
after a run counts as well.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import psutil
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

from tests.bench.opening import PAGES

ROOT = Path(__file__).resolve().parents[2]
FIRST_PAGE = "command_centre"
REPEATS = 10
AT_ONCE = (1, 20, 50)
SECONDS, MINUTES = 60, 3
PAUSE = 0.5  # seconds in which the server finishes what follows a run


class Session:
    """A visitor of the server: one websocket, one page run at a time."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def run(self, page: str) -> float:
        """Run a page to its end; return the seconds until its last word."""
        wish = BackMsg()
        wish.rerun_script.query_string = "lang=en"
        wish.rerun_script.page_name = "" if page == FIRST_PAGE else page
        began = time.perf_counter()
        await self.socket.send(wish.SerializeToString())
        while True:
            told = ForwardMsg.FromString(await self.socket.recv())
            kind = told.WhichOneof("type")
            assert kind != "page_not_found", page
            assert kind != "delta" or told.delta.new_element.WhichOneof("type") != "exception", page
            if kind == "script_finished" and told.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN:
                return time.perf_counter() - began


class Server:
    """A server of the dashboard, its process, and the sessions opened on it."""

    def __init__(self, process: psutil.Process, port: int) -> None:
        self.process, self.port = process, port

    async def visit(self) -> Session:
        """Open a session."""
        address = f"ws://localhost:{self.port}/_stcore/stream"
        options = {"max_size": None, "compression": None, "ping_interval": None}  # a busy server answers no ping
        return Session(await connect(address, subprotocols=["streamlit"], **options))

    def processor(self) -> float:
        """Return the processor seconds of the process so far."""
        times = self.process.cpu_times()
        return times.user + times.system

    def memory(self) -> float:
        """Return the memory of the process in MB."""
        return self.process.memory_info().rss / 2**20


@contextmanager
def serve() -> Iterator[Server]:
    """Start the dashboard on a free port of this machine and stop it again."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.address=localhost"]
    with tempfile.TemporaryFile() as log:
        started = subprocess.Popen([*command, f"--server.port={port}"], cwd=ROOT, stdout=log, stderr=log)
        try:
            _await_health(port)
            yield Server(psutil.Process(started.pid), port)
        finally:
            started.terminate()
            started.wait()


def _await_health(port: int) -> None:
    for _ in range(240):
        try:
            urllib.request.urlopen(f"http://localhost:{port}/healthz", timeout=5).close()
            return
        except OSError:
            time.sleep(0.25)
    raise TimeoutError("the server did not start")


async def measure_pages(server: Server) -> None:
    """Print what one more run of each page costs, once caches are filled."""
    visitor = await server.visit()
    for page in (*PAGES, *PAGES):
        await visitor.run(page)
    for page in PAGES:
        await visitor.run(page)
        await asyncio.sleep(PAUSE)
        before = server.processor()
        waited = [await visitor.run(page) for _ in range(REPEATS)]
        await asyncio.sleep(PAUSE)
        processor = (server.processor() - before) / REPEATS
        print(
            f"  {page:15} {1_000 * processor:5.0f} ms processor, {1_000 * median(waited):5.0f} ms until the last word"
        )
    await visitor.socket.close()


async def measure_sessions(server: Server, number: int, seconds: float) -> None:
    """Print what so many sessions get that go from page to page without a pause."""
    visitors = [await server.visit() for _ in range(number)]
    waited: list[float] = []
    began, before = time.perf_counter(), server.processor()
    await asyncio.gather(*(_wander(visitor, n, began + seconds, waited) for n, visitor in enumerate(visitors)))
    took, processor = time.perf_counter() - began, server.processor() - before
    cuts = quantiles(waited, n=20)
    print(
        f"  {number:2} sessions: {len(waited) / took:5.1f} runs a second, p50 {cuts[9]:5.2f} s, p95 {cuts[18]:5.2f} s, "
        f"{1_000 * processor / len(waited):4.0f} ms processor a run, {server.memory():5.0f} MB",
        flush=True,
    )
    await asyncio.gather(*(visitor.socket.close() for visitor in visitors))


async def _wander(visitor: Session, first: int, until: float, waited: list[float]) -> None:
    for page in itertools.islice(itertools.cycle(PAGES), first % len(PAGES), None):
        waited.append(await visitor.run(page))
        if time.perf_counter() > until:
            return


async def measure_memory(server: Server, minutes: int) -> None:
    """Print the server's memory minute by minute while sessions come, wander for a minute and go."""
    for minute in range(minutes):
        visitors = [await server.visit() for _ in range(AT_ONCE[1])]
        waited: list[float] = []
        until = time.perf_counter() + 60
        await asyncio.gather(*(_wander(visitor, n, until, waited) for n, visitor in enumerate(visitors)))
        await asyncio.gather(*(visitor.socket.close() for visitor in visitors))
        print(f"  minute {minute + 1:3}: {len(waited):5} runs, {server.memory():5.0f} MB", flush=True)


def measure(seconds: float, minutes: int) -> None:
    """Start a server and print all that is measured of it."""
    asyncio.run(_measure(seconds, minutes))


async def _measure(seconds: float, minutes: int) -> None:
    with serve() as server:
        print("pages · one session, caches filled")
        await measure_pages(server)
        print(f"\nsessions · each from page to page for {seconds:.0f} s")
        for number in AT_ONCE:
            await measure_sessions(server, number, seconds)
        print(f"\nmemory · {AT_ONCE[1]} new sessions a minute")
        await measure_memory(server, minutes)


def main() -> int:
    """Measure pages, sessions and memory."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.live", description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="of each number of sessions")
    parser.add_argument("--hour", action="store_true", help="watch the memory for an hour, not for a few minutes")
    chosen = parser.parse_args()
    measure(chosen.seconds, 60 if chosen.hour else MINUTES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
