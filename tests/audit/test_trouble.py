"""Audits that cannot be done end in one clear line and a status, and those that are interrupted in a report."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest
import redis

from tests.audit.conftest import FILLED, auditor
from tests.audit.conftest import fill as fill_with_everything
from tests.cli.calling import CIVIREDIS, assert_refused, civiredis
from tests.valkey_server import free_port

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import StartServer

AUDIT = ("audit", "keys:CacheKeys")


def test_no_server(project: Path) -> None:
    url = f"redis://:secret@127.0.0.1:{free_port()}/0"
    done = civiredis(*AUDIT, "--url", url, cwd=project)
    assert_refused(done, "no server answers at redis://127.0.0.1:", command="audit")
    assert "secret" not in done.stderr


def test_a_wrong_password(project: Path, start_server: StartServer) -> None:
    server = start_server(requirepass="right")
    done = civiredis(*AUDIT, "--url", server.url.replace("//", "//:wrong@"), cwd=project)
    assert_refused(
        done, "lets nobody in like this", "invalid username-password", "redis://USER:PASSWORD@HOST", command="audit"
    )
    assert "wrong@" not in done.stderr


def test_no_password(project: Path, start_server: StartServer) -> None:
    done = civiredis(*AUDIT, "--url", start_server(requirepass="right").url, cwd=project)
    assert_refused(done, "lets nobody in like this", "redis://USER:PASSWORD@HOST", command="audit")


def test_a_user_who_may_not(project: Path, start_server: StartServer) -> None:
    server = start_server()
    with redis.Redis.from_url(server.url) as client:
        client.set("user:1", "x")
        client.execute_command("ACL SETUSER eve on nopass ~* +@all -memory")
    done = civiredis(*AUDIT, "--url", server.url.replace("//", "//eve:x@"), cwd=project)
    assert_refused(done, "does not carry out MEMORY", "no permissions", command="audit")


def test_a_user_who_may_only_read_is_enough(project: Path, start_server: StartServer) -> None:
    server = start_server()
    with redis.Redis.from_url(server.url) as client:
        fill_with_everything(client)
        client.execute_command(*auditor())
        written = client.info("persistence")["rdb_changes_since_last_save"]
        done = civiredis(*AUDIT, "--json", "--url", server.url.replace("//", "//auditor:password@"), cwd=project)
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["examined"] == FILLED
        assert client.info("persistence")["rdb_changes_since_last_save"] == written
        refused = client.acl_log()
    assert refused == []


def test_no_url(project: Path) -> None:
    assert_refused(civiredis(*AUDIT, cwd=project), "--url", "REDIS_URL", command="audit")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("127.0.0.1:6379", "does not start with a scheme"),
        ("redis://127.0.0.1:6379/one", "a database that is not a number"),
        ("embedded://cache", "lives in the process that uses it"),
    ],
)
def test_a_wrong_url(url: str, words: str, project: Path) -> None:
    assert_refused(civiredis(*AUDIT, "--url", url, cwd=project), words, command="audit")


def test_a_page_that_cannot_be_written_is_noticed_before_the_walk(project: Path, cache_url: str) -> None:
    done = civiredis(*AUDIT, "--url", cache_url, "--html", "no/such/page.html", cwd=project)
    assert_refused(done, "no/such/page.html cannot be written", command="audit")


def test_a_page_of_before_is_there_until_there_is_another(project: Path) -> None:
    (project / "old.html").write_text("of yesterday")
    for page in ("old.html", "new.html"):
        done = civiredis(*AUDIT, "--url", f"redis://127.0.0.1:{free_port()}/0", "--html", page, cwd=project)
        assert done.returncode == 2
    assert (project / "old.html").read_text() == "of yesterday"
    assert not (project / "new.html").exists()


def test_a_sentinel(project: Path, start_server: StartServer) -> None:
    done = civiredis(*AUDIT, "--url", start_server(sentinel=True).url, cwd=project)
    assert_refused(done, "is a sentinel, which holds no keys", "URL of the master", command="audit")


def test_a_master_that_only_its_sentinels_know(project: Path) -> None:
    environ = {"REDIS_SYS_URL": "redis://ignored:6379/0", "REDIS_SYS_SENTINELS": "10.0.0.5"}
    done = civiredis("audit", "keys:SysKeys", cwd=project, **environ)
    assert_refused(done, "REDIS_SYS_SENTINELS is set", "--url", command="audit")


def test_an_unknown_module(project: Path, cache_url: str) -> None:
    done = civiredis("audit", "nope:Keys", "--url", cache_url, cwd=project)
    assert_refused(done, "there is no module nope", command="audit")


def fill(client: redis.Redis, keys: int) -> None:
    with client.pipeline(transaction=False) as pipe:
        for number in range(keys):
            pipe.set(f"user:{number}", "x")
        pipe.execute()


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def scans(client: redis.Redis) -> int:
    calls: int = client.info("commandstats").get("cmdstat_scan", {"calls": 0})["calls"]
    return calls


def begun(client: redis.Redis, project: Path, url: str, *arguments: str) -> subprocess.Popen[str]:
    """An audit that has begun, and takes its time."""
    client.config_resetstat()
    process = subprocess.Popen(
        [CIVIREDIS, *AUDIT, "--url", url, "--rate", "400", *arguments],
        cwd=project,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until(lambda: scans(client) > 2)
    return process


def test_an_interrupted_audit_reports_what_it_saw(project: Path, cache_url: str) -> None:
    with redis.Redis.from_url(cache_url) as client:
        fill(client, 20_000)
        process = begun(client, project, cache_url, "--json")
        process.send_signal(signal.SIGINT)
        shown, said = process.communicate(timeout=30)
    assert process.returncode == 130
    assert said.startswith("civiredis audit: interrupted after ")
    assert len(said.splitlines()) == 1
    report = json.loads(shown)
    assert report["interrupted"]
    assert 0 < report["scanned"] < 20_000
    assert report["bases"][0]["estimated_keys"] == pytest.approx(20_000, rel=0.01)


def test_a_server_that_is_lost(project: Path, start_server: StartServer) -> None:
    server = start_server()
    with redis.Redis.from_url(server.url) as client:
        fill(client, 20_000)
        process = begun(client, project, server.url)
        server.kill()
    shown, said = process.communicate(timeout=30)
    assert process.returncode == 2
    assert shown == ""
    assert said.startswith(f"civiredis audit: {server.url} was lost: ")
    assert len(said.splitlines()) == 1


def test_a_terminal_sees_how_far_it_is(project: Path, cache_url: str) -> None:
    with redis.Redis.from_url(cache_url) as client:
        fill(client, 3000)
    ours, theirs = pty.openpty()
    command: list[str | Path] = [CIVIREDIS, *AUDIT, "--url", cache_url, "--rate", "2000", "--json"]
    process = subprocess.Popen(
        command, cwd=project, stdout=subprocess.DEVNULL, stderr=theirs, env=os.environ | {"TERM": "xterm"}
    )
    os.close(theirs)
    seen = b""
    while True:
        try:
            seen += os.read(ours, 65536)
        except OSError:  # the other end is closed
            break
    os.close(ours)
    assert process.wait(timeout=30) == 0
    assert b"/3,000 keys" in seen
    assert b"/s" in seen
