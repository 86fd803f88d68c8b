"""The scripted series of declared keys: what a key is declared to hold changes, near its uses and far from them."""

from __future__ import annotations

from typing import Final

from tests.modes.series import CONFIG_TEXT, append, configure, replace, step, together, write

MODELS: Final = "shop/models/profile.py"
STRUCTURES: Final = "shop/models/structures.py"
KEYS: Final = "shop/keys/feed.py"

PROFILE_TEXT: Final = """from typing import TypedDict


class Profile(TypedDict):
    age: int
    name: str
"""
DATACLASS_TEXT: Final = """from dataclasses import dataclass


@dataclass
class Profile:
    age: int
    name: str
"""
STRUCTURES_TEXT: Final = """from civiredis import Set, String
from shop.models.profile import Profile

ProfileKeys = String[Profile]
FollowKeys = Set[int]
"""
KEYS_TEXT: Final = """from civiredis import CacheRegistry, Counter, List, String, key
from shop.models.structures import FollowKeys, ProfileKeys


class BaseKeys(CacheRegistry):
    PROFILE = key("packed:feed:profile", ProfileKeys, ttl=600)


class FeedKeys(BaseKeys):
    PLAIN = "plain"
    FOLLOWS = key("packed:feed:follows", FollowKeys)
    VIEWS = key("views", Counter, ttl=60)

    class Jobs:
        QUEUE = key("jobs", List[str])
"""
CLIENT_TEXT: Final = """from civiredis import create_cache_redis
from shop.keys.feed import FeedKeys

feed = create_cache_redis(FeedKeys, url="redis://localhost")
"""
HELPERS_TEXT: Final = """from civiredis import KeyOf, String, TypedKey
from shop.keys.feed import FeedKeys
from shop.models.profile import Profile


def profile_key(uid: int) -> TypedKey[FeedKeys, String[Profile]]:
    return FeedKeys.PROFILE(uid)


def views_key(page: str) -> KeyOf[FeedKeys]:
    return FeedKeys.VIEWS(page)
"""
BY_TEXT: Final = """from shop.feed_client import feed


async def by_text(uid: int) -> None:
    profile = await feed.packed.get(f"packed:feed:profile:{uid}")
    assert profile is not None
    print(profile["age"])
    await feed.packed.set(f"packed:feed:profile:{uid}", {"name": "Zoë", "age": 7})
    reveal_type(await feed.packed.smembers("packed:feed:follows:1"))
    reveal_type(await feed.get(f"views:{uid}"))
    await feed.set(f"views:{uid}", 1)
    await feed.set(f"plain:{uid}", "x", ex=60)
    await feed.hset("jobs", "x", "y")
"""
BY_HELPER: Final = """from shop.feed_client import feed
from shop.feed_helpers import profile_key, views_key


async def by_helper(uid: int) -> None:
    reveal_type(await feed.packed.get(profile_key(uid)))
    reveal_type(await feed.get(views_key("home")))
    await feed.hget(profile_key(uid), "x")
"""
BY_MEMBER: Final = """from shop.feed_client import feed
from shop.keys.feed import FeedKeys as Keys


async def by_member(uid: int) -> None:
    reveal_type(await feed.packed.mget([Keys.PROFILE(uid), Keys.PROFILE(uid + 1)]))
    reveal_type(await feed.lpop(Keys.Jobs.QUEUE))
    reveal_type(await feed.mget([Keys.VIEWS(uid), Keys.PLAIN]))
    key = Keys.VIEWS(uid)
    await feed.incr(key)
    await feed.lpush(Keys.Jobs.QUEUE, "x")
"""

DECLARED: Final = (
    step(
        "keys are declared",
        together(
            append("shop/models/__init__.py", ""),
            write(MODELS, PROFILE_TEXT),
            write(STRUCTURES, STRUCTURES_TEXT),
            write(KEYS, KEYS_TEXT),
            write("shop/feed_client.py", CLIENT_TEXT),
            write("shop/feed_helpers.py", HELPERS_TEXT),
            write("shop/by_text.py", BY_TEXT),
            write("shop/by_helper.py", BY_HELPER),
            write("shop/by_member.py", BY_MEMBER),
        ),
    ),
    step("a field of the values gets another type", replace(MODELS, "age: int", "age: str")),
    step("a field of the values goes", replace(MODELS, "    age: str\n", "")),
    step("the values become a dataclass", write(MODELS, DATACLASS_TEXT)),
    step("the values become a TypedDict again", write(MODELS, PROFILE_TEXT)),
    step("an alias of a structure changes", replace(STRUCTURES, "Set[int]", "Set[str]")),
    step("an alias becomes another structure", replace(STRUCTURES, "String[Profile]", "Set[Profile]")),
    step("and a string again", replace(STRUCTURES, "Set[Profile]", "String[Profile]")),
    step("a counter becomes a hash", replace(KEYS, "Counter, ttl=60", "Hash[int], ttl=60")),
    step("which is imported", replace(KEYS, "Counter, List", "Counter, Hash, List")),
    step("and a string", replace(KEYS, "Hash[int], ttl=60", "String[float], ttl=60")),
    step("writes are to have an expiry", configure(CONFIG_TEXT.replace("redis-key-overlap", "redis-ttl"))),
    step("a lifetime goes", replace(KEYS, "String[float], ttl=60", "String[float]")),
    step("and comes back", replace(KEYS, "String[float]", "String[float], ttl=5")),
    step("a declaration goes", replace(KEYS, 'key("views", String[float], ttl=5)', '"views"')),
    step("one comes for a plain base", replace(KEYS, '"plain"', 'key("plain", String[int])')),
    step("which is text only", replace(KEYS, '"plain", String[int]', '"plain"')),
    step("the base of a group changes what it holds", replace(KEYS, "List[str]", "List[int]")),
    step("an inherited base changes its text", replace(KEYS, '"packed:feed:profile"', '"packed:feed:person"')),
    step("and back", replace(KEYS, '"packed:feed:person"', '"packed:feed:profile"')),
    step("a type does not fit in text", replace(KEYS, "List[int]", "List[bytes]")),
    step("values of a helper change", replace("shop/feed_helpers.py", "String[Profile]", "String[int]")),
)
