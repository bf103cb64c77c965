"""The command ``alliance``. One command, one module; a module is imported only when its command is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from alliance_core import __version__
from alliance_core.cli.context import App, default_store

COMMANDS = {
    "record": ("record", "Record one form: ask item by item, or take the answers."),
    "import": ("import_", "Import a CSV file of forms."),
    "score": ("score", "Score a CSV file without any store."),
    "audit": ("audit", "Check the scores that a file already carries."),
    "scores": ("scores", "List the scores in the store."),
    "cases": ("cases", "List the cases in the store."),
    "report": ("report", "Make an HTML report."),
    "instruments": ("instruments", "List, show and add instruments."),
    "wording": ("wording", "Add the wording of a measure; list, show and remove it."),
    "licences": ("licences", "Say who owns each measure, and what you may do with it."),
    "form": ("form", "Print a blank form on paper."),
    "plugins": ("plugins", "List and check what is installed."),
    "doctor": ("doctor", "Say what is well and what is not."),
    "install": ("install", "Install plugins."),
    "uninstall": ("install", "Uninstall plugins; what was recorded stays."),
}

EPILOG = """\b
Examples:
  alliance instruments
  alliance record session-check-in --case K1 --session 1 --rater client
  alliance report progress --case K1 --out K1.html

Plugins may add commands: see `alliance plugins`. Exit codes: 0 well, 1 something was found, 2 refused.
Records and shows ratings of the working relationship for discussion by a professional; not for diagnosis.
"""


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of the core's commands, in the order of use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name: the core's, else a plugin's."""
        if cmd_name in COMMANDS:
            module = import_module(f"alliance_core.cli.{COMMANDS[cmd_name][0]}")
            command: click.Command = getattr(module, cmd_name, None) or module.command
            return command
        if cmd_name.startswith("-") or ctx.resilient_parsing:
            return None
        return _app(ctx).plugins().command(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does it, with the nearest name for a misspelt one."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError:
            import difflib

            near = difflib.get_close_matches(args[0], COMMANDS, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else " See `alliance --help`."
            ctx.fail(f"There is no command {args[0]!r:.60}.{hint}")

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup, epilog=EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="%(prog)s %(version)s", prog_name="alliance")
@click.option("--store", metavar="URL", help="The store: a path or a URL. [env: ALLIANCE_STORE]")
@click.option("--safe-mode", is_flag=True, help="Run no code of any plugin. [env: ALLIANCE_SAFE_MODE]")
@click.pass_context
def cli(context: click.Context, store: str | None, safe_mode: bool) -> None:
    """Measure the therapeutic alliance: record, score, keep and report, from both chairs, session by session."""
    context.call_on_close(_app(context).close)


def _app(context: click.Context) -> App:
    """The surroundings of this call; click asks for a command before it calls the group."""
    if context.obj is None:
        given = context.params
        context.obj = App(store_url=given.get("store") or default_store(), safe_mode=given.get("safe_mode", False))
    app: App = context.obj
    return app


def main(args: list[str] | None = None) -> Any:
    """Run ``alliance`` and leave with its exit code: 0 well, 1 something was found, 2 refused."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what was done is told, even where its words cannot be printed
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(args))


def run(args: list[str] | None = None) -> int:
    """Run ``alliance`` with these arguments and give its exit code. What is refused is said in sentences."""
    try:
        code = cli.main(args, prog_name="alliance", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Stopped; nothing more was written.", err=True)
        return 1
    except click.ClickException as error:
        error.show()
        return 2
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115, PTH123  # so that Python does not complain at its end
        return 1
    except Exception as error:  # noqa: BLE001  # a traceback shown to a person is a bug
        return _refused(error)
    return code if isinstance(code, int) else 0


def _refused(error: Exception) -> int:
    from alliance_core.cli.output import complain
    from alliance_core.errors import AllianceError

    if os.environ.get("ALLIANCE_DEBUG") or os.environ.get("ALLIANCE_STRICT_PLUGINS"):
        raise error
    if isinstance(error, AllianceError):
        complain(error.faults)
    elif isinstance(error, OSError):
        complain([f"{error.filename or 'the system'}: {error.strerror or error}"])
    else:
        what = f"{type(error).__name__}: {error}"
        complain([f"something went wrong that should not ({what}); set ALLIANCE_DEBUG=1 to see where"])
    return 2
