"""node-redis, the client of the TypeScript original, as a peer."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path
from typing import Final

NODE_REDIS: Final = "node-redis"
DIRECTORY: Final = Path(__file__).parent / "node"


class NodeRedis:
    """node-redis in a process of its own, driven over its stdin; `seconds()` instead of single commands."""

    name = NODE_REDIS

    async def open(self, port: int) -> None:
        if not (DIRECTORY / "node_modules").is_dir():
            await asyncio.to_thread(subprocess.run, ["npm", "ci", "--silent"], cwd=DIRECTORY, check=True)
        self.process = await asyncio.create_subprocess_exec(
            "node",
            str(DIRECTORY / "peer.mjs"),
            f"redis://127.0.0.1:{port}/0",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    async def seconds(self, work: str, count: int) -> float:
        """Let Node do `count` commands of `work`."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps({"work": work, "count": count}).encode() + b"\n")
        return float(await self.process.stdout.readline())

    async def aclose(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        await self.process.wait()
