"""The 0x01 byte and the Brotli stream behind it."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import brotli  # type: ignore[import-untyped]  # ships no annotations
import pytest

from civiredis import BrotliMissingError, CiviredisError, PackError
from civiredis.packed.compression import (
    LARGEST,
    THREAD_FROM,
    check_size,
    deflate,
    inflate,
)
from civiredis.values.misfit import MalformedValueError

SIZES = [0, 1, 100, THREAD_FROM - 1, THREAD_FROM, 300_000]


@pytest.mark.parametrize("size", SIZES)
async def test_a_compressed_value_is_the_mark_and_a_brotli_stream(size: int) -> None:
    packed = b"\xc4" * size
    stored = await deflate(packed)
    assert stored[:1] == b"\x01"
    assert brotli.decompress(stored[1:]) == packed


@pytest.mark.parametrize("size", SIZES)
async def test_compressed_and_inflated_is_the_same(size: int) -> None:
    packed = bytes(index * index % 251 for index in range(size))
    assert await inflate(await deflate(packed)) == packed


@pytest.mark.parametrize("stored", [b"\x01", b"\x02", b"\xa5hello", b"\xc4" * 100_000, b""])
async def test_what_bears_no_mark_is_taken_as_it_is(stored: bytes) -> None:
    assert await inflate(stored) is stored


async def _refused(stored: bytes) -> str:
    with pytest.raises(MalformedValueError) as caught:
        await inflate(stored)
    return str(caught.value)


async def test_a_broken_stream_is_refused() -> None:
    stored = await deflate(b"value" * 100)
    assert await _refused(stored[:-3]) == "its Brotli stream is cut off"
    no_stream = "it is not the Brotli stream that its first byte 0x01 announces"
    assert await _refused(stored + b"junk") == no_stream
    assert await _refused(b"\x01hello world") == no_stream


async def test_a_stream_that_claims_too_much_is_refused() -> None:
    bomb = b"\x01" + brotli.compress(bytes(LARGEST + 1), quality=6)
    assert len(bomb) < 200
    assert await _refused(bomb) == f"it inflates to more than {LARGEST} bytes"


async def test_the_largest_value_inflates() -> None:
    assert len(await inflate(b"\x01" + brotli.compress(bytes(LARGEST), quality=6))) == LARGEST


def test_what_could_not_be_read_back_is_not_written() -> None:
    check_size(bytes(LARGEST), "packed:report")
    with pytest.raises(PackError) as caught:
        check_size(bytes(LARGEST + 1), "packed:report", " field 'pdf'")
    assert str(caught.value) == (
        "cannot compress a value for 'packed:report' field 'pdf': it has 67108865 bytes as MessagePack, "
        "more than the 67108864 that reading takes; split it, or store it without compress=True"
    )


async def test_the_event_loop_goes_on_while_a_large_value_is_compressed() -> None:
    packed = bytes(index * index % 251 for index in range(4_000_000))
    deflating = asyncio.create_task(deflate(packed))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not deflating.done(), "it would be done had it run on the loop"
    inflating = asyncio.create_task(inflate(await deflating))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not inflating.done(), "it would be done had it run on the loop"
    assert await inflating == packed


async def test_the_event_loop_goes_on_while_a_dense_stream_is_inflated() -> None:
    stored = b"\x01" + brotli.compress(bytes(LARGEST), quality=6)
    inflating = asyncio.create_task(inflate(stored))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert not inflating.done(), "it would be done had it run on the loop"
    await inflating


IMPORT = """
import sys, types
sys.modules["brotli"] = {brotli}
from civiredis.packed.compression import require_brotli
require_brotli()
"""


@pytest.mark.parametrize(
    "found",
    [
        "None",  # what an import finds where a package is not installed
        "types.SimpleNamespace(Decompressor=object)",  # what Brotli 1.1 has: no limit to what it inflates
    ],
)
def test_a_missing_or_old_brotli_is_named_with_what_to_install(found: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", IMPORT.format(brotli=found)], capture_output=True, text=True, check=False, timeout=60
    )
    name, _, message = ended.stderr.splitlines()[-1].partition(": ")
    assert name == "civiredis.exceptions.BrotliMissingError"
    assert message == (
        "compress=True needs Brotli 1.2 or newer, which is not installed: pip install 'civiredis[brotli]'"
    )
    assert issubclass(BrotliMissingError, CiviredisError)
    assert issubclass(BrotliMissingError, ImportError)
