"""A small feed whose registry declares what each key holds, shared by the programs of test-data/."""

from datetime import datetime, timedelta
from typing import TypedDict

from civiredis import (
    CacheRegistry,
    Counter,
    Hash,
    KeyOf,
    List,
    Set,
    SortedSet,
    Stream,
    String,
    SysRegistry,
    TypedKey,
    create_redis_clients,
    key,
)


class Profile(TypedDict):
    name: str
    age: int


class Flag(TypedDict):
    on: bool


ProfileKeys = String[Profile]


class UserKeys(CacheRegistry):
    PROFILE = key("packed:user:profile", String[Profile], ttl=timedelta(minutes=10))
    FOLLOWS = key("packed:user:follows", Set[int], ttl=3600)


class CacheKeys(UserKeys):
    USER = "user"
    DRAFT = key("packed:draft", ProfileKeys)
    BLOB = "packed:blob"
    RANKS = key("ranks", SortedSet[str])
    VIEWS = key("views", Counter, ttl=86400, doc="Page views, one counter per page and day")
    SEEN = key("seen", String[datetime])
    SETTINGS = key("settings", Hash[int])
    TAGS = key("tags", Set[str])
    EVENTS = key("events", Stream[int])
    LOOSE = key("loose", Hash)

    class Jobs:
        QUEUE = key("jobs:queue", List[str])
        LAST = key(base="jobs:last", structure=String[float])


class SysKeys(SysRegistry):
    FLAG = key("packed:system:flag", Hash[Flag])
    LIMIT = key("system:limit", String[int])


redis, sys_redis = create_redis_clients(CacheKeys, SysKeys)


def profile_key(uid: int) -> TypedKey[CacheKeys, String[Profile]]:
    return CacheKeys.PROFILE(uid)


def some_key(uid: int) -> KeyOf[CacheKeys]:
    return CacheKeys.PROFILE(uid)
