"""The codec of a declared type: packed from it, and unpacked into it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from civiredis.exceptions import PackError
from civiredis.packed.codec import pack, quick_decoder, unpack
from civiredis.packed.forms import forms_of
from civiredis.values.building import Builder, type_name
from civiredis.values.misfit import MalformedValueError, MisfitError

if TYPE_CHECKING:
    from collections.abc import Hashable

    from civiredis.packed.forms import Forms
    from civiredis.packed.values import Packable, Unpacked


class DeclaredCodec:
    """Values of one type as MessagePack.

    Whatever `quick`, which is msgspec, does not unpack straight into the type is looked at again by `unpack`: by the
    rules of `civiredis.values`, which take all that it takes.
    """

    def __init__(self, type_: object, builder: Builder) -> None:
        """Stand for `type_`. Raises as `Builder.shape_of` does."""
        self._shape = builder.shape_of(type_)
        self._name = type_name(type_)
        self.quick = None if builder.needs_pydantic else quick_decoder(builder.resolved(type_))

    def pack(self, value: Packable, key: str, part: str = "") -> bytes:
        """Return `value` as MessagePack; raises `PackError` as `codec.pack` does, also for one of another type."""
        try:
            stored = self._shape.dump(value)
        except MisfitError as error:
            misfit = str(error)
        except RecursionError:
            misfit = "$ is nested too deep"
        else:
            return pack(stored, key, part)
        raise PackError(f"cannot pack a value for {key!r}{part}: it is declared {self._name}: {misfit}")

    def unpack(self, packed: bytes) -> Unpacked:
        """Return the value that MessagePack bytes hold; raises `MalformedValueError` when it is none of the type."""
        stored = unpack(packed)
        try:
            return self._shape.load(stored)
        except MisfitError as error:
            misfit = str(error)
        except RecursionError:
            misfit = "$ is nested too deep"
        raise MalformedValueError(f"it is declared {self._name}: {misfit}")


def forms_declared(type_: object, builder: Builder) -> Forms:
    """Make the forms of values of a type. Raises as `Builder.shape_of` does."""
    codec = DeclaredCodec(type_, builder)
    return forms_of(codec.pack, codec.unpack, codec.quick)


@lru_cache(maxsize=256)
def _kept_forms(type_: Hashable, _order: str) -> Forms:
    return _made_forms(type_)


def _made_forms(type_: object) -> Forms:
    return forms_declared(type_, Builder({}))


def forms_of_type(type_: object) -> Forms:
    """Make the forms of values of a type that a single call names. Raises as `Builder.shape_of` does."""
    try:
        hash(type_)
    except TypeError:  # an annotation of it has none
        return _made_forms(type_)
    return _kept_forms(type_, "" if isinstance(type_, type) else repr(type_))  # unions equal those of another order
