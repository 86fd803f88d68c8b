"""`civiredis audit`: what lives on a server, held against the registries."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from civiredis.audit.auditing import Plan, audit
from civiredis.audit.conditions import CONDITIONS, problems_of
from civiredis.audit.decoders import decoders_of
from civiredis.audit.link import AuditError
from civiredis.audit.page import page_of
from civiredis.catalogue.entries import entries_of
from civiredis.catalogue.loading import kind_of
from civiredis.cli.audit_progress import Progress
from civiredis.cli.audit_tables import print_report
from civiredis.cli.console import output
from civiredis.cli.failure import CommandError
from civiredis.cli.files import check_writable, write_text
from civiredis.cli.loading import load_all
from civiredis.exceptions import LibraryMissingError, RegistryError, SettingsError
from civiredis.quantities import number
from civiredis.settings import VARIABLES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from civiredis.audit.decoders import Decoder
    from civiredis.audit.report import AuditReport
    from civiredis.registry import Registry

INTERRUPTED: Final = 130
DEFAULT_RATE: Final = 50_000
"""Keys per second: a million keys in 20 seconds, at a small part of what a server can do."""


@click.command("audit")
@click.argument("registries", metavar="MODULE:REGISTRY...", nargs=-1, required=True)
@click.option(
    "--url", help="The server; any node of a cluster. Default: REDIS_URL, or REDIS_SYS_URL for a SysRegistry."
)
@click.option("--namespace", default="", help="Look only at keys that start with this and a colon.")
@click.option("--sample", type=click.IntRange(min=1), metavar="KEYS", help="Look at about so many keys, not at all.")
@click.option(
    "--rate",
    type=click.IntRange(min=0),
    default=DEFAULT_RATE,
    show_default=True,
    help="Look at no more keys per second than this; 0 for no limit.",
)
@click.option(
    "--decode",
    "decoded",
    type=click.IntRange(min=0),
    default=200,
    show_default=True,
    help="Read the values of so many keys of each packed base, and of each with a declared type.",
)
@click.option("--json", "as_json", is_flag=True, help="Write JSON, for programs.")
@click.option("--html", type=click.Path(path_type=Path), help="Write a page for a browser to this file as well.")
@click.option(
    "--fail-on",
    type=click.Choice([*CONDITIONS, "any"]),
    multiple=True,
    help="End with status 1 where this is found. May be given several times.",
)
def audit_command(  # noqa: PLR0913, PLR0917 one parameter for each option
    registries: Sequence[str],
    url: str | None,
    namespace: str,
    sample: int | None,
    rate: int,
    decoded: int,
    as_json: bool,  # noqa: FBT001 an option
    html: Path | None,
    fail_on: Sequence[str],
) -> int:
    """Walk the keys of a server, and report what is there, base by base.

    It only reads, looks at a few hundred keys at a time, and can be interrupted: what was seen until then is reported.
    """
    loaded = load_all(registries)
    if html is not None:
        check_writable(html)  # an hour's walk shall not end at a file that cannot be written
    entries = [entry for registry in loaded for entry in entries_of(registry)]
    plan = Plan(
        url=url or _url_of(loaded[0]),
        entries=entries,
        namespace=namespace,
        rate=rate,
        sample=sample,
        decoders=_decoders(loaded) if decoded else {},
        decoded=decoded,
    )
    report = _audited(plan)
    if html is not None:
        write_text(html, page_of(report))
    if as_json:
        click.echo(_json(report))
    else:
        print_report(output(), report)
    if report.interrupted:
        click.echo(
            f"civiredis audit: interrupted after {number(report.scanned)} of {number(report.total)} keys; "
            "the report is of those",
            err=True,
        )
        return INTERRUPTED
    found = {problem.condition for problem in problems_of(report)}
    return int(bool(found if "any" in fail_on else found.intersection(fail_on)))


def _decoders(registries: Sequence[type[Registry]]) -> dict[str, Decoder]:
    decoders: dict[str, Decoder] = {}
    for registry in reversed(registries):  # the first one declares what a base of two is
        try:
            decoders |= decoders_of(registry, entries_of(registry))
        except (LibraryMissingError, RegistryError) as fault:
            raise CommandError(f"{fault}; or read no values, with --decode 0") from fault
    return decoders


def _audited(plan: Plan) -> AuditReport:
    try:
        with Progress() as progress:
            return audit(plan, progress)
    except (AuditError, SettingsError) as fault:
        raise CommandError(str(fault)) from fault


def _url_of(registry: type[Registry]) -> str:
    system = kind_of(registry) == "system"
    sentinels = VARIABLES["sys_sentinels"]
    if system and os.environ.get(sentinels):
        raise CommandError(
            f"{sentinels} is set, and an audit asks no sentinel: name the master, or a replica, with "
            "--url redis://HOST:6379/0"
        )
    variable = VARIABLES["sys_url" if system else "url"]
    url = os.environ.get(variable)
    if not url:
        raise CommandError(f"name the server with --url redis://HOST:6379/0, or with {variable}")
    return url


def _json(report: AuditReport) -> str:
    document = asdict(report)
    document["problems"] = [asdict(problem) for problem in problems_of(report)]
    return json.dumps(document, indent=2, ensure_ascii=False)
