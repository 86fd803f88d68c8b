"""Settings: what is read, what is refused, and that no password is ever shown."""

from __future__ import annotations

import logging
import pickle
import traceback
from typing import Any

import pytest

from civiredis import SettingsError
from civiredis.server_url import Address, ServerUrl
from civiredis.settings import RedisSettings

CACHE = "redis://127.0.0.1:6379/0"
SYSTEM = "redis://127.0.0.1:6379/1"
SECRET = "hunter2"


def settings(**changed: Any) -> RedisSettings:
    return RedisSettings(**{"url": CACHE, "sys_url": SYSTEM, **changed})


def from_env(**changed: str) -> RedisSettings:
    return RedisSettings.from_env({"REDIS_URL": CACHE, "REDIS_SYS_URL": SYSTEM, **changed})


def refusal(**changed: Any) -> str:
    """Return everything that a log would show of the refused settings."""
    with pytest.raises(SettingsError) as caught:
        settings(**changed)
    return (
        "".join(traceback.format_exception(caught.value, chain=True)) if SECRET in str(changed) else str(caught.value)
    )


class TestEnvironment:
    def test_two_urls_are_enough(self) -> None:
        assert from_env() == RedisSettings(url=CACHE, sys_url=SYSTEM)

    def test_every_variable_is_read(self) -> None:
        assert from_env(
            REDIS_SOCKET_TIMEOUT="2.5",
            REDIS_SOCKET_CONNECT_TIMEOUT="1",
            CACHE_KEY_NAMESPACE="staging",
            REDIS_CLUSTER="true",
            REDIS_CLUSTER_NODES="10.0.0.1:7000, redis://10.0.0.2:7001",
            REDIS_SYS_SENTINELS="10.0.0.3,10.0.0.4:26380",
            REDIS_SYS_SENTINEL_NAME="sysmaster",
            REDIS_SYS_SENTINEL_PASSWORD=SECRET,
        ) == RedisSettings(
            url=CACHE,
            sys_url=SYSTEM,
            socket_timeout=2.5,
            socket_connect_timeout=1.0,
            cache_key_namespace="staging",
            cluster=True,
            cluster_nodes=("10.0.0.1:7000", "redis://10.0.0.2:7001"),
            sys_sentinels=("10.0.0.3", "10.0.0.4:26380"),
            sys_sentinel_name="sysmaster",
            sys_sentinel_password=SECRET,
        )

    def test_the_process_environment_is_the_default(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("REDIS_URL", "redis://elsewhere/0")
        monkeypatch.setenv("REDIS_SYS_URL", SYSTEM)
        assert RedisSettings.from_env().url == "redis://elsewhere/0"

    @pytest.mark.parametrize("variable", ["REDIS_URL", "REDIS_SYS_URL"])
    @pytest.mark.parametrize("environ", [{}, {"REDIS_URL": "", "REDIS_SYS_URL": ""}])
    def test_a_missing_or_empty_url_names_its_variable(self, variable: str, environ: dict[str, str]) -> None:
        given = {"REDIS_URL": CACHE, "REDIS_SYS_URL": SYSTEM}
        del given[variable]
        with pytest.raises(
            SettingsError, match=rf"^{variable} .*is missing: set it to the URL of the .* server, as in"
        ):
            RedisSettings.from_env({**environ, **given})

    @pytest.mark.parametrize(
        ("variable", "text", "way_out"),
        [
            ("REDIS_SOCKET_TIMEOUT", "soon", "a number of seconds, as in 2.5; got 'soon'"),
            ("REDIS_SOCKET_TIMEOUT", "5s", "a number of seconds, as in 2.5; got '5s'"),
            ("REDIS_SOCKET_TIMEOUT", "nan", "a number of seconds above 0"),
            ("REDIS_SOCKET_TIMEOUT", "inf", "a number of seconds above 0"),
            ("REDIS_SOCKET_TIMEOUT", "-1", "a number of seconds above 0, as in 2.5; got -1.0"),
            ("REDIS_SOCKET_CONNECT_TIMEOUT", "0", "a number of seconds above 0"),
            ("REDIS_CLUSTER", "maybe", "`true` or `false`; got 'maybe'"),
            ("REDIS_CLUSTER_NODES", ",", "separated by commas; it holds none"),
            ("REDIS_CLUSTER_NODES", "10.0.0.1", "not host:port with a port from 1 to 65535"),
            ("REDIS_CLUSTER_NODES", "unix:///tmp/node", "holds redis:// or rediss:// URLs, or host:port"),
            ("CACHE_KEY_NAMESPACE", "my app", "holds a blank or a control character"),
            ("CACHE_KEY_NAMESPACE", "{app}", "holds a brace"),
            ("CACHE_KEY_NAMESPACE", "app:", "starts or ends with a colon"),
        ],
    )
    def test_an_unparsable_variable_is_named_with_the_way_out(self, variable: str, text: str, way_out: str) -> None:
        with pytest.raises(SettingsError) as caught:
            from_env(**{variable: text})
        assert str(caught.value).startswith(variable)
        assert way_out in str(caught.value)

    @pytest.mark.parametrize(("text", "cluster"), [("true", True), ("TRUE", True), ("false", False), ("0", False)])
    def test_truths(self, text: str, cluster: bool) -> None:
        assert from_env(REDIS_CLUSTER=text).cluster is cluster


class TestUrls:
    @pytest.mark.parametrize(
        ("url", "understood"),
        [
            ("redis://", ServerUrl("redis", Address("localhost", 6379), 0)),
            ("redis://cache.example:7000/3", ServerUrl("redis", Address("cache.example", 7000), 3)),
            ("rediss://user:p%40ss@cache.example", ServerUrl("rediss", Address("cache.example", 6379), 0)),
            ("redis://[::1]:7000?db=2", ServerUrl("redis", Address("::1", 7000), 2)),
            ("redis://:pässwörd@кэш.example/0", ServerUrl("redis", Address("кэш.example", 6379), 0)),
            ("unix:///run/redis.sock?db=2", ServerUrl("unix", "/run/redis.sock", 2)),
            ("embedded://cache", ServerUrl("embedded", "cache")),
        ],
    )
    def test_what_a_url_says(self, url: str, understood: ServerUrl) -> None:
        assert ServerUrl.parse(url, "REDIS_URL") == understood

    @pytest.mark.parametrize(
        ("url", "fault"),
        [
            ("", "is empty"),
            (None, "is a URL as str, not NoneType"),
            (b"redis://localhost", "is a URL as str, not bytes"),
            ("localhost:6379", "does not start with a scheme"),
            ("http://localhost", "has the unknown scheme http://"),
            ("redis://local host", "holds a blank or a control character"),
            ("redis://localhost\n", "holds a blank or a control character"),
            ("redis://localhost:65536", "is not a URL that can be read"),
            ("redis://localhost:0", "is not a URL that can be read"),
            ("redis://localhost:http", "is not a URL that can be read"),
            ("redis://[::1", "is not a URL that can be read"),
            ("redis://localhost/one", "has a database that is not a number from 0 on"),
            ("redis://localhost/-1", "has a database that is not a number from 0 on"),
            ("redis://localhost/0/1", "has a database that is not a number from 0 on"),
            ("redis://localhost/\N{FULLWIDTH DIGIT ONE}", "has a database that is not a number from 0 on"),
            ("redis://localhost/0?db=1", "names two databases"),
            ("redis://localhost?db=", "has an option without a value"),
            ("redis://localhost?db", "has an option without a value"),
            ("redis://localhost?db=1&db=2", "has the option `db` twice"),
            ("redis://localhost?tiemout=3", "has an option `tiemout`; redis:// takes client_name, db,"),
            ("redis://localhost?ssl_ca_certs=/ca.pem", "has an option `ssl_ca_certs`; redis:// takes"),
            ("redis://localhost?socket_timeout=soon", "Invalid value for 'socket_timeout'"),
            ("redis://localhost/0#1", "has text where none belongs"),
            ("unix://run/redis.sock", "names no socket: write unix:///PATH, with three slashes"),
            ("unix:///", "names no socket"),
            ("embedded://", "an embedded server is embedded://NAME"),
            ("embedded://a/1", "an embedded server is embedded://NAME"),
            ("embedded://../a", "an embedded server is embedded://NAME"),
            ("embedded://user@a", "an embedded server is embedded://NAME"),
            ("embedded://a?port=7", "has an option `port`; embedded:// takes dir"),
            ("embedded://a?dir=", "has an option without a value"),
        ],
    )
    def test_a_wrong_url_is_refused_with_its_fault(self, url: Any, fault: str) -> None:
        message = refusal(url=url)
        assert message.startswith("REDIS_URL (RedisSettings.url)")
        assert fault in message

    def test_the_system_url_is_checked_alike(self) -> None:
        assert refusal(sys_url="redis://localhost:x").startswith("REDIS_SYS_URL (RedisSettings.sys_url) is not a URL")


class TestApart:
    @pytest.mark.parametrize(
        ("cache", "system"),
        [
            ("redis://localhost:6379/0", "redis://localhost:6379/0"),
            ("redis://localhost", "redis://127.0.0.1:6379/0"),
            ("redis://", "redis://[::1]:6379?db=0"),
            ("redis://LocalHost./2", "redis://user:pw@localhost/2"),
            ("redis://cache.example", "rediss://CACHE.example:6379"),
            ("redis://[2001:db8::1]", "redis://[2001:db8:0:0:0:0:0:1]"),
            ("unix:///run/redis.sock", "unix:///run//redis.sock?db=0"),
            ("embedded://one", "embedded://one"),
            ("embedded://one?dir=/tmp/data", "embedded://one"),
            ("embedded://one?dir=/tmp/data", "embedded://two?dir=/tmp/../tmp/data"),
        ],
    )
    def test_one_server_and_database_for_both_is_refused(self, cache: str, system: str) -> None:
        message = refusal(url=cache, sys_url=system)
        assert message.startswith(
            "REDIS_URL (RedisSettings.url) and REDIS_SYS_URL (RedisSettings.sys_url) are the same"
        )
        assert "give " in message

    @pytest.mark.parametrize(
        ("cache", "system"),
        [
            ("redis://localhost/0", "redis://localhost/1"),
            ("redis://localhost:6379", "redis://localhost:6380"),
            ("redis://a.example", "redis://b.example"),
            ("redis://localhost", "unix:///run/redis.sock"),
            ("embedded://cache", "embedded://system"),
        ],
    )
    def test_another_server_or_database_is_fine(self, cache: str, system: str) -> None:
        settings(url=cache, sys_url=system)


class TestNoPasswordIsShown:
    URLS = (
        f"redis://user:{SECRET}@cache.example:7000/3",
        f"rediss://{SECRET}:{SECRET}@cache.example:7000/3",
        f"redis://cache.example:7000/3?password={SECRET}&username={SECRET}",
        f"rediss://cache.example:7000/3?ssl_password={SECRET}",
    )

    @pytest.mark.parametrize("url", URLS)
    def test_repr_and_log_lines(self, url: str, caplog: pytest.LogCaptureFixture) -> None:
        shown = settings(url=url, cluster_nodes=[url], sys_sentinel_password=SECRET)
        logging.getLogger("app").error("%s %r", shown, shown)
        assert SECRET not in caplog.text
        assert "cache.example:7000/3" in caplog.text

    def test_no_sentinel_password_reads_as_none(self) -> None:
        assert "sys_sentinel_password=None" in repr(settings())

    @pytest.mark.parametrize(
        "url",
        [
            f"redis://user:{SECRET} @",
            f"redis://user:{SECRET}/x@localhost:6379/0",
            f"redis://user:1/{SECRET}@localhost:6379/0",
            f"redis://user:{SECRET}#x@localhost:6379/0",
            f"redis://user:1#{SECRET}@localhost:6379/0",
            f"redis://user:1?{SECRET}@localhost:6379/0",
            f"redis://user:1?{SECRET}=x@localhost:6379/0",
            f"redis://user:[{SECRET}@localhost:6379/0",
            f"redis://user:{SECRET}@localhost:99999/0",
            f"redis://user:{SECRET}@localhost/{SECRET}",
            f"redis://user:{SECRET}:6379/0",
            f"redis://user:{SECRET}℀@localhost",
            f"redis://:{SECRET}@localhost?socket_timeout={SECRET}",
            f"redis:{SECRET}@localhost",
            f"http://user:{SECRET}@localhost",
            f"unix://user:{SECRET}@/run/redis.sock?db={SECRET}",
            f"embedded://user:{SECRET}@cache",
            SECRET,
        ],
    )
    def test_a_refused_url(self, url: str) -> None:
        for refused in (refusal(url=url), refusal(sys_url=url), refusal(cluster_nodes=(url,))):
            assert SECRET not in refused

    def test_the_same_server_twice(self) -> None:
        url = f"redis://user:{SECRET}@cache.example?client_name={SECRET}"
        assert SECRET not in refusal(url=url, sys_url=url)

    def test_a_refused_sentinel(self) -> None:
        assert SECRET not in refusal(sys_sentinels=(f"user:{SECRET}@sentinel:26379",), sys_sentinel_name="main")


class TestCluster:
    def test_discovery_starts_from_the_url_and_the_nodes(self) -> None:
        wanted = settings(cluster=True, sys_url="redis://other", cluster_nodes=["10.0.0.1:7000", "[::1]:7001", CACHE])
        assert wanted.cluster_addresses() == (("127.0.0.1", 6379), ("10.0.0.1", 7000), ("::1", 7001))

    @pytest.mark.parametrize(
        ("changed", "fault"),
        [
            ({"url": "embedded://cache"}, "REDIS_URL (RedisSettings.url) is the redis:// or rediss:// URL of a node"),
            ({"url": "redis://localhost/2"}, "a cluster has database 0; REDIS_URL (RedisSettings.url) names 2"),
            ({"sys_url": "redis://10.0.0.1:7000", "cluster_nodes": ("10.0.0.1:7000",)}, "are the same server"),
            ({"cluster": "true"}, "is True or False, not str"),
            ({"cluster_nodes": "10.0.0.1:7000"}, "is a tuple of texts, as in ('10.0.0.1:7000',), not str"),
        ],
    )
    def test_what_contradicts_a_cluster(self, changed: dict[str, Any], fault: str) -> None:
        assert fault in refusal(**{"cluster": True, **changed})

    def test_nodes_may_stand_ready_while_the_cluster_is_off(self) -> None:
        assert settings(cluster_nodes=("10.0.0.1:7000",)).cluster is False


class TestSentinels:
    def test_addresses_have_the_default_port(self) -> None:
        wanted = settings(sys_sentinels=("one", "two:7000", "[::1]", "[::1]:7001"), sys_sentinel_name="main")
        assert wanted.sentinel_addresses() == (("one", 26379), ("two", 7000), ("::1", 26379), ("::1", 7001))

    def test_the_name_is_needed(self) -> None:
        message = refusal(sys_sentinels=("one:26379",))
        assert message.startswith("REDIS_SYS_SENTINEL_NAME (RedisSettings.sys_sentinel_name) is missing")

    def test_the_system_url_says_user_and_password_only(self) -> None:
        settings(sys_url=CACHE, sys_sentinels=("one:26379",), sys_sentinel_name="main")

    def test_an_embedded_server_has_no_sentinels(self) -> None:
        message = refusal(sys_url="embedded://sys", sys_sentinels=("one:26379",), sys_sentinel_name="main")
        assert "REDIS_SYS_URL (RedisSettings.sys_url) is a redis:// or rediss:// URL" in message

    @pytest.mark.parametrize("text", ["one:0", "one:65536", "one:x", ":26379", "a b:1"])
    def test_a_wrong_address_is_refused(self, text: str) -> None:
        assert "not host or host:port with a port from 1 to 65535" in refusal(
            sys_sentinels=(text,), sys_sentinel_name="main"
        )


def test_settings_do_not_change() -> None:
    with pytest.raises(AttributeError):
        settings().url = SYSTEM  # type: ignore[misc]


def test_settings_reach_a_worker_process() -> None:
    assert pickle.loads(pickle.dumps(settings())) == settings()  # noqa: S301 our own


@pytest.mark.parametrize("seconds", [True, "5", None])
def test_a_timeout_is_a_number(seconds: Any) -> None:
    assert "REDIS_SOCKET_TIMEOUT (RedisSettings.socket_timeout) is a number of seconds" in refusal(
        socket_timeout=seconds
    )
