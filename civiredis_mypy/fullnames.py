"""Full names that the plugin knows: ours, and those of the standard library that build strings."""

from __future__ import annotations

from typing import Final

KEY_OF_ALIAS: Final = "civiredis.annotations.KeyOf"
BASE_OF_ALIAS: Final = "civiredis.annotations.BaseOf"
KEY_OF: Final = "civiredis.proven.KeyOf"
BASE_OF: Final = "civiredis.proven.BaseOf"
TYPED_KEY: Final = "civiredis.declaration.TypedKey"
DECLARED_KEY: Final = "civiredis.declaration.DeclaredKey"
KEY_MODULE: Final = KEY_OF_ALIAS.rpartition(".")[0]

REGISTRY: Final = "civiredis.registry.Registry"
CACHE_REGISTRY: Final = "civiredis.registry.CacheRegistry"
SYS_REGISTRY: Final = "civiredis.registry.SysRegistry"
KEY_DECLARATION: Final = "civiredis.declaration.key"
MAKE_KEY: Final = f"{DECLARED_KEY}.__call__"
STRUCTURE: Final = "civiredis.structures.Structure"

CREATE_CLIENTS: Final = "civiredis.client.create_redis_clients"
CLIENT: Final = "civiredis.commands.base.Commands"
COMMANDS: Final = "civiredis.commands"
PACKED_COMMANDS: Final = "civiredis.packed"

STR: Final = "builtins.str"
STR_JOIN: Final = "builtins.str.join"
STR_FORMAT: Final = "builtins.str.format"
STR_ADD: Final = "builtins.str.__add__"
STR_MOD: Final = "builtins.str.__mod__"
