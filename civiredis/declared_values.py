"""How the values of the declared bases of a registry are read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeVar
from weakref import WeakKeyDictionary

from civiredis.declaration import namespace_of
from civiredis.exceptions import LibraryMissingError, RegistryError
from civiredis.grammar import PACKED_PREFIX
from civiredis.packed.declared import forms_declared
from civiredis.values.building import Builder, type_name
from civiredis.values.text import Text, VerbatimText, text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from civiredis.commands.replies import ReadValue
    from civiredis.packed.forms import Forms
    from civiredis.registry import Registry

T = TypeVar("T")


class DeclaredValues(NamedTuple):
    """What reads and writes values, by base; a base whose values have no declared type is in none of these."""

    forms: Mapping[str, Forms]
    """Of packed bases."""
    texts: Mapping[str, Text]
    """Of the other bases."""
    readers: Mapping[str, ReadValue]
    """Of those among the other bases whose values are read as something else than text."""


_MADE: Final[WeakKeyDictionary[type[Registry], DeclaredValues]] = WeakKeyDictionary()


def declared_values(registry: type[Registry]) -> DeclaredValues:
    """Make what reads and writes the values of a registry, once for each.

    Not before its first client: a name in quotes may stand for a class further down in its module. Raises
    `RegistryError` where such a name is not found, or no value can be of a type, and `LibraryMissingError` where values
    are read by a library that is not installed.
    """
    if (made := _MADE.get(registry)) is None:
        forms: dict[str, Forms] = {}
        texts: dict[str, Text] = {}
        for base, declared in registry._declared.items():  # noqa: SLF001 the registry keeps it for us
            if declared.value_type is None:
                continue
            home, attribute = registry._declarations[base]  # noqa: SLF001 the registry keeps it for us
            builder = Builder({home.__name__: home, **namespace_of(home)})
            if base.startswith(PACKED_PREFIX):
                forms[base] = _made(forms_declared, declared.value_type, builder, attribute)
            else:
                texts[base] = _made(text_of, declared.value_type, builder, attribute)
        readers = {base: text.read for base, text in texts.items() if not isinstance(text, VerbatimText)}
        made = _MADE[registry] = DeclaredValues(forms, texts, readers)
    return made


def _made(make: Callable[[Any, Builder], T], type_: object, builder: Builder, attribute: str) -> T:
    """Make what reads values of a type; an error names the attribute that declares it."""
    try:
        return make(type_, builder)
    except NameError as error:
        raise RegistryError(
            f"{attribute}: {type_name(type_)} names {error.name!r}, which its module does not have; a name in "
            "quotes is looked up there when the first client is made"
        ) from None
    except (LibraryMissingError, RegistryError) as error:
        raise type(error)(f"{attribute}: {error}") from None
