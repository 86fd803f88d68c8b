"""Series in which a difference was found once, by random edits or by somebody who tried: each stays mended."""

from __future__ import annotations

from typing import Final

from tests.modes.series import CACHE, KINDS, USERS, append, replace, step, together, write

LATE: Final = "shop/late.py"
PLAIN: Final = "shop/aplain.py"
"""A module without keys, which is checked before the package is known of, where both are checked anew."""
CLIENT: Final = "shop/myclient.py"

FOUND: Final = {
    "members of an enum in the order of the cache": (
        step("one base of an enum goes", replace(USERS, '    USER = "user"\n', "")),
        step(
            "all go, and one has a near one",
            together(
                replace(CACHE, "(UserKeys, OrderKeys, ModelKeys)", "(UserKeys, ModelKeys)"),
                replace(USERS, '"user:settings"', '"ring"'),
            ),
        ),
    ),
    "a value that an annotation without keys is left with": (
        step(
            "the keys in an alias are lost",
            replace(KINDS, "CacheKey: TypeAlias = KeyOf[CacheKeys]", "SysKey: TypeAlias = KeyOf[CacheKeys]"),
        ),
        step("and their values do not fit", replace(KINDS, "list[CacheKey]", "tuple[CacheKey, ...]")),
    ),
    "answers that were given before the package was known of": (
        step(
            "keys in containers and in local functions",
            together(
                write(
                    PLAIN,
                    """X: int = 1


def grow(xs: list[int], by_name: dict[str, int]) -> int:
    def helper(a: int) -> int:
        return a

    xs.append(3)
    by_name["a"] = 3
    return helper(2)
""",
                ),
                write(
                    LATE,
                    """from shop import aplain
from shop.kinds import CacheKey


def use(n: int) -> list[CacheKey]:
    keys: list[CacheKey] = []
    named: dict[str, CacheKey] = {}
    name = f"user:{n}"
    keys.append(name)
    keys.append("user:1")
    keys.append("usr:1")
    named["a"] = name

    def helper(key: CacheKey) -> None: ...

    helper(name)
    helper("user:1")
    helper("usr:1")
    aplain.grow([], {})
    return keys
""",
                ),
            ),
        ),
        step("both are checked anew", replace(PLAIN, "X: int = 1", 'X: str = ""'), silent=True),
        step("and again", replace(PLAIN, 'X: str = ""', "X: int = 2"), silent=True),
    ),
    "a command that a client no longer overrides": (
        step(
            "a client of their own",
            together(
                write(
                    CLIENT,
                    """from civiredis import CacheRedis, KeyOf
from shop.keys import CacheKeys


class My(CacheRedis[CacheKeys]):
    def fetch(self, key: KeyOf[CacheKeys]) -> None: ...

    async def getdel(self, key: KeyOf[CacheKeys]) -> str | None:  # type: ignore[override]
        return None
""",
                ),
                write(
                    LATE,
                    """from shop.keys import CacheKeys
from shop.myclient import My


async def use(redis: My) -> None:
    redis.fetch(CacheKeys.PROFILE)
    await redis.getdel(CacheKeys.PROFILE)
""",
                ),
            ),
            silent=True,
        ),
        step(
            "the override goes",
            replace(
                CLIENT,
                """
    async def getdel(self, key: KeyOf[CacheKeys]) -> str | None:  # type: ignore[override]
        return None
""",
                "",
            ),
        ),
        step(
            "and comes back",
            append(
                CLIENT,
                """
    async def getdel(self, key: KeyOf[CacheKeys]) -> str | None:  # type: ignore[override]
        return None
""",
            ),
        ),
    ),
}
