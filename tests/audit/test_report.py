"""What an audit reports of each base, and of keys that no base matches."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import redis

from tests.audit.conftest import FILLED, Audit, base
from tests.cli.calling import assert_refused, civiredis

if TYPE_CHECKING:
    from pathlib import Path


def test_every_key_is_counted_once(audited: Audit, filled_url: str) -> None:
    report = audited("--url", filled_url)
    assert report["total"] == report["scanned"] == report["examined"] == FILLED
    counted = sum(one["keys"] for one in report["bases"]) + sum(group["keys"] for group in report["unmatched"])
    assert counted == FILLED
    assert not report["sampled"]
    assert not report["interrupted"]


def test_keys_belong_to_their_longest_base(audited: Audit, filled_url: str) -> None:
    report = audited("--url", filled_url)
    assert base(report, "user")["keys"] == 101
    assert base(report, "user:settings")["keys"] == 2
    assert base(report, "user:settings")["types"] == {"hash": 1, "set": 1}
    assert base(report, "nothing")["keys"] == 0


def test_structures_are_held_against_the_declared_ones(audited: Audit, filled_url: str) -> None:
    report = audited("--url", filled_url)
    told = {name: base(report, name) for name in ("user", "user:settings", "packed:user:profile", "views")}
    assert {name: (one["structure"], one["other_structure"]) for name, one in told.items()} == {
        "user": (None, 0),
        "user:settings": ("Hash", 1),
        "packed:user:profile": ("String", 1),
        "views": ("Counter", 1),
    }
    assert told["packed:user:profile"]["value_type"] == "dict[str, str]"
    messages = [problem["message"] for problem in report["problems"] if problem["condition"] == "other-structure"]
    assert messages == [
        "user:settings: 1 key of type set, where CacheKeys.SETTINGS declares Hash",
        "packed:user:profile: 1 key of type list, where CacheKeys.PROFILE declares String",
        "views: 1 key of type set, where CacheKeys.VIEWS declares Counter",
    ]


def test_memory_is_what_the_server_says(audited: Audit, filled_url: str) -> None:
    report = audited("--url", filled_url)
    with redis.Redis.from_url(filled_url) as client:
        expected = sum(client.memory_usage(key) or 0 for key in client.scan_iter("user:settings:*"))
    assert base(report, "user:settings")["memory"] == expected


def test_lifetimes(audited: Audit, filled_url: str) -> None:
    ttl = base(audited("--url", filled_url), "user")["ttl"]
    assert ttl["without"] == 1
    assert 980 <= ttl["min"] <= 1000
    assert ttl["p50"] == pytest.approx(1050, abs=35)
    assert 1080 <= ttl["max"] <= 1099
    assert ttl["min"] <= ttl["p10"] <= ttl["p50"] <= ttl["p90"] <= ttl["max"]


def test_lifetimes_against_the_declared_one(audited: Audit, filled_url: str) -> None:
    ttl = base(audited("--url", filled_url), "packed:user:profile")["ttl"]
    assert (ttl["declared"], ttl["without"], ttl["above_declared"]) == (3600, 2, 1)


def tried(report: dict[str, Any], name: str) -> tuple[int, int, dict[str, str]]:
    """How many values of a base were read, how many were none, and why."""
    found = base(report, name)["decoding"]
    return found["values"], found["undecodable"], {one["key"]: one["reason"] for one in found["examples"]}


def test_packed_values_are_tried(audited: Audit, filled_url: str) -> None:
    report = audited("--url", filled_url)
    assert tried(report, "packed:user:profile") == (
        3,
        2,
        {
            "packed:user:profile:2": "it is cut off, or not valid MessagePack",
            "packed:user:profile:3": "it is declared dict[str, str]: $ is a list, expected dict[str, str]",
        },
    )
    values, undecodable, why = tried(report, "packed:user:seen")
    assert (values, undecodable) == (4, 2)
    assert why["packed:user:seen:3"] == "it is a list, which `.packed` does not read"
    assert base(report, "user")["decoding"] is None


@pytest.mark.parametrize(
    ("name", "values", "why"),
    [
        ("views", 2, "it is no int"),
        ("flags", 2, "it is no bool"),
        ("queue", 2, "it is no UUID"),
        ("tags", 2, "it is no int"),
        ("ranks", 2, "it is no int"),
        ("events", 2, "it is no float"),
        ("names", 1, "it is no text in UTF-8"),
    ],
)
def test_values_are_of_the_declared_type(name: str, values: int, why: str, audited: Audit, filled_url: str) -> None:
    got, undecodable, reasons = tried(audited("--url", filled_url), name)
    assert (got, undecodable, set(reasons.values())) == (values, 1, {why})


def test_values_are_read_only_as_far_as_asked(audited: Audit, filled_url: str) -> None:
    decoding = base(audited("--url", filled_url, "--decode", "1"), "packed:user:profile")["decoding"]
    assert decoding["keys"] == 1
    assert base(audited("--url", filled_url, "--decode", "0"), "packed:user:profile")["decoding"] is None


def test_a_declared_type_that_cannot_be_read_is_named(project: Path, filled_url: str) -> None:
    (project / "typed.py").write_text(
        "from civiredis import *\nclass Keys(CacheRegistry): A = key('packed:a', String['Missing'])\n"
    )
    done = civiredis("audit", "typed:Keys", "--url", filled_url, cwd=project)
    assert_refused(done, "Keys.A", "Missing", "--decode 0", command="audit")
    assert civiredis("audit", "typed:Keys", "--url", filled_url, "--decode", "0", cwd=project).returncode == 0


def test_the_largest_keys_come_first(audited: Audit, filled_url: str) -> None:
    with redis.Redis.from_url(filled_url) as client:
        client.set("user:large", "x" * 100_000)
    largest = base(audited("--url", filled_url), "user")["largest"]
    assert (largest[0]["key"], largest[0]["type"]) == ("user:large", "string")
    assert largest[0]["memory"] > 100_000
    assert len(largest) == 10


def test_the_largest_keys_of_all_have_a_base_or_none(audited: Audit, filled_url: str, project: Path) -> None:
    with redis.Redis.from_url(filled_url) as client:
        client.set("nobody", "x" * 200_000)
    largest = audited("--url", filled_url)["largest_unmatched"]
    assert largest[0]["key"] == "nobody"
    assert [one["memory"] for one in largest] == sorted((one["memory"] for one in largest), reverse=True)
    done = civiredis("audit", "keys:CacheKeys", "--url", filled_url, cwd=project)
    table = done.stdout.partition("Largest keys")[2].splitlines()
    assert table[4].split()[:2] == ["nobody", "string"]


def test_unmatched_keys_are_grouped_by_how_they_begin(audited: Audit, filled_url: str) -> None:
    groups = {group["prefix"]: group for group in audited("--url", filled_url)["unmatched"]}
    assert {prefix: group["keys"] for prefix, group in groups.items()} == {
        "usr:*": 10,
        "sess_*": 2,
        r"\xff<script>alert(*)</script>:*": 1,
        "userfoo": 1,
    }
    assert groups["usr:*"]["meant"] == groups["usr:*"]["example"].replace("usr", "user")
    assert groups["userfoo"]["types"] == {"zset": 1}


def test_only_the_namespace_is_looked_at(audited: Audit, filled_url: str) -> None:
    with redis.Redis.from_url(filled_url) as client:
        client.set("staging:user:1", "x")
        client.set("staging:usr:1", "x")
    report = audited("--url", filled_url, "--namespace", "staging")
    assert (report["examined"], report["outside"]) == (2, FILLED)
    assert base(report, "user")["keys"] == 1
    assert [group["prefix"] for group in report["unmatched"]] == ["usr:*"]


def test_an_empty_server(audited: Audit, cache_url: str) -> None:
    report = audited("--url", cache_url)
    assert (report["total"], report["examined"]) == (0, 0)
    assert base(report, "user")["ttl"]["p50"] is None


def test_a_sample_stands_for_the_whole(audited: Audit, cache_url: str) -> None:
    with redis.Redis.from_url(cache_url) as client, client.pipeline(transaction=False) as pipe:
        for number in range(8000):
            pipe.set(f"user:{number}" if number % 4 else f"usr:{number}", "x")
        pipe.execute()
    report = audited("--url", cache_url, "--sample", "2000")
    assert report["sampled"]
    assert 2000 <= report["scanned"] < 2600
    assert base(report, "user")["estimated_keys"] == pytest.approx(6000, rel=0.1)
    assert report["unmatched"][0]["estimated_keys"] == pytest.approx(2000, rel=0.25)


def test_a_database_other_than_the_first(audited: Audit, cache_url: str) -> None:
    url = cache_url.removesuffix("0") + "3"
    with redis.Redis.from_url(url) as client:
        client.set("user:1", "x")
    assert audited("--url", url)["total"] == 1


FAILS = {
    "unmatched": 1,
    "undecodable": 1,
    "other-structure": 1,
    "no-ttl": 1,
    "long-ttl": 1,
    "mixed-types": 1,
    "unused": 1,
    "any": 1,
}


@pytest.mark.parametrize("condition", FAILS)
def test_it_fails_on_what_it_is_told_to(condition: str, audited: Audit, filled_url: str) -> None:
    report = audited("--url", filled_url, "--fail-on", condition, status=1)
    assert condition in {problem["condition"] for problem in report["problems"]} | {"any"}


def test_it_does_not_fail_on_what_is_not_there(audited: Audit, cache_url: str) -> None:
    with redis.Redis.from_url(cache_url) as client:
        client.set("user:1", "x")
    audited("--url", cache_url, "--fail-on", "unmatched", "--fail-on", "undecodable", "--fail-on", "no-ttl")
    audited("--url", cache_url, "--fail-on", "unused", status=1)


def test_the_tables_say_the_same(filled_url: str, project: Path) -> None:
    done = civiredis("audit", "keys:CacheKeys", "--url", filled_url, cwd=project)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert f"{FILLED} of {FILLED} keys of {filled_url}" in done.stdout
    assert "packed:user:profile" in done.stdout
    assert "unmatched: 14 keys without a base" in done.stdout
    assert (
        "packed:user:profile: 1 key with longer to live than declared, up to 1 h 59 min instead of 1 h" in done.stdout
    )
    assert r"\xff<script>alert(1)</script>:\n" in done.stdout


@pytest.mark.parametrize(("registry", "variable"), [("CacheKeys", "REDIS_URL"), ("SysKeys", "REDIS_SYS_URL")])
def test_the_url_may_come_from_the_environment(registry: str, variable: str, filled_url: str, project: Path) -> None:
    done = civiredis("audit", f"keys:{registry}", cwd=project, **{variable: filled_url})
    assert done.returncode == 0, done.stderr


def test_it_only_reads(audited: Audit, filled_url: str) -> None:
    with redis.Redis.from_url(filled_url) as client:
        client.config_resetstat()
        audited("--url", filled_url)
        used = {name.removeprefix("cmdstat_") for name in client.info("commandstats")}
    # What the audit sends, what redis-py says hello with, and what this test sends.
    audit = {"scan", "type", "pttl", "memory|usage", "dbsize", "info"}
    audit |= {"get", "hrandfield", "lrange", "srandmember", "zrandmember", "xrevrange"}
    assert used <= audit | {"client|setinfo", "client|setname", "select", "hello", "config|resetstat"}
