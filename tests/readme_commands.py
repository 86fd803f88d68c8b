"""What the commands show of the README's own registries, for its marked blocks; the audit's page as a picture.

`uv run python -m tests.readme_commands` draws the page of the audit into `docs/audit.png`.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import msgpack  # type: ignore[import-untyped]  # ships no annotations
import redis

from tests.cli.calling import civiredis
from tests.readme import README, write_examples
from tests.valkey_server import ValkeyServer

PICTURE = README.parent / "docs" / "audit.png"

USUAL_URL = "redis://127.0.0.1:6379/0"
"""What is shown instead of the port that a test's server happens to have."""

USES = """\
from app.redis import redis


async def visit(user_id: int) -> None:
    await redis.incr(f"usr:{user_id}")
"""


SHOP = """\
export const ShopKeys = {
  CART: "cart", // by user
  Order: {
    /** @ttl 86400 */
    STATE: "order:state",
  },
} as const;
"""


def command_output() -> dict[str, str]:
    """What each command shows, by the name of its block."""
    with tempfile.TemporaryDirectory() as name, ValkeyServer() as server:
        directory = Path(name)
        write_examples(directory)
        (directory / "uses.py").write_text(USES)
        for config in ("mypy.ini", "pyproject.toml"):
            (directory / config).unlink()
        fill(server.url)
        both = ("app.keys:CacheKeys", "app.keys:SysKeys")
        table = directory / "keys.ts"
        commands = {
            "command: keys": ("keys", *both),
            "command: audit": ("audit", "app.keys:CacheKeys", "--url", server.url),
            "command: export": ("export", "typescript", "app.keys:CacheKeys"),
            "command: drift": ("export", "typescript", *both, "--check", "--output", "keys.ts"),
            "command: import": ("import", "typescript", "shop.ts"),
            "command: check": ("check", "uses.py"),
        }
        (directory / "shop.ts").write_text(SHOP)
        civiredis("export", "typescript", *both, "--output", table, cwd=directory)
        table.write_text(table.read_text().replace("user:settings", "user:options"))
        return {block: _shown(directory, server.url, *words) for block, words in commands.items()}


def without_numbers(text: str) -> str:
    """What stays the same from one run to the next: lifetimes and speeds do not, nor does what they push aside."""
    return re.sub(r"[\d.,]+", "0", re.sub(r" +|─+", " ", re.sub(r"(\d+ (?:min|h|s|d) ?)+", "0 ", text)))


def fill(url: str) -> None:
    """Write a small keyspace, in which not everything is as the README's registry says."""
    with redis.Redis.from_url(url) as client, client.pipeline(transaction=False) as pipe:
        for number in range(400):
            pipe.hset(f"user:{number}", mapping={"visits": 1, "city": "Oslo"})
            pipe.set(f"session:{number:08x}", f"{number}", ex=3600 - number)
        for number in range(150):
            profile = {"name": "Zoë", "avatar": b"\x89PNG" + bytes(number * 3)}
            pipe.set(f"packed:user:profile:{number}", msgpack.packb(profile), ex=86400 - number * 500)
        for number in range(60):
            pipe.sadd(f"user:settings:{number}", "dark")
            pipe.incr(f"generation:count:{number}")
            pipe.set(f"sesion:{number}", "x" * 40)
        pipe.set("packed:user:profile:1", b"\xc1 not packed")
        pipe.persist("session:00000007")
        pipe.set("tmp_import", "x" * 2000)
        pipe.execute()


def _shown(directory: Path, url: str, *words: str) -> str:
    done = civiredis(*words, cwd=directory)
    shown = "\n".join(line.rstrip() for line in (done.stdout + done.stderr).splitlines())
    return f"$ civiredis {' '.join(words)}\n{shown}\n".replace(url, USUAL_URL)


def draw_page() -> None:
    """Take a picture of the audit's page, as the browser shows it."""
    from tests.audit.browser import Browser  # noqa: PLC0415 only the picture needs it

    with tempfile.TemporaryDirectory() as name, ValkeyServer() as server, Browser() as browser:
        directory = Path(name)
        write_examples(directory)
        fill(server.url)
        page = directory / "report.html"
        done = civiredis("audit", "app.keys:CacheKeys", "--url", server.url, "--html", page, cwd=directory)
        assert done.returncode == 0, done.stderr
        page.write_text(page.read_text().replace(server.url, USUAL_URL))
        browser.open(page)
        PICTURE.write_bytes(browser.screenshot())


if __name__ == "__main__":
    draw_page()
