r"""What stands in a comment beside the documentation itself: tags, on lines of their own, as JSDoc has them.

`@ttl 3600` is the lifetime of keys in seconds, `@structure Hash` what they hold, `@value app.models:Profile` the type
of the values in Python, and `@registry system` the server of a table. A line of documentation that looks like a tag
gets a backslash in front, and so does the slash of a `*/` in it; both are taken away again.
"""

from __future__ import annotations

import re
from typing import Final

TTL: Final = "ttl"
REGISTRY: Final = "registry"
STRUCTURE: Final = "structure"
VALUE: Final = "value"

_TAG: Final = re.compile(r"@(?P<name>ttl|registry|structure|value)[ ](?P<value>\w+|(?<=@value[ ]).+)")


def to_comment(doc: str | None, **tags: str | int | None) -> list[str]:
    """The lines of a comment with `doc` and those of `tags` that are not None."""
    lines = [] if doc is None else [_escaped(line) for line in doc.split("\n")]
    return lines + [_closed(f"@{name} {value}") for name, value in tags.items() if value is not None]


def from_comment(lines: list[str]) -> tuple[str, dict[str, str]]:
    """The documentation and the tags in the lines of a comment."""
    tags: dict[str, str] = {}
    doc: list[str] = []
    for line in lines:
        if tag := _TAG.fullmatch(line.strip()):
            tags[tag["name"]] = _opened(tag["value"])
        else:
            doc.append(_unescaped(line))
    return "\n".join(doc), tags


def _escaped(line: str) -> str:
    return _closed(re.sub(r"^(\s*\\*)@", r"\1\\@", line))


def _unescaped(line: str) -> str:
    return re.sub(r"^(\s*\\*)\\@", r"\1@", _opened(line))


def _closed(line: str) -> str:
    """A line that does not end the comment."""
    return re.sub(r"\*(\\*)/", r"*\\\1/", line)


def _opened(line: str) -> str:
    return re.sub(r"\*\\(\\*)/", r"*\1/", line)
