"""Scripts and functions that run on the server (https://redis.io/docs/latest/develop/programmability).

Keys and arguments are two iterables, where redis-py counts the keys in one long list of words: so each key is checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from civiredis.annotations import R
from civiredis.commands.arguments import flags, many
from civiredis.commands.base import Commands
from civiredis.commands.replies import answers, nested, text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from civiredis.annotations import KeyOf
    from civiredis.commands.arguments import Argument, Value
    from civiredis.commands.replies import Nested
    from civiredis.reply import Reply


class ScriptingCommands(Commands[R]):
    """Commands that run scripts. Their replies are whatever the script returns, with text as `str`.

    A script sees keys as they stand on the wire, with the namespace of the client in front.
    """

    def eval(self, script: str, keys: Iterable[KeyOf[R]] = (), args: Iterable[Value] = ()) -> Reply[Nested]:
        """Run a Lua script on `keys` (https://redis.io/commands/eval)."""
        return self._run(nested, "EVAL", script, *self._inputs(keys, args))

    def eval_ro(self, script: str, keys: Iterable[KeyOf[R]] = (), args: Iterable[Value] = ()) -> Reply[Nested]:
        """Run a Lua script that only reads (https://redis.io/commands/eval_ro)."""
        return self._run(nested, "EVAL_RO", script, *self._inputs(keys, args))

    def evalsha(self, sha: str, keys: Iterable[KeyOf[R]] = (), args: Iterable[Value] = ()) -> Reply[Nested]:
        """Run a script that `script_load` has loaded, else an error: NOSCRIPT (https://redis.io/commands/evalsha)."""
        return self._run(nested, "EVALSHA", sha, *self._inputs(keys, args))

    def evalsha_ro(self, sha: str, keys: Iterable[KeyOf[R]] = (), args: Iterable[Value] = ()) -> Reply[Nested]:
        """Run a loaded script that only reads (https://redis.io/commands/evalsha_ro)."""
        return self._run(nested, "EVALSHA_RO", sha, *self._inputs(keys, args))

    def fcall(self, function: str, keys: Iterable[KeyOf[R]] = (), args: Iterable[Value] = ()) -> Reply[Nested]:
        """Call a function that `function_load` has loaded (https://redis.io/commands/fcall)."""
        return self._run(nested, "FCALL", function, *self._inputs(keys, args))

    def fcall_ro(self, function: str, keys: Iterable[KeyOf[R]] = (), args: Iterable[Value] = ()) -> Reply[Nested]:
        """Call a loaded function that only reads (https://redis.io/commands/fcall_ro)."""
        return self._run(nested, "FCALL_RO", function, *self._inputs(keys, args))

    def script_load(self, script: str) -> Reply[str]:
        """Load a Lua script, and get the SHA1 that `evalsha` takes (https://redis.io/commands/script-load)."""
        return self._run(text, "SCRIPT", "LOAD", script)

    def script_exists(self, *shas: str) -> Reply[list[bool]]:
        """Tell of each script whether it is loaded (https://redis.io/commands/script-exists)."""
        return self._run(answers, "SCRIPT", "EXISTS", *shas)

    def function_load(self, code: str, *, replace: bool = False) -> Reply[str]:
        """Load a library of functions, and get its name (https://redis.io/commands/function-load)."""
        return self._run(text, "FUNCTION", "LOAD", *flags(replace=replace), code)

    def _inputs(self, keys: Iterable[KeyOf[R]], args: Iterable[Value]) -> list[Argument]:
        wire = self._keys(keys)
        return [len(wire), *wire, *many(args, "args")]
