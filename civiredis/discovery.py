"""The addresses that a cluster or a master is discovered from: checked, and never shown where they may hold a password.

The parameters called `setting` are what messages call a value: the name of a variable, or of a parameter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from civiredis.exceptions import SettingsError
from civiredis.server_url import Address, ServerUrl

if TYPE_CHECKING:
    from collections.abc import Sequence

SENTINEL_PORT: Final = 26379
"""Where a Sentinel listens when no port is named."""


def cluster_addresses(url: str, nodes: Sequence[str], setting: str, nodes_setting: str) -> tuple[Address, ...]:
    """The nodes of a cluster, each once: the server of `url`, which is a node itself, then `nodes`."""
    first = ServerUrl.parse(url, setting)
    if not isinstance(first.place, Address):
        raise SettingsError(
            f"{setting} is the redis:// or rediss:// URL of a node of the cluster, not {first.scheme}://"
        )
    if first.database != 0:
        raise SettingsError(f"a cluster has database 0; {setting} names {first.database}")
    return tuple(dict.fromkeys([first.place, *(node_address(node, nodes_setting) for node in nodes)]))


def sentinel_addresses(
    url: str, sentinels: Sequence[str], name: str | None, settings: tuple[str, str, str]
) -> tuple[Address, ...]:
    """Where the sentinels are that know the server called `name`.

    Checks `url` and `name` as well; `settings` are what messages call `url`, `sentinels` and `name`.
    """
    setting, sentinels_setting, name_setting = settings
    addresses = tuple(sentinel_address(sentinel, sentinels_setting) for sentinel in sentinels)
    if not name:
        raise SettingsError(
            f"{name_setting} is missing: {sentinels_setting} is set, and sentinels are asked "
            "for a server by its name (the one after `sentinel monitor` in sentinel.conf)"
        )
    server = ServerUrl.parse(url, setting)
    if not isinstance(server.place, Address):
        raise SettingsError(
            f"{sentinels_setting} is set, so {setting} is a redis:// or rediss:// URL, not {server.scheme}://"
        )
    return addresses


def node_address(text: str, setting: str) -> Address:
    """The address of a cluster node, `host:port` or a URL."""
    if "://" not in text:
        return _address(text, setting)
    place = ServerUrl.parse(text, setting).place
    if not isinstance(place, Address):
        raise SettingsError(f"{setting} holds redis:// or rediss:// URLs, or host:port")
    return place


def sentinel_address(text: str, setting: str) -> Address:
    """The address of a sentinel, `host` or `host:port`."""
    return _address(text, setting, SENTINEL_PORT)


def _address(text: str, setting: str, default_port: int | None = None) -> Address:
    """Read `host:port`; the text is not shown where it is wrong, as somebody may have put a password there."""
    host, colon, port = text.rpartition(":")
    if default_port is not None and (not colon or text.endswith("]")):
        host, port = text, str(default_port)
    host = host.removeprefix("[").removesuffix("]")
    readable = host and not set(host) & set("@/ ") and port.isascii() and port.isdigit()
    if not readable or not 0 < int(port) < 65536:  # noqa: PLR2004 the number of TCP ports
        form = "host:port" if default_port is None else "host or host:port"
        raise SettingsError(f"{setting} has an item that is not {form} with a port from 1 to 65535")
    return Address(host, int(port))
