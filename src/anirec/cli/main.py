"""The ``anirec`` command: finds the verb's file, turns our errors into one line."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from anirec.errors import AnirecError, MissingExtraError

VERBS = {
    "starter": "Draw simulated viewers from the packaged starter community.",
    "ingest": "Read raw lists and catalogues into validated tables.",
    "split": "Set aside validation and test viewers.",
    "train": "Fit models on the training viewers.",
    "tune": "Weigh the hybrid's two models on validation viewers.",
    "evaluate": "Score held-out viewers by full ranking.",
    "publish": "Refit on everyone and write a bundle.",
    "promote": "Make a bundle the current one.",
    "rollback": "Go back to the bundle that was current before.",
    "retrain": "From raw lists to a promoted bundle, every night.",
    "recommend": "Recommend shows to a viewer.",
    "similar": "List shows like a given one.",
    "import-list": "Read a list of MyAnimeList or AniList, from a file or by user name.",
    "serve": "Serve the page and the API.",
    "export": "Write feedback as raw lists that ingest reads.",
    "monitor": "Compare live lists and recommendations with those of the training.",
    "demo": "From the starter community to a page that answers.",
    "bench": "Measure how fast a bundle answers on this machine.",
    "doctor": "Say what is installed and what is missing for which feature.",
}


BROUGHT_BY = dict.fromkeys(
    (
        *("catboost", "fsspec", "keras", "matplotlib", "onnxruntime", "polars", "scipy", "sklearn"),
        *("tensorflow", "tokenizers"),
    ),
    "train",
)
"""The extra that brings a package which a verb may find missing."""


class LazyVerbs(click.Group):
    """Imports a verb's module only when it is called: `recommend` must not pay for `train`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the verbs in the order of the pipeline."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import ``anirec.cli.<verb>`` and return its ``command``."""
        if cmd_name not in VERBS:
            return None
        module = import_module(f"anirec.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=LazyVerbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="anirec")
def cli() -> None:
    """anirec: a hybrid anime recommender, from raw watch lists to a served page."""


def main(args: list[str] | None = None) -> None:
    """Run the command line; errors meant for people become one line and exit status 1."""
    try:
        try:
            # Not standalone: click would report a Ctrl-C in words of its own.
            code = cli.main(args, prog_name="anirec", standalone_mode=False) or 0
        except ModuleNotFoundError as error:
            extra = BROUGHT_BY.get((error.name or "").partition(".")[0])
            if extra is None:
                raise
            raise MissingExtraError(f"this verb ({error.name} is not installed)", extra) from None
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except click.Abort:
        sys.stderr.write("stopped\n")
        code = 130
    except AnirecError as error:
        sys.stderr.write(f"anirec: {error}\n")
        code = 1
    except OSError as error:
        # A full disk, a place that may not be written to. On a closed pipe click ends quietly.
        reason = f"{error.filename}: {error.strerror}" if error.filename else str(error)
        sys.stderr.write(f"anirec: {reason}\n")
        code = 1
    sys.exit(code)
