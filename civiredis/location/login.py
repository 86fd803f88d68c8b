"""Who logs in: whom the URL names, or whoever a credential provider says, but not both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from civiredis.exceptions import SettingsError
from civiredis.server_url import EMBEDDED
from civiredis.transport.credentials import Asking

if TYPE_CHECKING:
    from redis.credentials import CredentialProvider


def check_login(url: str, provider: CredentialProvider | None) -> None:
    """Raise `SettingsError` where both say who logs in, or where nobody does."""
    if provider is None:
        return
    parts = urlsplit(url)
    if parts.scheme == EMBEDDED:
        raise SettingsError("an embedded:// server knows no users; leave credential_provider out")
    if "@" in parts.netloc or {"username", "password"} & set(parse_qs(parts.query)):
        raise SettingsError("url holds a user or a password, and so does credential_provider; leave one of them out")


def asking(provider: CredentialProvider | None) -> dict[str, Any]:
    """Give the options with which redis-py's own client asks the provider; it is not told of renewals."""
    return {} if provider is None else {"credential_provider": Asking(provider)}
