"""Registries at run time: what is a base, what matches, and what is refused when the class is created."""

from __future__ import annotations

import re
import sys
import typing
import warnings
from enum import Enum, StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pytest

from civiredis import (
    BaseOf,
    CacheRegistry,
    KeyOf,
    RegistryError,
    RegistryWarning,
    SysRegistry,
    UnknownKeyError,
    key,
)
from civiredis.grammar import longest_base

if TYPE_CHECKING:
    from collections.abc import Container


class CacheKeys(CacheRegistry):
    USER = "user"
    USER_SETTINGS = "user:settings"
    PROFILE = "packed:user:profile"

    class Generation:
        COUNT = "generation:count"

        class Queue:
            PENDING = "generation:queue:pending"


def declared(*, kind: type = CacheRegistry, **body: Any) -> Any:
    """Create a registry `Keys` with the given attributes, as a `class` statement would."""
    return type("Keys", (kind,), {"__module__": __name__, "__qualname__": "Keys", **body})


def refusal(**body: Any) -> str:
    with pytest.raises(RegistryError) as caught:
        declared(**body)
    return str(caught.value)


class TestBaseKeys:
    def test_in_the_order_of_declaration_with_groups_in_place(self) -> None:
        assert CacheKeys.base_keys() == (
            "user",
            "user:settings",
            "packed:user:profile",
            "generation:count",
            "generation:queue:pending",
        )

    def test_attributes_are_their_text(self) -> None:
        assert f"{CacheKeys.Generation.Queue.PENDING}:7" == "generation:queue:pending:7"

    def test_inheritance_composes_parents_first(self) -> None:
        class UserKeys(CacheRegistry):
            USER = "user"

        class ModelKeys(CacheRegistry):
            MODEL = "model"

        class Keys(UserKeys, ModelKeys):
            TAG = "tag"

        assert Keys.base_keys() == ("user", "model", "tag")
        assert UserKeys.base_keys() == ("user",)

    def test_a_diamond_declares_each_base_once(self) -> None:
        class Common(CacheRegistry):
            LOCK = "lock"

        class UserKeys(Common):
            USER = "user"

        class ModelKeys(Common):
            MODEL = "model"

        class Keys(UserKeys, ModelKeys):
            pass

        assert Keys.base_keys() == ("lock", "user", "model")

    def test_an_empty_registry_has_none(self) -> None:
        assert CacheRegistry.base_keys() == declared().base_keys() == ()

    def test_private_names_methods_and_descriptors_are_left_alone(self) -> None:
        class Keys(CacheRegistry):
            USER = "user"
            _private = "not:a:base:"
            __secret = 7

            class _Private:
                X = ""

            def method(self) -> str:
                return ""

            @classmethod
            def of_class(cls) -> str:
                return f"{cls.USER}:1"

            @staticmethod
            def static() -> str:
                return ""

            @property
            def value(self) -> str:
                return ""

            @cached_property
            def cached(self) -> str:
                return ""

        assert Keys.base_keys() == ("user",)
        assert Keys.of_class() == "user:1"

    def test_a_registry_has_no_instances(self) -> None:
        with pytest.raises(TypeError, match="CacheKeys is a registry and has no instances; use the class itself"):
            CacheKeys()


class TestMatch:
    @pytest.mark.parametrize(
        ("text", "base"),
        [
            ("user", "user"),
            ("user:", "user"),
            ("user::", "user"),
            ("user:1", "user"),
            ("user:1:posts", "user"),
            ("user:settings", "user:settings"),
            ("user:settings:1", "user:settings"),
            ("user:settingsx", "user"),
            ("user:\n☃", "user"),
            ("generation:count:7", "generation:count"),
            ("", None),
            (":", None),
            (":user", None),
            ("users", None),
            ("user-1", None),
            ("User:1", None),
            ("generation", None),
            ("generation:counts", None),
            (" user", None),
        ],
    )
    def test_the_longest_base_or_none(self, text: str, base: str | None) -> None:
        assert CacheKeys.match(text) == base

    @pytest.mark.parametrize("text", ["user", "a:b:c:d", "a:b:c:d:", ":::", "", "x" * 1000, "user:1:2:3"])
    @pytest.mark.parametrize("longest", [None, 0, 4, 13, 1000])
    def test_costs_at_most_one_look_up_per_segment(self, text: str, longest: int | None) -> None:
        class Counting:
            looks = 0

            def __contains__(self, _: object) -> bool:
                self.looks += 1
                return False

        bases: Container[str] = (counting := Counting())
        longest_base(text, bases, longest)
        assert counting.looks <= len(text.split(":"))

    def test_a_key_of_a_million_segments_costs_no_more_than_the_longest_base(self) -> None:
        assert CacheKeys.match("user" + ":" * 10_000_000) == "user"
        assert CacheKeys.match("nobody" + ":" * 10_000_000) is None

    @pytest.mark.parametrize("wrong", [None, b"user", 7])
    def test_only_text_is_matched(self, wrong: Any) -> None:
        with pytest.raises(TypeError, match="a key is a str, not"):
            CacheKeys.match(wrong)


class TestParse:
    def test_a_key_comes_back_as_it_is(self) -> None:
        text = "user:1"
        assert CacheKeys.parse(text) is text

    @pytest.mark.parametrize(
        ("text", "way_out"),
        [
            ("usr:1", "did you mean 'user:1'?"),
            ("user-1", "did you mean 'user:1'?"),
            ("user1", "did you mean 'user:1'?"),
            ("user:setings", None),
            ("users:7", "did you mean 'user:7'?"),
            ("generation:cuont:7", "did you mean 'generation:count:7'?"),
            ("generation:queue:pendign", "did you mean 'generation:queue:pending'?"),
            ("system:features", "system configuration is in the SysRegistry"),
            ("random-key", "declare its base there, or use one of 'user', 'user:settings', 'packed:user:profile', "),
            ("", "declare its base there, or use one of 'user'"),
        ],
    )
    def test_what_is_no_key_is_told_the_way_out(self, text: str, way_out: str | None) -> None:
        if way_out is None:
            assert CacheKeys.parse(text) == text
            return
        with pytest.raises(UnknownKeyError) as caught:
            CacheKeys.parse(text)
        assert str(caught.value).startswith(f"{text!r} starts with no base key of CacheKeys; {way_out}")

    def test_a_registry_without_bases_says_so(self) -> None:
        with pytest.raises(UnknownKeyError, match="'user' starts with no base key of Keys; Keys declares none yet"):
            declared().parse("user")

    def test_a_long_key_is_shortened_in_the_message(self) -> None:
        with pytest.raises(UnknownKeyError) as caught:
            CacheKeys.parse("x" * 10_000_000)
        assert len(str(caught.value)) < 500

    def test_it_is_a_value_error_for_those_who_catch_that(self) -> None:
        with pytest.raises(ValueError, match="nobody"):
            CacheKeys.parse("nobody")


class TestMalformedBases:
    @pytest.mark.parametrize(
        ("base", "fault"),
        [
            ("", "the base key is empty"),
            (" ", "the base key is blank"),
            ("\t\n", "the base key is blank"),
            (":user", "the base key starts with a colon"),
            (":", "the base key starts with a colon"),
            ("user:", "the base key ends with a colon"),
            ("packed:", "the base key ends with a colon"),
        ],
    )
    @pytest.mark.parametrize("wrapped", [str, key])
    def test_are_refused_with_their_attribute(self, base: str, fault: str, wrapped: Any) -> None:
        assert refusal(USER=wrapped(base)) == f"Keys.USER = {base!r}: {fault}"

    def test_are_refused_in_groups_with_the_whole_path(self) -> None:
        with pytest.raises(RegistryError, match=re.escape("Keys.Outer.Inner.X = '': the base key is empty")):

            class Keys(CacheRegistry):
                class Outer:
                    class Inner:
                        X = ""  # type: ignore[redis-registry]

    @pytest.mark.parametrize("value", [7, None, True, 1.5, b"user", ("user",), ["user"], {"user": 1}])
    def test_values_that_are_no_text_are_refused(self, value: object) -> None:
        assert refusal(USER=value).startswith(f"Keys.USER = {value!r}: a base key is a str, not {type(value).__name__}")

    def test_an_enum_member_is_refused_as_its_text_depends_on_python(self) -> None:
        class Kind(str, Enum):  # noqa: UP042 the one that prints as Kind.USER
            USER = "user"

        class Newer(StrEnum):
            USER = "user"

        for member in (Kind.USER, Newer.USER):
            assert "Keys.USER = <" in refusal(USER=member)
            assert "write its text" in refusal(USER=member)

    def test_a_subclass_of_str_is_refused(self) -> None:
        class Shouting(str):
            __slots__ = ()

            def __str__(self) -> str:
                return self.upper()

        assert "not Shouting; write plain text" in refusal(USER=Shouting("user"))

    @pytest.mark.parametrize("name", ["match", "parse", "base_keys"])
    def test_the_names_of_methods_are_taken(self, name: str) -> None:
        assert refusal(**{name: "user"}) == (
            f"Keys.{name}: `{name}` is a method of every registry; give the base another name"
        )

    def test_in_a_group_those_names_are_free(self) -> None:
        class Keys(CacheRegistry):
            class Games:
                match = "games:match"

        assert Keys.base_keys() == ("games:match",)


class TestGroups:
    def test_a_class_written_elsewhere_is_no_group(self) -> None:
        class UserKeys(CacheRegistry):
            USER = "user"

        message = refusal(Users=UserKeys)
        assert message.startswith("Keys.Users is the class ")
        assert "inheritance: class Keys(UserKeys, ModelKeys)" in message

    def test_a_group_that_inherits_would_hide_bases(self) -> None:
        class Common:
            COUNT = "count"

        with pytest.raises(RegistryError, match="Generation inherits from Common; a group is a plain class"):

            class Keys(CacheRegistry):
                class Generation(Common):
                    QUEUE = "generation:queue"

    def test_an_enum_is_no_group(self) -> None:
        with pytest.raises(RegistryError, match=r"Keys\.Kind is an Enum; a group of bases is a plain class"):

            class Keys(CacheRegistry):
                class Kind(Enum):
                    USER = "user"


class TestParents:
    def test_a_parent_that_is_no_registry_would_hide_bases(self) -> None:
        class Mixin:
            USER = "user"

        with pytest.raises(
            RegistryError, match=r"Mixin\.USER = 'user' is no base key of Keys, as Mixin is no registry"
        ):

            class Keys(Mixin, CacheRegistry):
                pass

    def test_a_parent_with_methods_only_is_fine(self) -> None:
        class Mixin:
            def helper(self) -> str:
                return ""

        class Keys(Mixin, CacheRegistry):
            USER = "user"

        assert Keys.base_keys() == ("user",)

    def test_one_registry_is_of_one_server(self) -> None:
        with pytest.raises(RegistryError, match="Keys inherits from cache and system registries"):

            class Keys(CacheRegistry, SysRegistry):
                pass


class TestDeclaredTwice:
    def test_in_one_class(self) -> None:
        assert refusal(A="user", B="user") == ("Keys declares the base key 'user' twice: Keys.A and Keys.B; keep one")

    def test_in_a_group(self) -> None:
        with pytest.raises(RegistryError, match=r"twice: Keys\.USER and Keys\.Group\.Inner\.USER; keep one"):

            class Keys(CacheRegistry):
                USER = "user"

                class Group:
                    class Inner:
                        USER = "user"  # type: ignore[redis-registry]

    def test_by_a_child_also_under_the_same_name(self) -> None:
        class Parent(CacheRegistry):
            USER = "user"

        with pytest.raises(
            RegistryError, match=r"Child declares the base key 'user' twice: Parent\.USER and Child\.USER"
        ):

            class Child(Parent):
                USER = "user"  # type: ignore[redis-registry]

    def test_by_two_parents(self) -> None:
        class One(CacheRegistry):
            USER = "user"

        class Two(CacheRegistry):
            MEMBER = key("user", doc="the same text")

        with pytest.raises(RegistryError, match=r"Both declares the base key 'user' twice: One\.USER and Two\.MEMBER"):

            class Both(One, Two):  # type: ignore[redis-registry]
                pass

    def test_by_two_parents_of_one_name_in_two_modules(self) -> None:
        one = declared(__module__="app.one", USER="user")
        two = declared(__module__="app.two", USER="user")
        with pytest.raises(RegistryError, match=r"twice: app\.one\.Keys\.USER and app\.two\.Keys\.USER"):
            type("Both", (one, two), {})

    def test_a_grandchild_of_one_declaration_declares_nothing_twice(self) -> None:
        class Child(CacheKeys):
            pass

        class Grandchild(Child):
            pass

        assert Grandchild.base_keys() == CacheKeys.base_keys()


class TestConventions:
    @pytest.mark.parametrize("base", ["system:features", "packed:system:features"])
    def test_system_configuration_in_a_cache_registry_warns(self, base: str) -> None:
        expected = (
            rf"^Keys\.FEATURES = '{base}': system configuration belongs in a SysRegistry; a cache may be flushed$"
        )
        with pytest.warns(RegistryWarning, match=expected):
            declared(FEATURES=base)

    def test_in_a_system_registry_it_does_not(self) -> None:
        assert declared(kind=SysRegistry, FEATURES="system:features").base_keys() == ("system:features",)

    def test_other_bases_may_look_alike(self) -> None:
        assert declared(A="system", B="systems:x", C="user:system:x").base_keys() == (
            "system",
            "systems:x",
            "user:system:x",
        )

    def test_the_warning_points_at_the_class_statement(self) -> None:
        with pytest.warns(RegistryWarning) as caught:
            line = sys._getframe().f_lineno + 2

            class Keys(CacheRegistry):
                class Group:
                    class Inner:
                        FEATURES = "system:features"  # type: ignore[redis-registry]

        assert [(one.filename, one.lineno) for one in caught] == [(__file__, line)]

    def test_also_through_hooks_of_the_users_own(self) -> None:
        class Hooked(CacheRegistry):
            def __init_subclass__(cls) -> None:
                super().__init_subclass__()

        class Twice(Hooked):
            def __init_subclass__(cls) -> None:
                super().__init_subclass__()

        with pytest.warns(RegistryWarning) as caught:
            line = sys._getframe().f_lineno + 2

            class Keys(Twice):
                FEATURES = "system:features"  # type: ignore[redis-registry]

        assert [(one.filename, one.lineno) for one in caught] == [(__file__, line)]

    def test_a_child_does_not_warn_of_its_parents_again(self) -> None:
        with pytest.warns(RegistryWarning):
            parent = declared(FEATURES="system:features")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            type("Child", (parent,), {})


class TestAnnotations:
    def test_they_are_types_at_run_time(self) -> None:
        def use(
            one: KeyOf[CacheKeys], many: list[KeyOf[CacheKeys]], maybe: BaseOf[CacheKeys] | None = None
        ) -> None: ...

        hints = typing.get_type_hints(use, localns={"CacheKeys": CacheKeys})
        key_of: Any = KeyOf
        assert hints["one"] == key_of[CacheKeys]
        assert hints["many"] == list[key_of[CacheKeys]]
        assert str in typing.get_args(hints["one"])
        assert type(None) in typing.get_args(hints["maybe"])

    def test_they_compose(self) -> None:
        key_of: Any = KeyOf
        base_of: Any = BaseOf
        assert key_of[CacheKeys] | None == typing.Optional[key_of[CacheKeys]]  # noqa: UP045 the older form too
        assert key_of[CacheKeys] != base_of[CacheKeys]


class TestKeyDeclaration:
    def test_it_is_its_text(self) -> None:
        declaration = key("user", ttl=60, doc="a user")
        assert declaration == "user"
        assert f"{declaration}:1" == "user:1"
        assert (declaration.ttl, declaration.doc) == (60, "a user")

    def test_it_is_a_base(self) -> None:
        keys = declared(USER=key("user", ttl=60))
        assert keys.match("user:1") == "user"

    @pytest.mark.parametrize("base", [None, 7, b"user"])
    def test_only_of_text(self, base: Any) -> None:
        with pytest.raises(RegistryError, match="a base key is a str, not"):
            key(base)

    @pytest.mark.parametrize("ttl", [0, -1, 1.5, True, "60"])
    def test_a_lifetime_is_whole_seconds(self, ttl: Any) -> None:
        with pytest.raises(RegistryError, match="a lifetime is a whole number of seconds from 1 on"):
            key("user", ttl=ttl)


def test_a_key_finds_what_its_longest_base_declares() -> None:
    class Parent(CacheRegistry):
        USER = key("user", ttl=60)

    class Keys(Parent):
        SETTINGS = "user:settings"

        class Generation:
            COUNT = key("generation:count", ttl=3600)

    assert Keys._declared_for("user:1") is Parent.USER
    assert Keys._declared_for("generation:count:monday") is Keys.Generation.COUNT
    assert Keys._declared_for("user:settings:1") is None
    assert Keys._declared_for("usr:1") is None
    assert Parent._declared_for("generation:count") is None


def test_a_registry_of_plain_bases_declares_nothing() -> None:
    class Keys(CacheRegistry):
        USER = "user"

    assert not Keys._declared
    assert Keys._declared_for("user:1") is None
