"""Statements between a key and its use: names bound in every way, containers filled, shared and changed."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from tests.soundness.keys import key

if TYPE_CHECKING:
    from tests.soundness.case import Writer


def bound_key(writer: Writer) -> str:
    """Write a key, directly or by way of statements, and return the expression that uses it."""
    if writer.one_in(2):
        return key(writer)
    writer.exact = False
    return writer.pick(WAYS)(writer)


def anything(writer: Writer) -> str:
    """Write a string that may be a key, or not at all."""
    return writer.parameter("str", ["''", "'nokey'"]) if writer.one_in(3) else key(writer, 1)


def filled(writer: Writer, template: str) -> str:
    """Write the lines of a template, where `@` stands for another key each time, `?` for a condition, `$` for a str.

    Names that start with an underscore are made unique. The last line is not written, but returned.
    """
    lines: list[str] = []
    suffix = writer.name("_")
    for line in template.strip("\n").split("\n"):
        whole = line
        for mark, make in (("@", anything), ("?", condition), ("$", unknown_string)):
            while mark in whole:
                before, _, after = whole.partition(mark)
                whole = before + make(writer).replace("@", "\0a").replace("?", "\0q").replace("$", "\0d") + after
        lines.append(whole.replace("\0a", "@").replace("\0q", "?").replace("\0d", "$").replace("_v", f"v{suffix}"))
    writer.write(*lines[:-1])
    return lines[-1]


def condition(writer: Writer) -> str:
    return writer.condition()


def unknown_string(writer: Writer) -> str:
    return writer.parameter("str", ["''", "'nokey'", "':x'"])


TEMPLATES: Final = (
    "_v = @\n_v",
    "_v = @\n_v = @\n_v",
    "if ?:\n    _v = @\nelse:\n    _v = @\n_v",
    "_v = None\nif ?:\n    _v = @\n_v or @",
    "_v = None\nif ?:\n    _v = @\nif _v is None:\n    return\n_v",
    "_v = ''\nif ?:\n    _v = @\n_v",
    "for _v in [@, @]:\n    pass\n_v",
    "for _v in (@, @):\n    if ?:\n        break\n_v",
    "_v = @\nfor _ in range(2):\n    record(take(_v))\n    _v = @\n_v",
    "_v = @\nfor _ in range(2):\n    _v = f'{_v}:{$}'\n_v",
    "_v = @\nfor _ in range(2):\n    _v = f'{_v}{$}'\n_v",
    "_v = @\nwhile len(_v) < 30:\n    _v = _v + ':' + @\n_v",
    "_v = @\n_va = @\nfor _ in range(2):\n    _vb = _v\n    _v = _va\n    _va = _vb\n_v",
    "_v = @\n_va = @\nfor _ in range(3):\n    _v, _va = _va, _v\n_v",
    "_v, _va = @, @\n_va",
    "(_v, *_va) = @, @\n_v",
    "[_v, [_va]] = @, [@]\n_va",
    "_v = _va = @\n_va",
    "_v = @\n_v += $\n_v",
    "_v = @\n_v += @\n_v",
    "try:\n    _v = @\n    int($)\nexcept ValueError:\n    _v = @\n_v",
    "_v = @\ntry:\n    int($)\nfinally:\n    _v = @\n_v",
    "_v = @\nwith nullcontext(@) as _v:\n    pass\n_v",
    "_v = @\nmatch (@, 1):\n    case (_v, _):\n        pass\n_v",
    "match @:\n    case '' as _v:\n        pass\n    case _v:\n        pass\n_v",
    "_v = @\ndef _vf() -> None:\n    nonlocal _v\n    _v = @\n_vf()\n_v",
    "_v = @\ndef _vf() -> None:\n    take(_v)\n_v = @\n_vf()\n_v",
    "_v = @\ndef _vf(_v: str) -> None:\n    take(_v)\n_vf(@)\n_v",
    "_v = @\ndef _vf(_va: str = _v) -> None:\n    take(_va)\n_vf()\n_vf(@)\n_v",
    "_v = @\nclass _vC:\n    _v = @\n    take(_v)\n_v",
    "_v = @\n_vl = [_v for _v in [@]]\n_v",
    "_v = @\n_vl = [(_v := x) for x in [@]]\n_v",
    "_vl = [_v for _v in [@, @] if _v]\n_vl.pop()",
    "_v = @\nif ?:\n    from os import sep as _v\n_v",
    "_v: str = @\n_v",
    "_v: Final = @\n_v",
    "_v: KeyOf[R] = @\n_v",
    "_v: KeyOf[R] = @\n_v = @\n_v",
    "_v: KeyOf[R] | None = None\nif ?:\n    _v = @\n_v or @",
    "_v = lambda: @\n_v()",
    "_v = lambda x: f'{x}:{$}'\n_v(@)",
    "def _vf() -> KeyOf[R]:\n    if ?:\n        return @\n    return @\n_vf()",
    "def _vf() -> Iterator[KeyOf[R]]:\n    yield @\n    yield @\n_v = list(_vf())\n_v[-1]",
    "_v = @\nif _v == 'nokey':\n    take(_v)\n_v",
    "_v = @\nif _v in ('a', 'user'):\n    take(_v)\n_v",
    "_v = (@, @)\n_v[0]",
    "_v = [@]\n_v.append(@)\n_v[0]",
    "_v = {'k': @}\n_v['k'] = @\n_v['k']",
    "_v = {@: 1}\nfor _va in _v:\n    take(_va)\n_va",
    "_v = {@: @}\nfor _va, _vb in _v.items():\n    take(_va)\n_vb",
    "_v = {@: @}\n_v[@] = @\nfor _va in _v:\n    pass\n_va",
    "for _va, _v in enumerate([@, @]):\n    take(_v)\n_v",
    "for _va, _v in zip([@, @], [@, @]):\n    take(_va)\n_v",
    "for _va, _v in [(@, @), (@, @)]:\n    take(_va)\n_v",
    "_vt = '{}:{}'\n_vt.format(@, $)",
    "_vt = (@, $)\n'%s:%s' % _vt",
    "_vt = [@, $]\n':'.join(_vt)",
    "_vt = [@]\n_vt.insert(0, @)\n':'.join(_vt)",
    "_vs = ':'\n_vs.join([@, $])",
    "_v = @\ndel _v\n_v = @\n_v",
    "_v = @\nif (_v := @):\n    pass\n_v",
    "_v = @ if ? else None\nassert _v\n_v",
    "_v = cast(str, @)\n_v",
    "_v = cast('KeyOf[R]', R.parse(@))\n_v",
    "_v = R.match(@)\nassert _v is not None\n_v",
    "identity(@)",
    "chosen(@, @)",
    "kept(@)",
    "Box(@).value",
)
WAYS: Final = tuple(partial(filled, template=template) for template in TEMPLATES)

CONTAINERS: Final = (
    "_v = [@, @]\n_v",
    "_v = [@ for _ in range(2)]\n_v",
    "_v = []\nfor _ in range(2):\n    _v.append(@)\n_v",
    "_v = [@]\n_v.extend([@, @])\n_v",
    "_v = [@]\n_v.extend(x for x in [@])\n_v",
    "_v = [@]\n_v.insert(0, @)\n_v",
    "_v = [@]\n_v += [@]\n_v",
    "_v = [@]\n_v[0] += $\n_v",
    "_v = [@]\n_v[0] = @\n_v",
    "_v = [@]\n_v[0:1] = [@]\n_v",
    "_v = [@]\n_v[0], _va = @, 1\n_v",
    "_v = [@]\nfor _v[0] in [@]:\n    pass\n_v",
    "_v = [@]\nwith nullcontext(@) as _v[0]:\n    pass\n_v",
    "_v = [@]\n_va = _v\n_va.append(@)\n_v",
    "_v = [@]\n_va = [_v]\n_va[0].append(@)\n_v",
    "_v = [@]\n_va = {'k': _v}\n_va['k'].append(@)\n_v",
    "_v = [@]\n_va = _v.append\n_va(@)\n_v",
    "_v = [@]\n(_v if ? else _v).append(@)\n_v",
    "_v = [@]\n(_v or []).append(@)\n_v",
    "_v = [@]\nlist.append(_v, @)\n_v",
    "_v = [@]\nadd(_v, @)\n_v",
    "_v = [''.join([@])]\nadd_any(_v, @)\n_v",
    "_v = [''.join([@])]\nadd_untyped(_v, @)\n_v",
    "_v = [@]\npartial(add, _v, @)()\n_v",
    "_v = [@]\nkept(_v).append(@)\n_v",
    "_v = [@]\nBox(_v).value.append(@)\n_v",
    "_v = [@]\nlen(_v)\nprint_nothing(_v)\n_v",
    "_v = [@]\n(lambda: _v)().append(@)\n_v",
    "_v = [@]\ndef _vf() -> list[str]:\n    return _v\n_vf().append(@)\n_v",
    "_v = [@]\ndef _vf(_vx: list[str] = _v) -> None:\n    _vx.append(@)\n_vf()\n_v",
    "_v = [@]\ndef _vf() -> None:\n    _v.append(@)\n_vf()\n_v",
    "_v = [@]\ndef _vf() -> None:\n    nonlocal _v\n    _v = [@]\n_vf()\n_v",
    "_v = [@]\nmatch _v:\n    case _va:\n        _va.append(@)\n_v",
    "_v = [@]\nmatch [_v]:\n    case [_va]:\n        _va.append(@)\n_v",
    "_v = [@]\nfor _va in (_v, []):\n    _va.append(@)\n_v",
    "_v = [@]\nif (_va := _v):\n    _va.append(@)\n_v",
    "_v = [''.join([@])]\ntry:\n    raise ValueError(_v)\nexcept ValueError as error:\n    error.args[0].append(@)\n_v",
    "_v = [@]\nGreedy() << _v\n_v",
    "_v = [@]\nGreedy()[_v]\n_v",
    "_v = [@]\nf'{Greedy():{len(_v)}}'\n_v",
    "_v = [@]\nclass _vC:\n    held = _v\n_vC.held.append(@)\n_v",
    "_v = [@]\n_v = [*_v, @]\n_v",
    "_v = [@]\n_v = _v + [@]\n_v",
    "_v = [@] * 2\n_v",
    "_v = sorted([@, @])\n_v",
    "_v = [@]\n_va = _v[:]\n_va.append($)\n_v",
    "_v = list({@: 1})\n_v",
    "_v = list({@: @}.values())\n_v",
    "_v = [x for x in [@, @]]\n_v",
    "_v = [x for x in [@, @] if x in ('a', 'b')]\n_v",
    "_v = [f'{x}:{$}' for x in [@, @]]\n_v",
    "_v = list(map(lambda x: f'{x}:{$}', [@]))\n_v",
    "_v = list(filter(None, [@, @]))\n_v",
    "_v = [*(@, @)]\n_v",
    "_v = [@, *[x for x in [@]]]\n_v",
    "_v: list[KeyOf[R]] = [@]\n_v.append(@)\n_v",
    "_v: list[KeyOf[R]] = [@]\n_v += [@]\n_v",
    "_v: list[KeyOf[R]] = [@]\n_v[0] = @\n_v",
    "_v: list[KeyOf[R]] = [@]\n_v[0:1] = [@]\n_v",
    "_v: list[KeyOf[R]] = [@]\n_v.extend([@])\n_v",
    "_v: list[KeyOf[R]] = []\n_v = _v + [@]\n_v",
    "_v: list[KeyOf[R]] = []\n_va = _v\n_va.append(@)\n_v",
    "_v = dict.fromkeys([@, @])\nlist(_v)",
    "_v = [[@], [@]]\n_v[1]",
    "_v = [@].copy()\n_v",
    "_v = [@]\nif ?:\n    _v = [@]\n_v",
    "_v = [@]\n_v.clear()\n_v.append(@)\n_v",
    "_v = [@]\n_va = _vb = _v\n_vb.append(@)\n_v",
    "_v = _va = [@]\n_va.append(@)\n_v",
    "_v, _va = [@], [@]\n_va.append(@)\n_v",
)


def container(writer: Writer) -> str:
    """Write a list of keys by way of statements."""
    writer.exact = False
    return filled(writer, writer.pick(CONTAINERS))
