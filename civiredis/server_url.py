"""URLs of servers: checked when settings are made, and never shown with a password.

redis-py parses a URL when the first client is built, overlooks what it cannot read (a database `/one`, a port 0), and
Python's own messages quote the piece that does not parse, which is the password whenever that holds an unescaped `/`.
So the URL is checked here first, and messages are made from what was understood, never from the text itself.
"""

from __future__ import annotations

import contextlib
import ipaddress
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, unquote, urlsplit

from redis.asyncio.connection import parse_url

from civiredis.exceptions import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_PORT = 6379
"""Where a Redis server listens when its URL names no port."""

EMBEDDED = "embedded"
EXAMPLES = "redis://HOST:6379/0, rediss://HOST:6379/0 (TLS), unix:///PATH?db=0 or embedded://NAME"
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1", "::ffff:7f00:1", "0.0.0.0", "::"})  # noqa: S104 never bound
SCHEMES = frozenset({"redis", "rediss", "unix", EMBEDDED})

# What redis-py's connections take and a URL can say. https://redis.readthedocs.io/en/stable/connections.html
OPTIONS = frozenset(
    {
        "client_name", "db", "health_check_interval", "password", "protocol", "socket_connect_timeout",
        "socket_keepalive", "socket_read_size", "socket_timeout", "timeout", "username",
    }
)  # fmt: skip
TLS_OPTIONS = frozenset(
    {
        "ssl_ca_certs", "ssl_ca_data", "ssl_ca_path", "ssl_cert_reqs", "ssl_certfile", "ssl_check_hostname",
        "ssl_ciphers", "ssl_exclude_verify_flags", "ssl_include_verify_flags", "ssl_keyfile", "ssl_min_version",
        "ssl_password",
    }
)  # fmt: skip
EMBEDDED_OPTIONS = frozenset({"dir"})

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{0,20})://")


class Address(NamedTuple):
    """Where a server listens."""

    host: str
    port: int

    def __str__(self) -> str:
        """Write the address as `host:port`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class ServerUrl:
    """What a URL says about where the server is; what it says about passwords stays in the URL."""

    scheme: str
    place: Address | str
    """The address, or the path of a Unix socket, or the name of an embedded server."""
    database: int = 0
    directory: Path | None = None
    """Where an embedded server keeps its data; None for a temporary directory."""

    @classmethod
    def parse(cls, url: object, setting: str) -> ServerUrl:
        """Read a URL that the setting `setting` holds.

        Raises `SettingsError`, naming the setting, the fault and the way out, and never a part of the URL that could
        be a password.
        """
        text = _checked_text(url, setting)
        parts = _split(text)
        if parts is None:
            raise SettingsError(f"{setting} is not a URL that can be read; {_ESCAPE}. Write {EXAMPLES}")
        if parts.fragment or "#" in text or ("@" in text and "@" not in parts.netloc):
            raise SettingsError(f"{setting} has text where none belongs; {_ESCAPE}")
        options = _options(parts, setting)
        if parts.scheme == EMBEDDED:
            return _embedded(parts, options, setting)
        database = _database(parts, options, setting)
        if (fault := _fault_seen_by_redis(text)) is not None:
            raise SettingsError(f"{setting}: {fault}")
        if parts.scheme == "unix":
            return cls("unix", _socket_path(parts, setting), database)
        return cls(parts.scheme, Address(unquote(parts.hostname or "localhost"), parts.port or DEFAULT_PORT), database)

    def same_data(self, other: ServerUrl) -> bool:
        """Tell whether both lead to the same server and database, as far as the URLs show."""
        if self.directory is not None and self.directory == other.directory:
            return True
        return (_identity(self.place), self.database) == (_identity(other.place), other.database)

    def __str__(self) -> str:
        """Write the URL without user, password and options."""
        if self.scheme == EMBEDDED:
            return f"{EMBEDDED}://{self.place}"
        if self.scheme == "unix":
            return f"unix://{self.place}?db={self.database}"
        return f"{self.scheme}://{self.place}/{self.database}"


_ESCAPE = (
    "in a user name or password, percent-encode every character that is not a letter or digit "
    "(urllib.parse.quote(password, safe=''))"
)


def _checked_text(url: object, setting: str) -> str:
    if not isinstance(url, str):
        raise SettingsError(f"{setting} is a URL as str, not {type(url).__name__}. Write {EXAMPLES}")
    if not url:
        raise SettingsError(f"{setting} is empty. Write {EXAMPLES}")
    if any(character.isspace() or not character.isprintable() for character in url):
        raise SettingsError(f"{setting} holds a blank or a control character; {_ESCAPE}")
    scheme = _SCHEME.match(url)
    if scheme is None:
        raise SettingsError(f"{setting} does not start with a scheme. Write {EXAMPLES}")
    if scheme[1].lower() not in SCHEMES:
        raise SettingsError(f"{setting} has the unknown scheme {scheme[1]}://. Write {EXAMPLES}")
    return url


def _split(text: str) -> SplitResult | None:
    """Split the URL; None where Python refuses it, whose message would quote the text."""
    try:
        parts = urlsplit(text)
        readable = parts.port != 0
    except ValueError:
        return None
    return parts if readable else None


def _options(parts: SplitResult, setting: str) -> dict[str, str]:
    known = {EMBEDDED: EMBEDDED_OPTIONS, "rediss": OPTIONS | TLS_OPTIONS}.get(parts.scheme, OPTIONS)
    options: dict[str, str] = {}
    for item in parts.query.split("&") if parts.query else ():
        name, equals, value = item.partition("=")
        if not equals or not value:
            raise SettingsError(f"{setting} has an option without a value: write ?name=value&name=value")
        if name not in known:
            shown = f"`{name}`" if name.isidentifier() else "that is no name"
            choice = ", ".join(sorted(known))
            raise SettingsError(f"{setting} has an option {shown}; {parts.scheme}:// takes {choice}")
        if name in options:
            raise SettingsError(f"{setting} has the option `{name}` twice")
        options[name] = unquote(value)
    return options


def _database(parts: SplitResult, options: Mapping[str, str], setting: str) -> int:
    number = parts.path.removeprefix("/") if parts.scheme != "unix" else ""
    if number and "db" in options and number != options["db"]:
        raise SettingsError(f"{setting} names two databases, one as path and one as `db`; keep one")
    number = options.get("db", number) or "0"
    if not (number.isascii() and number.isdigit()):
        raise SettingsError(f"{setting} has a database that is not a number from 0 on, as in redis://HOST:6379/0")
    return int(number)


def _fault_seen_by_redis(text: str) -> str | None:
    """What redis-py finds wrong with the URL; its messages name an option, never a value."""
    try:
        parse_url(text)
    except ValueError as fault:
        return str(fault)
    return None


def _socket_path(parts: SplitResult, setting: str) -> str:
    if parts.hostname or not parts.path.strip("/"):
        raise SettingsError(f"{setting} names no socket: write unix:///PATH, with three slashes")
    return str(Path(unquote(parts.path)))


def _embedded(parts: SplitResult, options: Mapping[str, str], setting: str) -> ServerUrl:
    name = parts.netloc
    if not _NAME.fullmatch(name) or parts.path:
        raise SettingsError(
            f"{setting}: an embedded server is embedded://NAME or embedded://NAME?dir=PATH, "
            "NAME being up to 64 letters, digits, `_`, `.` and `-`, without user, password, port and database"
        )
    directory = Path(options["dir"]).expanduser().resolve() if "dir" in options else None
    return ServerUrl(EMBEDDED, name, directory=directory)


def _identity(place: Address | str) -> Address | str:
    """Return one spelling for every spelling of the same place."""
    if isinstance(place, str):
        return place
    host = place.host.lower().removesuffix(".")
    with contextlib.suppress(ValueError):  # a name, not a number
        host = ipaddress.ip_address(host).compressed
    return Address("localhost" if host in LOCAL_HOSTS else host, place.port)
