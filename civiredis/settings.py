"""Settings: where the two servers are, and how long to wait for them."""

from __future__ import annotations

import math
import os
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

from civiredis.discovery import cluster_addresses, node_address, sentinel_address, sentinel_addresses
from civiredis.exceptions import SettingsError
from civiredis.server_url import EMBEDDED, Address, ServerUrl

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Self

    from redis.credentials import CredentialProvider

VARIABLES = {
    "url": "REDIS_URL",
    "sys_url": "REDIS_SYS_URL",
    "socket_timeout": "REDIS_SOCKET_TIMEOUT",
    "socket_connect_timeout": "REDIS_SOCKET_CONNECT_TIMEOUT",
    "cache_key_namespace": "CACHE_KEY_NAMESPACE",
    "cluster": "REDIS_CLUSTER",
    "cluster_nodes": "REDIS_CLUSTER_NODES",
    "sys_sentinels": "REDIS_SYS_SENTINELS",
    "sys_sentinel_name": "REDIS_SYS_SENTINEL_NAME",
    "sys_sentinel_password": "REDIS_SYS_SENTINEL_PASSWORD",
    "check_keys": "REDIS_CHECK_KEYS",
}
"""The environment variable of each field."""

CheckKeys: TypeAlias = Literal["raise", "warn", "off"]
"""What becomes of a key without a registered base, at run time."""

_TRUTHS = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}


@dataclass(frozen=True, kw_only=True, repr=False)
class RedisSettings:
    """Where the cache and the system server are. Times are seconds; nothing connects here.

    Raises `SettingsError` where a value is missing, unparsable or contradicts another. The message names the
    environment variable and the field, and never shows a password; neither does `repr()`.
    """

    url: str
    """The cache server: `redis://`, `rediss://` (TLS), `unix://` or `embedded://NAME`. Variable: `REDIS_URL`."""
    sys_url: str
    """The system server, not the same server and database as `url`. Variable: `REDIS_SYS_URL`."""
    socket_timeout: float = 5.0
    """Seconds to wait for a reply. Variable: `REDIS_SOCKET_TIMEOUT`."""
    socket_connect_timeout: float = 5.0
    """Seconds to wait for a connection. Variable: `REDIS_SOCKET_CONNECT_TIMEOUT`."""
    cache_key_namespace: str = ""
    """What stands before every cache key on the wire; none when empty. Variable: `CACHE_KEY_NAMESPACE`."""
    cluster: bool = False
    """Whether the cache server is a Redis Cluster. Variable: `REDIS_CLUSTER` (`true` or `false`)."""
    cluster_nodes: tuple[str, ...] = ()
    """Further nodes to discover the cluster from, `host:port` or URLs of which only the address is used; user,
    password and TLS are those of `url`. Variable: `REDIS_CLUSTER_NODES`, separated by commas."""
    sys_sentinels: tuple[str, ...] = ()
    """Sentinels, `host` or `host:port`, that know the system server; of `sys_url` only user, password, database and
    TLS count then. Variable: `REDIS_SYS_SENTINELS`, separated by commas."""
    sys_sentinel_name: str | None = None
    """The name under which the sentinels know the system server. Variable: `REDIS_SYS_SENTINEL_NAME`."""
    sys_sentinel_password: str | None = None
    """The password of the sentinels themselves. Variable: `REDIS_SYS_SENTINEL_PASSWORD`."""
    check_keys: CheckKeys = "off"
    """What becomes of a key without a registered base at run time: `raise`, `warn` or `off`. Variable:
    `REDIS_CHECK_KEYS`."""
    credential_provider: CredentialProvider | None = None
    """redis-py's: who logs in to the cache server, where `url` says nothing of it. In code only."""
    sys_credential_provider: CredentialProvider | None = None
    """The same for the system server; another object, as a provider serves one client."""

    def __post_init__(self) -> None:
        """Check every value, and the values against each other."""
        cache = ServerUrl.parse(self.url, _label("url"))
        system = ServerUrl.parse(self.sys_url, _label("sys_url"))
        for field in ("socket_timeout", "socket_connect_timeout"):
            check_seconds(getattr(self, field), _label(field))
        check_namespace(self.cache_key_namespace, _label("cache_key_namespace"))
        for field in ("cluster_nodes", "sys_sentinels"):
            object.__setattr__(self, field, _texts(getattr(self, field), field))
        check_check_keys(self.check_keys, _label("check_keys"))
        self._check_cluster()
        self._check_sentinels()
        self._check_apart(cache, system)

    @classmethod
    def from_env(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Read the settings from environment variables; one that is empty counts as missing.

        Raises `SettingsError` like the class itself, also where `REDIS_URL` or `REDIS_SYS_URL` is missing.
        """
        values: dict[str, object] = {}
        for field, variable in VARIABLES.items():
            text = environ.get(variable, "")
            if text:
                values[field] = _READERS.get(field, _as_is)(text, field)
        for field in ("url", "sys_url"):
            if field not in values:
                raise SettingsError(_missing(field))
        return cls(**values)  # type: ignore[arg-type]  # each reader returns the type of its field

    def cluster_addresses(self) -> tuple[Address, ...]:
        """The nodes to discover the cluster from: the server of `url`, then `cluster_nodes`."""
        first = ServerUrl.parse(self.url, _label("url")).place
        nodes = (node_address(node, _label("cluster_nodes")) for node in self.cluster_nodes)
        return tuple(dict.fromkeys([*([first] if isinstance(first, Address) else []), *nodes]))

    def sentinel_addresses(self) -> tuple[Address, ...]:
        """The sentinels that know the system server."""
        return tuple(sentinel_address(sentinel, _label("sys_sentinels")) for sentinel in self.sys_sentinels)

    def __repr__(self) -> str:
        """Show everything but users, passwords, who gives them, and the options of URLs."""
        shown = {field.name: getattr(self, field.name) for field in fields(self) if "provider" not in field.name}
        shown["url"] = str(ServerUrl.parse(self.url, _label("url")))
        shown["sys_url"] = str(ServerUrl.parse(self.sys_url, _label("sys_url")))
        shown["cluster_nodes"] = tuple(str(node_address(node, _label("cluster_nodes"))) for node in self.cluster_nodes)
        if self.sys_sentinel_password is not None:
            shown["sys_sentinel_password"] = "***"  # noqa: S105 what is shown instead
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in shown.items())})"

    def _check_cluster(self) -> None:
        if not isinstance(self.cluster, bool):
            raise SettingsError(f"{_label('cluster')} is True or False, not {type(self.cluster).__name__}")
        self.cluster_addresses()
        if self.cluster:
            cluster_addresses(self.url, self.cluster_nodes, _label("url"), _label("cluster_nodes"))

    def _check_sentinels(self) -> None:
        if self.sys_sentinels:
            labels = (_label("sys_url"), _label("sys_sentinels"), _label("sys_sentinel_name"))
            sentinel_addresses(self.sys_url, self.sys_sentinels, self.sys_sentinel_name, labels)

    def _check_apart(self, cache: ServerUrl, system: ServerUrl) -> None:
        if self.sys_sentinels:
            return  # the sentinels say where the system server is
        nodes = [ServerUrl("redis", node) for node in self.cluster_addresses()] if self.cluster else []
        if any(system.same_data(place) for place in (cache, *nodes)):
            way_out = (
                "give them two names"
                if system.scheme == EMBEDDED
                else "give one of them another server, or another database (the number at the end of the URL)"
            )
            raise SettingsError(
                f"{_label('url')} and {_label('sys_url')} are the same server and database, {system}: what the cache "
                f"may flush is not safe there; {way_out}"
            )


def _label(field: str) -> str:
    return f"{VARIABLES[field]} (RedisSettings.{field})"


def _missing(field: str) -> str:
    kind = "cache" if field == "url" else "system"
    return (
        f"{_label(field)} is missing: set it to the URL of the {kind} server, as in "
        f"{VARIABLES[field]}=redis://127.0.0.1:6379/{0 if field == 'url' else 1}, or embedded://NAME for a private one"
    )


def check_seconds(value: object, label: str) -> None:
    """Raise `SettingsError`, naming `label`, for what is no time to wait."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise SettingsError(f"{label} is a number of seconds, not {type(value).__name__}")
    if not (math.isfinite(value) and value > 0):
        raise SettingsError(f"{label} is a number of seconds above 0, as in 2.5; got {value}")


def check_check_keys(value: object, label: str) -> None:
    """Raise `SettingsError`, naming `label`, for what says nothing about keys without a registered base."""
    if value not in get_args(CheckKeys):
        raise SettingsError(f"{label} is 'raise', 'warn' or 'off'; got {value!r}")


def check_namespace(value: object, label: str) -> None:
    """Raise `SettingsError`, naming `label`, for what cannot stand before every key."""
    if not isinstance(value, str):
        raise SettingsError(f"{label} is a text, not {type(value).__name__}")
    if any(character.isspace() or not character.isprintable() for character in value):
        raise SettingsError(f"{label} = {value!r} holds a blank or a control character; leave it out")
    if set(value) & set("{}"):
        raise SettingsError(f"{label} = {value!r} holds a brace, which would put every key into one cluster slot")
    if value.startswith(":") or value.endswith(":"):
        raise SettingsError(f"{label} = {value!r} starts or ends with a colon; the one before the key is added")


def _texts(value: object, field: str) -> tuple[str, ...]:
    """The items of a list-like field; a lone string is taken for the mistake it is."""
    if isinstance(value, (list, tuple)) and all(isinstance(item, str) for item in value):
        return tuple(value)
    raise SettingsError(f"{_label(field)} is a tuple of texts, as in ('10.0.0.1:7000',), not {type(value).__name__}")


def _as_is(text: str, field: str) -> str:  # noqa: ARG001 one signature for all readers
    return text


def _seconds(text: str, field: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SettingsError(f"{_label(field)} is a number of seconds, as in 2.5; got {text!r}") from None


def _truth(text: str, field: str) -> bool:
    truth = _TRUTHS.get(text.strip().lower())
    if truth is None:
        raise SettingsError(f"{_label(field)} is `true` or `false`; got {text!r}")
    return truth


def _comma_separated(text: str, field: str) -> tuple[str, ...]:
    items: Iterable[str] = (item.strip() for item in text.split(","))
    texts = tuple(item for item in items if item)
    if not texts:
        raise SettingsError(f"{_label(field)} is a list of host:port separated by commas; it holds none")
    return texts


_READERS = {
    "socket_timeout": _seconds,
    "socket_connect_timeout": _seconds,
    "cluster": _truth,
    "cluster_nodes": _comma_separated,
    "sys_sentinels": _comma_separated,
}
