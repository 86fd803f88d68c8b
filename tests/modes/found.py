"""Series in which a difference was found once, by random edits or by somebody who tried: each stays mended."""

from __future__ import annotations

from typing import Final

from tests.modes.series import CACHE, KINDS, USERS, replace, step, together

PLAIN: Final = "shop/aplain.py"
"""A module without keys; it is checked before the package is known of, where both it and its user are checked anew."""
CUSTOM: Final = "shop/custom.py"

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
        step("two modules are checked anew", replace(PLAIN, "X: int = 1", 'X: str = ""'), silent=True),
        step("and again", replace(PLAIN, 'X: str = ""', "X: int = 2"), silent=True),
    ),
    "a command that a client no longer overrides": (
        step("the override goes", replace(CUSTOM, "    def getdel(", "    def other(")),
        step("and comes back", replace(CUSTOM, "    def other(", "    def getdel(")),
    ),
}
