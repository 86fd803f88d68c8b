"""An editor's mypy: a daemon that is asked about a file again after each change."""

from __future__ import annotations

import contextlib
import io
import traceback
from typing import TYPE_CHECKING

from mypy.dmypy_server import Server, process_start_options

from tests.robustness.checking import FLAGS, Answer

if TYPE_CHECKING:
    from pathlib import Path


class Editor:
    """Keeps one program open, and checks it as it is after each change."""

    def __init__(self, directory: Path, *, plugin: bool) -> None:
        self.file = directory / "edited.py"
        config = directory / "mypy.ini"
        config.write_text("[mypy]\n" + ("plugins = civiredis_mypy\n" if plugin else ""), encoding="utf-8")
        flags = [flag for flag in FLAGS if flag != "--show-traceback"]
        options = process_start_options(
            ["--config-file", str(config), "--cache-dir", str(directory / "cache"), *flags], allow_sources=False
        )
        self.server = Server(options, str(directory / "status.json"))

    def show(self, text: str) -> Answer:
        """Answer what mypy says of the file once it reads `text`."""
        self.file.write_text(text, encoding="utf-8")
        noise = io.StringIO()
        try:
            with contextlib.redirect_stderr(noise), contextlib.redirect_stdout(noise):
                answer = self.server.cmd_check([str(self.file)], export_types=False, is_tty=False, terminal_width=80)
        except SystemExit:  # that is how mypy reports an INTERNAL ERROR
            return Answer(-1, (), f"INTERNAL ERROR\n{noise.getvalue()}{traceback.format_exc()}")
        except Exception:  # noqa: BLE001 every exception is the finding
            return Answer(-1, (), f"INTERNAL ERROR\n{noise.getvalue()}{traceback.format_exc()}")
        shown = str(answer["out"]).replace(str(self.file), self.file.name)
        return Answer(int(str(answer["status"])), tuple(shown.splitlines()), str(answer["err"]))
