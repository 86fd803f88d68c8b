"""The words of a TypeScript source, as far as tables of keys need them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from civiredis.typescript.table import TableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN: Final = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<comment>//[^\n]*|/\*.*?\*/)
    | (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)
    | (?P<name>[^\W\d][\w$]*|\$[\w$]*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

_ESCAPE: Final = re.compile(r"\\(u\{[0-9a-fA-F]+\}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|\r\n|.)", re.DOTALL)
_LETTERS: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}


class Token(NamedTuple):
    """One word of the source."""

    kind: str
    """`comment`, `string`, `name`, `other` (one character), or `end`."""
    text: str
    line: int
    """Where it begins, counted from 1."""
    ends: int
    """The line where it ends."""


def tokens_of(source: str) -> Iterator[Token]:
    """Yield the words of a source, comments included, and an `end` behind the last."""
    line = 1
    for found in _TOKEN.finditer(source):
        ends = line + found[0].count("\n")
        if found.lastgroup is not None and found.lastgroup != "space":
            yield Token(found.lastgroup, found[0], line, ends)
        line = ends
    yield Token("end", "the end of the file", line, line)


def text_of(token: Token) -> str:
    """The value of a string literal. Raises `TableError` for one that is no text, or has something to fill in."""
    if token.text.startswith("`") and re.search(r"(?<!\\)(?:\\\\)*\$\{", token.text):
        raise TableError(f"line {token.line}: {token.text} is put together; write the base as one text")
    try:
        text = _ESCAPE.sub(_unescaped, token.text[1:-1])
        return text.encode("utf-16", "surrogatepass").decode("utf-16")  # two \u escapes may be one character
    except ValueError:
        raise TableError(f"line {token.line}: {token.text} is no text that UTF-8 can hold") from None


def quoted(text: str) -> str:
    """Write a literal that Python, JSON and TypeScript read alike."""
    return json.dumps(text, ensure_ascii=False)


def comment_lines(token: Token) -> list[str]:
    """The lines of a comment, without what makes it one."""
    if token.text.startswith("//"):
        return [token.text.lstrip("/").strip()]
    inner = re.sub(r"^\*+", "", token.text[2:-2])
    lines = inner.split("\n")
    kept = [re.sub(r"^\s*\*[ ]?", "", line).rstrip() if number else line.strip() for number, line in enumerate(lines)]
    while kept and not kept[0]:
        del kept[0]
    while kept and not kept[-1]:
        del kept[-1]
    return kept


def _unescaped(found: re.Match[str]) -> str:
    escape = found[1]
    if escape[0] in "ux" and len(escape) > 1:
        return chr(int(escape[1:].strip("{}"), 16))
    return _LETTERS.get(escape, escape)
