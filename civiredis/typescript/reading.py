"""Tables of keys in a TypeScript source: every `const NAME = { ... }` of texts and further such objects."""

from __future__ import annotations

import keyword
from typing import TYPE_CHECKING

from civiredis.catalogue.structures import PACKED, REDIS_TYPES, UNDECLARED, Contents
from civiredis.catalogue.value_types import is_readable
from civiredis.grammar import PACKED_PREFIX, SYSTEM_PREFIXES, malformation
from civiredis.registry import METHODS
from civiredis.structures import Counter
from civiredis.typescript.table import Group, Leaf, Table, TableError, tidied
from civiredis.typescript.tags import REGISTRY, STRUCTURE, TTL, VALUE, from_comment
from civiredis.typescript.tokens import Token, comment_lines, text_of, tokens_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.typescript.table import Member


def read_typescript(source: str) -> list[Table]:
    """Read every table of a source. Raises `TableError`, with the line, where Python could not say the same."""
    reader = _Reader(list(tokens_of(source)))
    tables: list[Table] = []
    while (table := reader.next_table()) is not None:
        tables.append(table)
    if not tables:
        raise TableError('there is no table in it: write `export const CacheKeys = { USER: "user" } as const;`')
    for table in tables:
        _check_bases(table)
    return tables


class _Reader:
    """Reads the words one after the other; comments are collected on the way, for what follows them."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._comments: list[Token] = []

    def next_table(self) -> Table | None:
        """The next table; None when there is none left."""
        while (token := self._take()).kind != "end":
            if token.text == "export":
                continue
            if token.text != "const":
                self._comments.clear()
                continue
            comments = self._adjacent(token.line)
            name = self._take()
            if self._peek().text == "=":
                self._take()
            if name.kind == "name" and self._peek().text == "{":
                _check_name(name)
                doc, tags = from_comment(comments)
                tree = Group(name.text, self._members(), tidied(doc))
                return Table(tags.get(REGISTRY) or _guessed_kind(tree), tree)
        return None

    def _members(self) -> tuple[Member, ...]:
        self._expect("{")
        members: dict[str, Member] = {}
        while self._peek().text != "}":
            name = self._take()
            member = self._member(name)
            if member.name in members:
                raise TableError(f"line {name.line}: {member.name} is there twice")
            members[member.name] = member
        self._expect("}")
        self._comments.clear()
        return tuple(members.values())

    def _member(self, name: Token) -> Member:
        text = text_of(name) if name.kind == "string" else name.text
        if name.kind not in {"name", "string"}:
            raise TableError(f"line {name.line}: {name.text!r} stands where the name of a base or a group belongs")
        _check_name(name._replace(text=text))
        comments = [line for comment in self._comments for line in comment_lines(comment)]
        self._comments.clear()
        self._expect(":")
        value = self._peek()
        if value.text == "{":
            members = self._members()
            self._end_member()
            doc, _ = from_comment(comments)
            return Group(text, members, tidied(doc))
        if value.kind != "string":
            raise TableError(f"line {value.line}: {text} is {value.text!r}, and not a text or a group of texts")
        base = text_of(self._take())
        if (fault := malformation(base)) is not None:
            raise TableError(f"line {value.line}: the base {base!r} {fault}")
        self._end_member()
        doc, tags = from_comment(comments + self._trailing(value.line))
        return Leaf(text, base, _ttl(tags, name.line), tidied(doc), _contents(tags, base, name.line))

    def _end_member(self) -> None:
        following = self._peek()
        if following.text == ",":
            self._take()
        elif following.text != "}":
            raise TableError(f"line {following.line}: {following.text!r} stands where `,` or `}}` belongs")

    def _trailing(self, line: int) -> list[str]:
        """The comment behind a member, on its line."""
        if self._position < len(self._tokens):
            token = self._tokens[self._position]
            if token.kind == "comment" and token.line == line:
                self._position += 1
                return comment_lines(token)
        return []

    def _adjacent(self, line: int) -> list[str]:
        """The lines of the comments right above a line."""
        lines: list[str] = []
        for comment in reversed(self._comments):
            if comment.ends < line - 1:
                break
            line = comment.line
            lines = comment_lines(comment) + lines
        self._comments.clear()
        return lines

    def _expect(self, text: str) -> None:
        token = self._take()
        if token.text != text:
            raise TableError(f"line {token.line}: {token.text!r} stands where `{text}` belongs")

    def _peek(self) -> Token:
        while self._tokens[self._position].kind == "comment":
            self._comments.append(self._tokens[self._position])
            self._position += 1
        return self._tokens[self._position]

    def _take(self) -> Token:
        token = self._peek()
        if token.kind != "end":
            self._position += 1
        return token


def _check_name(name: Token) -> None:
    text = name.text
    if not text.isidentifier() or keyword.iskeyword(text) or text.startswith("_") or text in METHODS:
        raise TableError(f"line {name.line}: {text!r} is no name for an attribute of a registry; give it another name")


def _check_bases(table: Table) -> None:
    first: dict[str, str] = {}
    for path, leaf in table.leaves():
        if leaf.base in first:
            raise TableError(f"{table.name}: {first[leaf.base]} and {path} are the same base {leaf.base!r}; keep one")
        first[leaf.base] = path


def _guessed_kind(tree: Group) -> str:
    """The server of a table that does not say it: by its name, or by its bases."""
    bases = [leaf.base for _, leaf in Table("cache", tree).leaves()]
    named = tree.name.lower().startswith("sys")
    return "system" if named or (bases and all(base.startswith(SYSTEM_PREFIXES) for base in bases)) else "cache"


def _ttl(tags: dict[str, str], line: int) -> int | None:
    text = tags.get(TTL)
    if text is None:
        return None
    if not text.isdigit() or int(text) < 1:
        raise TableError(f"line {line}: @ttl is a whole number of seconds from 1 on, not {text}")
    return int(text)


def _contents(tags: dict[str, str], base: str, line: int) -> Contents:
    structure, value_type = tags.get(STRUCTURE), tags.get(VALUE)
    if structure is None:
        if value_type is not None:
            raise TableError(f"line {line}: @value {value_type} stands without a @structure; write what holds it")
        return UNDECLARED
    if structure not in REDIS_TYPES:
        raise TableError(f"line {line}: @structure is one of {', '.join(REDIS_TYPES)}, not {structure}")
    if base.startswith(PACKED_PREFIX) and structure not in PACKED:
        raise TableError(f"line {line}: `.packed` has no commands for a {structure}; the base {base!r} cannot be one")
    if value_type is not None and structure == Counter.__name__:
        raise TableError(f"line {line}: a Counter holds whole numbers and has no @value")
    if value_type is not None and not is_readable(value_type):
        raise TableError(
            f"line {line}: @value is a type in Python, with the modules of its names, as in list[app.models:Profile], "
            f"not {value_type}"
        )
    return Contents(structure, value_type)
