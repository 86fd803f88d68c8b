"""A Node program with msgpackr on the other side of a shared Redis (`tests/node/peer.mjs`), seen from the tests.

JavaScript values are written as `js("number", "1.5")`: their type, and their content as JSON can carry it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from tests.preparing import one_at_a_time

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

DIRECTORY = Path(__file__).parent.parent / "node"
INSTALL_TIMEOUT = 120
"""Seconds that `npm ci` may take; with a warm cache it takes one."""

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


class NodeError(Exception):
    """The Node program could not do what it was asked for; the message is its own."""


def js(kind: str, content: Json = None) -> list[Json]:
    """Describe a JavaScript value: `js("date", "2024-05-06T07:08:09.000Z")`, `js("undefined")`."""
    return [kind, content]


def install() -> str:
    """Return the path of node, after its packages were installed as the lock file pins them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    assert node is not None, "node is not installed; these tests exchange values with a real msgpackr"
    with one_at_a_time("npm-node"):
        if not (DIRECTORY / "node_modules" / "msgpackr").exists():
            assert npm is not None, "npm is not installed; it installs msgpackr for the tests"
            command = [npm, "ci", "--omit=optional", "--ignore-scripts", "--no-audit", "--no-fund"]
            installed = subprocess.run(
                command, cwd=DIRECTORY, capture_output=True, text=True, check=False, timeout=INSTALL_TIMEOUT
            )
            assert installed.returncode == 0, f"npm ci failed:\n{installed.stdout}{installed.stderr}"
    return node


class NodePeer:
    """The running Node program, connected to the server on `port`."""

    def __init__(self, port: int) -> None:
        self._port = port

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [install(), str(DIRECTORY / "peer.mjs"), str(self._port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=10)

    def write(
        self, key: str, value: list[Json], *, packr: dict[str, Json] | None = None, compress: bool = False
    ) -> bytes:
        """Store a value with msgpackr, and give the bytes that were stored.

        Without `packr` it is written by `pack()`, else by `new Packr(packr)`.
        """
        answer = self._ask({"do": "write", "key": key, "value": value, "packr": packr, "compress": compress})
        return bytes.fromhex(str(answer["hex"]))

    def read(self, key: str, *, unpackr: dict[str, Json] | None = None, compress: bool = False) -> Json:
        """Read a value with `unpack()`, or with `new Unpackr(unpackr)`, and describe what it is in JavaScript."""
        return self._ask({"do": "read", "key": key, "unpackr": unpackr, "compress": compress})["value"]

    def _ask(self, request: dict[str, Json]) -> dict[str, Json]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"node ended with status {self._process.wait(timeout=10)}"
        answer: dict[str, Json] = json.loads(line)
        if "error" in answer:
            raise NodeError(answer["error"])
        return answer
