"""The places where a key is asked for. Whatever arrives there at run time goes to `record`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.soundness.bindings import bound_key, container
from tests.soundness.keys import key

if TYPE_CHECKING:
    from tests.soundness.case import Writer

SINGLE: Final = (
    *("take(@)", "take(@)", "take(@)", "take(key=@)", "client.get(@)", "client.delete(@, @)", "Obj().method(@)"),
    *(
        "take_optional(@)",
        "take_star(@, @)",
        "take_star(*[@, @])",
        "take_star(*(@,))",
        "take_named(x=@)",
        "client.mget([@, @])",
    ),
    *(
        "take_many([@, @])",
        "take_many((@, @))",
        "take_many({@})",
        "take_many([@ for _ in range(2)])",
        "client.mset({@: '1', @: '2'})",
    ),
    *(
        "take_many([*[@], @])",
        "take_many(x for x in [@])",
        "take_many(sorted([@, @]))",
        "take_pair((@, 1))",
        "take_dict({'a': @})",
    ),
    *(
        "take_dict({**{'a': @}})",
        "take_bounded(@)",
        "take_overloaded(@)",
        "take_overloaded([@, @])",
        "take_either(@, 1)",
    ),
    *(
        "take_either(@, '1')",
        "take_call(lambda: @)",
        "take_nested([[@], [@]])",
        "take_nested({'a': [@]}.values())",
        "(take)(@)",
    ),
    *(
        "(take if True else take)(@)",
        "partial(take, @)()",
        "[take][0](@)",
        "{'f': take}['f'](@)",
        "Obj()(@)",
        "Obj()[@]",
    ),
    *(
        "Obj()[@] = 1",
        "@ in Obj()",
        "Obj() + @",
        "Obj() @@ @",
        "decorated(@)",
        "del Obj()[@]",
        "list(map(take, [@, @]))",
    ),
    *(
        "Obj.static(@)",
        "Obj.klass(@)",
        "Child().method(@)",
        "Obj().prop = @",
        "Obj().described = @",
        "Record(@)",
        "record(Pair(@, 1).key)",
    ),
    *(
        "record(Row(key=@)['key'])",
        "take_any_of(@)",
        "take_any_of({'k': @})",
        "take_alias(@)",
        "take_alias([@])",
        "take_base(@)",
    ),
    *(
        "k: KeyOf[R] = @\nrecord(k)",
        "k: KeyOf[R] | None = @\nrecord(k)",
        "k: KeyOf[R]\nk = @\nrecord(k)",
        "k: list[KeyOf[R]] = [@, @]\nrecord(k)",
    ),
    *("k: dict[KeyOf[R], int] = {@: 1}\nrecord(list(k))", "k: tuple[KeyOf[R], int] = (@, 1)\nrecord(k[0])"),
    *(
        "k: KeyOf[R]\nk, n = @, 1\nrecord(k)",
        "k: KeyOf[R]\nfor k in [@, @]:\n    record(k)",
        "k: set[KeyOf[R]] = set()\nk.add(@)\nrecord(list(k))",
    ),
    *(
        "def f() -> KeyOf[R]:\n    return @\nrecord(f())",
        "def f(k: KeyOf[R] = @) -> None:\n    record(k)\nf()",
        "f = lambda: take(@)\nf()",
    ),
    *(
        "def f() -> Iterator[KeyOf[R]]:\n    yield @\nrecord(list(f()))",
        "o = Obj()\no.field = @\nrecord(o.field)",
        "k: KeyOf[R] = R.base_keys()[0]\nk = @\nrecord(k)",
    ),
    *(
        "def f() -> Iterator[KeyOf[R]]:\n    yield from [@, @]\nrecord(list(f()))",
        "d: dict[str, KeyOf[R]] = {}\nd['a'] = @\nrecord(d['a'])",
    ),
    *(
        "d: dict[str, KeyOf[R]] = {}\nd.setdefault('a', @)\nrecord(d['a'])",
        "d: dict[str, KeyOf[R]] = {}\nd.update(a=@)\nrecord(d['a'])",
    ),
    *(
        "d: dict[str, KeyOf[R]] = {}\nd.update({'a': @})\nrecord(d['a'])",
        "k: KeyOf[R] = (w := @)\nrecord(w)",
        "take((w := @))\ntake(w)",
    ),
)
MANY: Final = (
    *(
        "take_many(@)",
        "take_star(*@)",
        "client.mget(@)",
        "client.delete(@)",
        "for k in @:\n    take(k)",
        "[take(k) for k in @]",
    ),
    *(
        "take_many([*@])",
        "take_many(sorted(@))",
        "take_many([f'{k}:x' for k in @])",
        "k: list[KeyOf[R]] = list(@)\nrecord(k)",
    ),
    *("client.mset({k: '1' for k in @})", "take_many(tuple(@))", "take_many(@[:1])", "take((@)[0])", "take_list(@)"),
)


REFUSED_SO_FAR: Final = frozenset(
    {
        *("Obj().prop = @", "Obj().described = @", "partial(take, @)()", "(take if True else take)(@)", "[take][0](@)"),
        *("{'f': take}['f'](@)", "record(Row(key=@)['key'])", "k: KeyOf[R]\nk, n = @, 1\nrecord(k)"),
        *("take_nested({'a': [@]}.values())",),
    }
)
"""Places where even a right key is refused."""


def use(writer: Writer) -> None:
    """Write the last lines of a case."""
    if writer.one_in(4):
        template, make = writer.pick(MANY), container
    else:
        template, make = writer.pick(SINGLE), bound_key
    made = template.replace("@@", "\0m")
    if made.count("@") > 1 or template in REFUSED_SO_FAR:
        writer.exact = False  # one right key beside a wrong one is a wrong call all the same
    while "@" in made:
        before, _, after = made.partition("@")
        # The first is what the case is about; what stands beside it is a key without detours.
        expression = make(writer) if "@" in after or made == template else key(writer, 1)
        made = before + expression.replace("@", "\0a") + after
    writer.write(*made.replace("\0a", "@").replace("\0m", "@").split("\n"))
