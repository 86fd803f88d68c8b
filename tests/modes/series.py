"""The scripted series: what people do to registries, helpers and their users, one edit after another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.modes.differential import Step
from tests.modes.project import CONFIG, Files, parse

CONFIG_TEXT: Final = """[mypy]
strict = True
plugins = civiredis_mypy
local_partial_types = True

[mypy-civiredis.*]
follow_imports = silent

[mypy-shop.*]
enable_error_code = redis-key-overlap
"""

OPTIONS_OF_ALL_VERSIONS: Final = CONFIG_TEXT.partition("\n[mypy-shop.*]")[0]
"""Before mypy 1.19 no option could name the error code of a plugin."""

Change = Callable[[Files], None]


def initial() -> Files:
    """Return the project that the series starts from."""
    return parse((Path(__file__).parent / "shop.txt").read_text()) | {CONFIG: CONFIG_TEXT}


def replace(path: str, old: str, new: str) -> Change:
    """Replace a text that stands in a file exactly once."""

    def change(files: Files) -> None:
        assert files[path].count(old) == 1, f"{old!r} stands {files[path].count(old)} times in {path}"
        files[path] = files[path].replace(old, new)

    return change


def append(path: str, text: str) -> Change:
    """Add lines at the end of a file, or a new file."""

    def change(files: Files) -> None:
        files[path] = files.get(path, "") + text

    return change


def write(path: str, text: str) -> Change:
    """Write a whole file."""

    def change(files: Files) -> None:
        files[path] = text

    return change


def remove(*paths: str) -> Change:
    """Remove files."""

    def change(files: Files) -> None:
        for path in paths:
            del files[path]

    return change


def move(old: str, new: str) -> Change:
    """Rename a file."""

    def change(files: Files) -> None:
        files[new] = files.pop(old)

    return change


def together(*changes: Change) -> Change:
    """Make several changes at once."""

    def change(files: Files) -> None:
        for one in changes:
            one(files)

    return change


def step(name: str, change: Change, *, silent: bool = False) -> Step:
    """Name an edit; a `silent` one changes no verdict."""
    return Step(name, change, silent)


def configure(text: str) -> Change:
    """Write mypy's configuration."""
    return write(CONFIG, text)


USERS: Final = "shop/keys/users.py"
ORDERS: Final = "shop/keys/orders.py"
CACHE: Final = "shop/keys/cache.py"
SYSTEM: Final = "shop/keys/system.py"
KINDS: Final = "shop/kinds.py"
HELPERS: Final = "shop/helpers.py"
LATER: Final = """from shop.redis import redis


async def later(uid: int) -> None:
    await redis.get(f"later:{uid}")
"""

EDITS: Final = (
    # Bases of a registry that its users reach through another one, and through aliases of `KeyOf`.
    step("rename a base of an inherited registry", replace(USERS, 'USER = "user"', 'USER = "member"')),
    step("rename it back", replace(USERS, 'USER = "member"', 'USER = "user"')),
    step("remove a base", replace(ORDERS, '    ORDER = "order"\n', "")),
    step("add it in another registry", append("shop/keys/models.py", '    ORDER = "order"\n')),
    step("name its attribute otherwise", replace("shop/keys/models.py", "ORDER =", "ORDERS =")),
    step("add a base that others extend", append(USERS, '    NAME = "user:name"\n')),
    step("remove the base it extends", replace(USERS, '    USER = "user"\n', "")),
    step("add the base again at the end", append(USERS, '    USER = "user"\n')),
    step("give the attribute its old name", replace("shop/keys/models.py", "ORDERS =", "ORDER =")),
    # Nested groups.
    step("rename a base in a group", replace(ORDERS, '"cart:open"', '"basket:open"')),
    step("rename the group", replace(ORDERS, "class Cart:", "class Basket:")),
    step("rename both back", together(replace(ORDERS, "Basket", "Cart"), replace(ORDERS, "basket", "cart"))),
    step(
        "remove the innermost group",
        replace(ORDERS, '\n        class Archive:\n            MONTH = "cart:archive:month"\n', ""),
    ),
    step(
        "add it elsewhere",
        append("shop/keys/models.py", '\n    class Archive:\n        MONTH = "cart:archive:month"\n'),
    ),
    # What a registry is made of.
    step("change a constant that a base is made of", replace("shop/keys/texts.py", '"audit"', '"trail"')),
    step("make the base of another constant", replace(CACHE, "texts.AUDIT", "texts.TRAIL"), silent=True),
    step(
        "change the constant that is no longer used",
        replace("shop/keys/texts.py", 'AUDIT: Final = "trail"', 'AUDIT: Final = "audit"'),
        silent=True,
    ),
    step("make it of the first again", replace(CACHE, "texts.TRAIL", "texts.AUDIT")),
    step(
        "no longer inherit one registry",
        replace(CACHE, "CacheKeys(UserKeys, OrderKeys, ModelKeys)", "CacheKeys(OrderKeys, ModelKeys)"),
    ),
    step(
        "inherit it through another one",
        together(
            replace(ORDERS, "from civiredis import CacheRegistry\n", "from shop.keys.users import UserKeys\n"),
            replace(ORDERS, "OrderKeys(CacheRegistry)", "OrderKeys(UserKeys)"),
        ),
    ),
    step("declare a base twice", append(CACHE, '\n\nclass Twice(UserKeys):\n    AGAIN = "user"\n')),
    step("and no longer", replace(CACHE, '    AGAIN = "user"\n', '    AGAIN = "users"\n')),
    # From one registry to the other; messages name the registry that has the base.
    step("declare the base that a message misses", append(SYSTEM, '    FLAGS = "system:flags"\n')),
    step(
        "move a base to the other registry",
        together(
            replace(SYSTEM, '    LIMITS = "system:limits"\n', ""),
            append(USERS, '    LIMITS = "system:limits"\n'),
        ),
    ),
    step(
        "move it back",
        together(
            replace(USERS, '    LIMITS = "system:limits"\n', ""),
            append(SYSTEM, '    LIMITS = "system:limits"\n'),
        ),
    ),
    step("a base that a message suggests", append("shop/keys/models.py", '    TRAILS = "trails"\n')),
    step("a base that a registry beside declares", replace(CACHE, '"other"', '"trail"')),
    step("a new registry beside", append(CACHE, '\n\nclass NewKeys(CacheRegistry):\n    FLAGS = "random"\n')),
    # Aliases and helpers.
    step(
        "an alias of another registry",
        replace(KINDS, "CacheKey: TypeAlias = KeyOf[CacheKeys]", "CacheKey: TypeAlias = KeyOf[UserKeys]"),
    ),
    step("an alias of plain str", replace(KINDS, "CacheKey: TypeAlias = KeyOf[UserKeys]", "CacheKey: TypeAlias = str")),
    step(
        "a base goes while nobody proves it",
        replace("shop/keys/models.py", 'MODEL = "model"', 'MODEL = "models"'),
        silent=False,
    ),
    step(
        "the alias is proven again",
        replace(KINDS, "CacheKey: TypeAlias = str", "CacheKey: TypeAlias = KeyOf[CacheKeys]"),
    ),
    step("the base comes back", replace("shop/keys/models.py", 'MODEL = "models"', 'MODEL = "model"')),
    step(
        "a helper returns str",
        replace(HELPERS, "def user_key(uid: int) -> CacheKey:", "def user_key(uid: int) -> str:"),
    ),
    step(
        "a helper returns a key of the other registry",
        together(
            replace(HELPERS, "def user_key(uid: int) -> str:", "def user_key(uid: int) -> SysKey:"),
        ),
    ),
    step(
        "the helper is right again",
        replace(HELPERS, "def user_key(uid: int) -> SysKey:", "def user_key(uid: int) -> CacheKey:"),
    ),
    step("a helper takes any key", replace(HELPERS, "def counter(base: CacheBase", "def counter(base: CacheKey")),
    step(
        "a helper takes a base of users only",
        together(
            replace(HELPERS, "def counter(base: CacheKey", "def counter(base: BaseOf[UserKeys]"),
            replace(
                HELPERS,
                "from shop.kinds import",
                "from civiredis import BaseOf\nfrom shop.keys.users import UserKeys\nfrom shop.kinds import",
            ),
        ),
    ),
    # What the pieces are.
    step(
        "a literal type gets a member",
        replace("shop/constants.py", 'Literal["user", "order"]', 'Literal["user", "order", "person"]'),
    ),
    step("an enum member changes its value", replace("shop/enums.py", 'ORDER = "order"', 'ORDER = "orders"')),
    step(
        "an enum gets a member",
        append("shop/enums.py", '    LAST = "last"\n\n\nclass Colour(StrEnum):\n    RED = "red"\n'),
        silent=True,
    ),
    step(
        "an enum of bases gets a member that is none",
        replace("shop/enums.py", '    USER = "user"\n', '    USER = "user"\n    GUEST = "guest"\n'),
    ),
    step("an enum prints its values", replace("shop/enums.py", "class Page(str, Enum)", "class Page(StrEnum)")),
    step("a constant changes", replace("shop/constants.py", 'PREFIX: Final = "user"', 'PREFIX: Final = "usr"')),
    step("a variable becomes a constant", replace("shop/constants.py", 'BARE = "user"', 'BARE: Final = "user"')),
    step("a class gets a text", append("shop/records.py", "\n\nclass Late:\n    pass\n"), silent=True),
    step(
        "an interpolated class gets a text",
        replace("shop/records.py", "    def __str__(self)", "    def __repr__(self)"),
        silent=True,
    ),
    step(
        "an interpolated class loses its text",
        replace("shop/records.py", "    def __repr__(self)", "    def _text(self)"),
    ),
    step("and inherits one", replace("shop/records.py", "class Printed:", "class Printed(str):")),
    step("a name may be None", replace("shop/records.py", "    name: str", "    name: str | None")),
    # Cycles.
    step("rename a base in a cycle", replace("shop/cycle/keys.py", '"ring:deep"', '"ring:low"'), silent=True),
    step("rename the base that it extends", replace("shop/cycle/keys.py", 'RING = "ring"', 'RING = "loop"')),
    step(
        "the registry of the cycle inherits",
        together(
            replace(
                "shop/cycle/keys.py", "from civiredis import CacheRegistry\n", "from shop.keys.users import UserKeys\n"
            ),
            replace("shop/cycle/keys.py", "RingKeys(CacheRegistry)", "RingKeys(UserKeys)"),
        ),
        silent=True,
    ),
    step("an inherited base that the cycle uses", append(USERS, '    RING = "ring"\n')),
    # Syntax errors in between.
    step("a syntax error in a registry", replace("shop/keys/models.py", 'MODEL = "model"', 'MODEL = = "model"')),
    step(
        "and the base renamed when it is gone", replace("shop/keys/models.py", 'MODEL = = "model"', 'MODEL = "models"')
    ),
    step(
        "a syntax error in a user",
        replace("shop/services/orders.py", "async def load(uid: int)", "async def load(uid: int"),
    ),
    step(
        "a base renamed meanwhile", replace("shop/keys/models.py", 'MODEL = "models"', 'MODEL = "model"'), silent=True
    ),
    step(
        "the user is repaired",
        replace("shop/services/orders.py", "async def load(uid: int", "async def load(uid: int)"),
    ),
    # Files.
    step(
        "a registry moves to another module",
        together(
            move("shop/keys/models.py", "shop/keys/shapes.py"),
            replace(CACHE, "shop.keys.models", "shop.keys.shapes"),
        ),
        silent=True,
    ),
    step("and changes there", replace("shop/keys/shapes.py", 'MODEL = "model"', 'MODEL = "shape"')),
    step(
        "a new user",
        append("shop/services/later.py", LATER + '    await redis.get(f"shape:{uid}")\n'),
    ),
    step("its base is added", append("shop/keys/shapes.py", '    LATER = "later"\n')),
    step("the user is removed", remove("shop/services/later.py"), silent=True),
    step(
        "a base is removed while nobody uses it",
        replace("shop/keys/shapes.py", '    LATER = "later"\n', ""),
        silent=True,
    ),
    step(
        "the user comes back",
        append("shop/services/later.py", LATER),
    ),
    step("the aliases are removed", remove(KINDS)),
    step(
        "and come back with other ones",
        write(KINDS, initial()[KINDS].replace("list[CacheKey]", "tuple[CacheKey, ...]")),
    ),
    # Keys themselves.
    step("a key is wrong", replace("shop/services/stored.py", '"session:1"', '"sesion:1"')),
    step(
        "a key goes through a name",
        replace(
            "shop/services/stored.py",
            'await store.load("sesion:1")',
            'key = f"sesion:{uid}"\n    await store.load(key)',
        ),
    ),
    step(
        "the name is used in two ways",
        replace(
            "shop/services/stored.py", 'key = f"sesion:{uid}"', 'key = "session"\n    if uid:\n        key = "random"'
        ),
    ),
    step("a class variable beside", replace("shop/store.py", 'prefix: str = "x"', 'prefix: str = "y"'), silent=True),
    step(
        "a module constant that functions use",
        replace("shop/services/sessions.py", 'LOCAL = "session"', 'LOCAL = "sesion"'),
    ),
    step("the session base goes", replace(CACHE, '    SESSION = "session"\n', "")),
    step("and comes back", replace(CACHE, "    AUDIT", '    SESSION = "session"\n    AUDIT')),
    step(
        "a system base through another command",
        replace("shop/services/features.py", "sys_redis.hget", "sys_redis.packed.hget"),
    ),
    step("a base becomes packed", replace(SYSTEM, '"system:features"', '"packed:system:features"')),
    # Options.
    step(
        "a code is switched off",
        configure(CONFIG_TEXT.replace("enable_error_code = redis-key-overlap", "disable_error_code = redis-key-part")),
    ),
    step("and on again", configure(CONFIG_TEXT)),
    step(
        "the plugin is taken out",
        configure(
            CONFIG_TEXT.replace("plugins = civiredis_mypy\n", "").replace("enable_error_code = redis-key-overlap\n", "")
        ),
    ),
    step("and put in again", configure(CONFIG_TEXT)),
)
