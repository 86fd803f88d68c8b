"""Expressions whose text a type checker can know: `wanted` is among the texts that each of them can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.soundness.registries import SEGMENTS

if TYPE_CHECKING:
    from tests.soundness.case import Writer

SPARE: Final = ("", ":", "a", "x", ":x", "user", "user:", "a:", "1", "True", " ")


def text(writer: Writer, wanted: str, depth: int) -> str:
    """Write an expression for `wanted`; `depth` is how many more may be nested in it."""
    if depth <= 0:
        return repr(wanted)
    form = writer.pick(FORMS)
    return form(writer, wanted, depth - 1)


def other(writer: Writer, wanted: str) -> str:
    """Choose a text that could stand at the place of `wanted`, rightly or not."""
    kind = writer.number(1, 6)
    if kind <= 2:
        return wanted
    if kind == 3:
        return wanted + writer.pick(SPARE)
    if kind == 4:
        return writer.pick([*writer.registry.bases])
    return writer.pick(SEGMENTS) if kind == 5 else writer.pick(SPARE)


def some(writer: Writer, wanted: str) -> list[str]:
    """Choose one to three different texts, `wanted` the first of them."""
    return list(dict.fromkeys([wanted, *(other(writer, wanted) for _ in range(writer.number(0, 2)))]))


def split(writer: Writer, wanted: str) -> list[str]:
    at = writer.number(0, len(wanted))
    return [wanted[:at], wanted[at:]]


def in_braces(expression: str) -> str:
    """Write an expression as the hole of an f-string: quotes and braces of its own must not meet those outside."""
    return "{" + expression + "}"


def escaped(fixed: str) -> str:
    """Write fixed text of an f-string in single quotes."""
    shown = fixed.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n")
    return shown.replace("{", "{{").replace("}", "}}")


def f_string(writer: Writer, pieces: list[str | None], holes: list[str]) -> str:
    """Write an f-string of fixed pieces, and of the next hole for each None. Each hole goes through a name.

    Before Python 3.12 a hole may hold neither a backslash nor the quotes of the f-string.
    """
    shown = ""
    waiting = iter(holes)
    for piece in pieces:
        if piece is not None:
            shown += escaped(piece)
            continue
        hole = next(waiting)
        shown += in_braces(hole if "\\" not in hole and "'" not in hole and '"' not in hole else bound(writer, hole))
    return f"f'{shown}'"


def bound(writer: Writer, expression: str) -> str:
    """Give an expression a name of its own, which is followed."""
    name = writer.name("n")
    writer.write(f"{name} = {expression}")
    return name


def _plain(writer: Writer, wanted: str, depth: int) -> str:
    return repr(wanted)


def _implicit(writer: Writer, wanted: str, depth: int) -> str:
    first, second = split(writer, wanted)
    return f"({first!r} {second!r})"


def _parameter(writer: Writer, wanted: str, depth: int) -> str:
    texts = [repr(one) for one in some(writer, wanted)]
    return writer.parameter(f"Literal[{', '.join(texts)}]", texts)


def _type_variable(writer: Writer, wanted: str, depth: int) -> str:
    texts = [repr(one) for one in some(writer, wanted)]
    name = writer.name("T")
    writer.declare(f"{name} = TypeVar({name!r}, bound=Literal[{', '.join(texts)}])")
    return writer.parameter(name, texts)


def _field(writer: Writer, wanted: str, depth: int) -> str:
    texts = [repr(one) for one in some(writer, wanted)]
    name, literal = writer.name("C"), f"Literal[{', '.join(texts)}]"
    kind = writer.number(1, 3)
    if kind == 1:
        writer.declare(f"class {name}(NamedTuple):", f"    x: {literal}")
    elif kind == 2:
        writer.declare("@dataclass", f"class {name}:", f"    x: {literal}")
    else:
        writer.declare(f"class {name}(TypedDict):", f"    x: {literal}")
    parameter = writer.parameter(name, [f"{name}(x={one})" for one in texts])
    return f'{parameter}["x"]' if kind == 3 else f"{parameter}.x"


def _constant(writer: Writer, wanted: str, depth: int) -> str:
    name = writer.name("F")
    writer.declare(f"{name}: Final = {wanted!r}")
    return name


def _registered(writer: Writer, wanted: str, depth: int) -> str:
    return writer.registry.bases.get(wanted, repr(wanted))


def _helper(writer: Writer, wanted: str, depth: int) -> str:
    texts = some(writer, wanted)
    name = writer.name("h")
    writer.declare(f"def {name}(of: int) -> Literal[{', '.join(map(repr, texts))}]:")
    for at, one in enumerate(texts[1:], 1):
        writer.declare(f"    if of == {at}:", f"        return {one!r}")
    writer.declare(f"    return {wanted!r}")
    numbers = [str(at) for at in range(len(texts))]
    return f"{name}({writer.parameter('int', numbers)})"


def _str_enum(writer: Writer, wanted: str, depth: int) -> str:
    if not wanted.isprintable():
        return repr(wanted)
    texts = some(writer, wanted)
    name = writer.name("E")
    writer.declare(f"class {name}(StrEnum):", *(f"    M{at} = {one!r}" for at, one in enumerate(texts)))
    members = [f"{name}.M{at}" for at in range(len(texts))]
    if writer.one_in(2):
        return members[0] + writer.pick(["", ".value", ""])
    return writer.parameter(name, members) + writer.pick(["", ".value", ""])


def _f_string(writer: Writer, wanted: str, depth: int) -> str:
    first, second = split(writer, wanted)
    if writer.one_in(2):
        return f_string(writer, [first, None], [text(writer, second, depth)])
    return f_string(writer, [None, None], [text(writer, first, depth), text(writer, second, depth)])


def _formatted(writer: Writer, wanted: str, depth: int) -> str:
    """Write a format spec or conversion whose result can be computed."""
    hole = bound(writer, text(writer, wanted, 0)) if writer.one_in(2) else _parameter(writer, wanted, 0)
    width = len(wanted)
    spec = writer.pick(["", "!s", ":s", f":{width}" if width else "", ":<1", ":>3", ":.2", "!r", ":x^5", "!s:1s", "!a"])
    return "f'{" + hole + spec + "}'"


def _number(writer: Writer, wanted: str, depth: int) -> str:
    spec = writer.pick(["", "", ":d", ":03", "!r"])
    if wanted.lstrip("-").isdecimal() and str(int(wanted)) == wanted:
        values = list(dict.fromkeys([wanted, writer.pick(["0", "1", "-1", "16"])]))
        number = writer.parameter(f"Literal[{', '.join(values)}]", values)
    elif wanted in {"True", "False"}:
        number, spec = writer.condition(), ""
    else:
        return repr(wanted)
    return "f'{" + number + spec + "}'"


def _added(writer: Writer, wanted: str, depth: int) -> str:
    first, second = split(writer, wanted)
    return f"({text(writer, first, depth)} + {text(writer, second, depth)})"


def _joined(writer: Writer, wanted: str, depth: int) -> str:
    separator = ":" if ":" in wanted and writer.one_in(2) else ""
    pieces = wanted.split(":") if separator else split(writer, wanted)
    shown = ", ".join(text(writer, piece, depth) for piece in pieces)
    return f"{separator!r}.join({writer.pick([f'[{shown}]', f'({shown},)'])})"


def _percent(writer: Writer, wanted: str, depth: int) -> str:
    first, second = split(writer, wanted)
    fixed = first.replace("%", "%%")
    if writer.one_in(2):
        return f"({fixed + '%s'!r} % ({text(writer, second, depth)},))"
    return f"('%s%s' % ({text(writer, first, depth)}, {text(writer, second, depth)}))"


def _format(writer: Writer, wanted: str, depth: int) -> str:
    first, second = split(writer, wanted)
    one, two = text(writer, first, depth), text(writer, second, depth)
    kind = writer.number(1, 4)
    if kind == 1:
        return f"'{{}}{{}}'.format({one}, {two})"
    if kind == 2:
        return f"'{{1}}{{0}}'.format({two}, {one})"
    if kind == 3:
        return f"'{{x}}{{y}}'.format(y={two}, x={one})"
    fixed = first.replace("{", "{{").replace("}", "}}")
    return f"{fixed + '{}'!r}.format({two})"


def _conditional(writer: Writer, wanted: str, depth: int) -> str:
    arms = [text(writer, wanted, depth), text(writer, other(writer, wanted), depth)]
    if writer.one_in(2):
        arms.reverse()
    return f"({arms[0]} if {writer.condition()} else {arms[1]})"


def _named(writer: Writer, wanted: str, depth: int) -> str:
    return bound(writer, text(writer, wanted, depth))


def _walrus(writer: Writer, wanted: str, depth: int) -> str:
    return f"({writer.name('w')} := {text(writer, wanted, depth)})"


def _called_lambda(writer: Writer, wanted: str, depth: int) -> str:
    return f"(lambda: {text(writer, wanted, depth)})()"


def _either(writer: Writer, wanted: str, depth: int) -> str:
    writer.exact = False  # the left side of `or` is narrowed by mypy for names only
    one, two = text(writer, wanted, depth), text(writer, other(writer, wanted), depth)
    return f"({one} {writer.pick(['or', 'and'])} {two})"


def _mixed_enum(writer: Writer, wanted: str, depth: int) -> str:
    """Write an enum whose text depends on how it is used."""
    writer.exact = False
    if not wanted:
        return repr(wanted)
    name = writer.name("E")
    kind = writer.pick(["str, Enum", "str, ReprEnum", "Enum"])
    writer.declare(f"class {name}({kind}):", f"    M = {wanted!r}", f"    N = {(other(writer, wanted) or 'n')!r}")
    if writer.one_in(3):
        body = writer.pick(["str(self.value)", "'x'", "self.name"])
        special = writer.pick(["__str__(self)", "__format__(self, spec: str)"])
        writer.declare(f"    def {special} -> str:", f"        return {body}")
    member = writer.pick([f"{name}.M", writer.parameter(name, [f"{name}.M", f"{name}.N"])])
    if kind == "Enum":
        return writer.pick([f"str({member})", f"f'{{{member}}}'", f"{member}.value", f"{member}.name"])
    return writer.pick([member, f"str({member})", f"f'{{{member}}}'", f"f'{{{member}!r}}'", f"{member}.value"])


def _method(writer: Writer, wanted: str, depth: int) -> str:
    """Write a method call, of which nothing is known unless someone computes it."""
    writer.exact = False
    call = writer.pick(["lower()", "strip()", "removesuffix('x')", "replace('a', 'b')", "title()", "ljust(6)"])
    return f"{text(writer, wanted, depth)}.{call}"


def _element(writer: Writer, wanted: str, depth: int) -> str:
    writer.exact = False
    first, second = text(writer, wanted, depth), text(writer, other(writer, wanted), depth)
    index = writer.pick(["0", "0", "1", "-1"])
    return writer.pick([f"({first}, {second})[{index}]", f"[{first}, {second}][{index}]", f"{{0: {first}}}[0]"])


def _strange_format(writer: Writer, wanted: str, depth: int) -> str:
    writer.exact = False
    hole = text(writer, wanted, depth)
    return "(" + writer.pick(STRANGE).format(hole) + ")"


STRANGE: Final = (
    *("'%-5s' % {}", "'%.2s' % {}", "'%r' % {}", "'%(a)s' % {{'a': {}}}", "'%5s' % ({},)", "'%s%%' % {}", "({} * 1)"),
    *("'{{0!r}}'.format({})", "'{{0:>3}}'.format({})", "'{{0[0]}}{{0}}'.format({})", "'{{:{{}}}}'.format({}, 2)"),
    *("'{{}}{{:{{}}}}{{}}'.format('', {}, 1, '')", "str.format('{{}}', {})", "''.join(x for x in [{}])", "str({})"),
    *(
        "':'.join([{}, *['x']])",
        "''.join(reversed(['x', {}]))",
        "format({})",
        "''.join([*[{}], ''])",
        "str.join('', [{}])",
    ),
)


FORMS: Final = (
    *(_plain, _implicit, _parameter, _parameter, _type_variable, _field, _constant, _registered, _registered, _helper),
    *(_str_enum, _f_string, _f_string, _formatted, _number, _added, _joined, _percent, _format, _conditional, _named),
    *(_walrus, _called_lambda, _either, _mixed_enum, _method, _element, _strange_format),
)
