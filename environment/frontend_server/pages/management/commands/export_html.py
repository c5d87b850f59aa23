"""`manage.py export_html SIM`: a simulation as one HTML file that plays without a server."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from cli import session, terminal
from matrix_files import MazeError
from pages import lookup, single_file
from saves.json_files import StorageError

REFUSED = 2


class Command(BaseCommand):
    """Writes the file and says where it is; in a line why not, with exit code 2, when that cannot be done."""

    help = "Writes a simulation as one HTML file that plays in any browser, without a server."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("simulation", metavar="SIM", help="its name in storage/")

    def handle(self, *args: Any, **options: Any) -> None:
        session.make_output_tolerant()
        try:
            file = single_file.write(lookup.simulation(options["simulation"]))
        except lookup.Unknown as error:
            self._refuse(f"{error.what} Available: {', '.join(error.known) or 'none'}.")
        except (StorageError, MazeError) as error:
            self._refuse(str(error))
        size = f"{file.stat().st_size / 1e6:.1f} MB"
        self.stdout.write(
            f"Wrote {terminal.shown_path(file)} ({size}): open it in a browser or put it on any web host."
        )

    def _refuse(self, why: str) -> NoReturn:
        self.stderr.write(why)
        raise SystemExit(REFUSED)
