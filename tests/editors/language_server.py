"""A language server, driven as an editor drives it: by messages over its standard input and output."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self, cast

if TYPE_CHECKING:
    from pathlib import Path

OTHER_LINTERS: Final = ("pycodestyle", "pyflakes", "mccabe", "pydocstyle", "pylint", "flake8")
PATIENCE: Final = 60.0
"""Seconds to wait for an answer."""


class Diagnostic(NamedTuple):
    """One squiggle: start and end as line and character from 0 on, the code, and the message."""

    start: tuple[int, int]
    end: tuple[int, int]
    code: str
    message: str


class LanguageServer:
    """`pylsp` with pylsp-mypy over one folder. Use it in a `with` block."""

    def __init__(self, folder: Path, *, dmypy: bool) -> None:
        self._folder = folder
        self._dmypy = dmypy
        self._messages: Queue[dict[str, Any]] = Queue()
        self._number = 0
        self._versions: dict[str, int] = {}

    def __enter__(self) -> Self:
        """Start the server and shake hands."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "pylsp"],
            cwd=self._folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        self._request("initialize", {"processId": os.getpid(), "rootUri": self._folder.as_uri(), "capabilities": {}})
        self._notify("initialized", {})
        plugins: dict[str, Any] = {name: {"enabled": False} for name in OTHER_LINTERS}
        plugins["pylsp_mypy"] = {"enabled": True, "live_mode": False, "dmypy": self._dmypy, "strict": True}
        self._notify("workspace/didChangeConfiguration", {"settings": {"pylsp": {"plugins": plugins}}})
        return self

    def __exit__(self, *_: object) -> None:
        """End the server."""
        self._request("shutdown", None)
        self._notify("exit", None)
        self._process.wait(PATIENCE)
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._reader.join(PATIENCE)

    def open(self, path: Path) -> list[Diagnostic]:
        """Open a file and return what is shown in it."""
        uri = path.as_uri()
        self._versions[uri] = 1
        document = {"uri": uri, "languageId": "python", "version": 1, "text": path.read_text()}
        self._notify("textDocument/didOpen", {"textDocument": document})
        return self._diagnostics(uri)

    def edit(self, path: Path, old: str, new: str) -> list[Diagnostic]:
        """Replace a text of an open file and save it; return what is shown in it then."""
        text = path.read_text()
        assert text.count(old) == 1
        uri = path.as_uri()
        self._versions[uri] += 1
        changes = [{"text": text.replace(old, new)}]
        document = {"uri": uri, "version": self._versions[uri]}
        self._notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})
        self._diagnostics(uri)
        path.write_text(text.replace(old, new))
        return self.save(path)

    def save(self, path: Path) -> list[Diagnostic]:
        """Save an open file as it is; return what is shown in it then."""
        self._notify("textDocument/didSave", {"textDocument": {"uri": path.as_uri()}})
        return self._diagnostics(path.as_uri())

    def _diagnostics(self, uri: str) -> list[Diagnostic]:
        while True:
            message = self._next()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                return [_read_diagnostic(one) for one in message["params"]["diagnostics"]]

    def _request(self, method: str, params: object) -> None:
        self._number += 1
        self._send({"jsonrpc": "2.0", "id": self._number, "method": method, "params": params})
        while self._next().get("id") != self._number:
            pass

    def _notify(self, method: str, params: object) -> None:
        self._send({"jsonrpc": "2.0", "method": method, "params": params})

    def _send(self, message: dict[str, object]) -> None:
        body = json.dumps(message).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _next(self) -> dict[str, Any]:
        try:
            return self._messages.get(timeout=PATIENCE)
        except Empty:
            raise TimeoutError(f"the language server said nothing for {PATIENCE} seconds") from None

    def _read(self) -> None:
        output = self._process.stdout
        assert output is not None
        length = 0
        while line := output.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
            elif line == b"\r\n":
                self._messages.put(cast("dict[str, Any]", json.loads(output.read(length))))


def _read_diagnostic(raw: dict[str, Any]) -> Diagnostic:
    start, end = raw["range"]["start"], raw["range"]["end"]
    place = (start["line"], start["character"]), (end["line"], end["character"])
    return Diagnostic(*place, raw.get("code") or "", raw["message"])
