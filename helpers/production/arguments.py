"""What the command line takes, and what it refuses before anything is read."""

from __future__ import annotations

import argparse
from pathlib import Path

from helpers.errors import ModelError
from helpers.features.warehouse import command as warehouse
from helpers.production.storage import card_path, digest_path
from helpers.shop import shell
from helpers.shop.reading.folders import files_of, table_of


def parser(description: str | None = None) -> argparse.ArgumentParser:
    """The commands and their options."""
    formatter = argparse.RawDescriptionHelpFormatter
    top = argparse.ArgumentParser(
        "python -m helpers.production", description=description, formatter_class=formatter
    )
    commands = top.add_subparsers(dest="command", required=True)
    for name, what in (
        ("train", "train on a shop and save the model with its card"),
        ("score", "score every customer (the nightly batch)"),
        ("report", "compare last quarter's scores with what came, as an HTML page"),
    ):
        command = commands.add_parser(name, help=what, description=what)
        command.add_argument(
            "--shop", required=True, help="a file or folder, `simulated` or `complete_journey`"
        )
        shell.add_options(command)
        command.add_argument(
            "--most-set-aside",
            type=percent,
            default="5%",
            metavar="PERCENT",
            help="stop when more of the rows cannot be used (5%%)",
        )
        command.add_argument(
            "--open",
            action="store_true",
            help="leave the tables where they lie (Parquet, a DuckDB file): for shops of any size; "
            "a model learns from a sample, scores are written part by part",
        )
        command.add_argument("--out", required=True, type=Path, help="the file to write")
        command.add_argument(
            "--as-of", help="the moment to look from (default: the day after the last order)"
        )
        if name == "train":
            command.add_argument("--horizon", default="91D", help="length of the window (91D)")
            command.add_argument("--owner", default="nobody yet", help="who answers for the model")
            command.add_argument(
                "--kind",
                choices=["batch", "online"],
                default="batch",
                help="batch scores known customers, online recommends to new ones",
            )
        else:
            add_model(command)
        if name == "score":
            command.add_argument(
                "--another-shop",
                action="store_true",
                help="score although this seems not to be the shop that the model learned from",
            )
            command.add_argument(
                "--duckdb", type=Path, help="also replace the table `scores` of this database"
            )
        if name == "report":
            command.add_argument("--scores", required=True, type=Path, help="the scores to judge")
            command.add_argument(
                "--gain", type=float, default=20.0, help="what an order brings (20)"
            )
            command.add_argument("--cost", type=float, default=1.0, help="what a contact costs (1)")
    sql = commands.add_parser("sql", help=warehouse.WHAT, description=warehouse.WHAT)
    add_model(sql)
    warehouse.add_options(sql, tables=False)
    sql.add_argument(
        "--tables",
        nargs="+",
        metavar="TABLE",
        help="those that you have (default: those that the model cannot do without)",
    )
    return top


def add_model(command: argparse.ArgumentParser) -> None:
    """The saved model that a command uses."""
    command.add_argument("--model", required=True, type=Path, help="a model that `train` saved")
    command.add_argument("--sha256", help="its digest (default: that of the file beside it)")


def keep_apart(chosen: argparse.Namespace) -> None:
    """Raise ModelError where an output would replace an input, or the other output."""
    named = {name: getattr(chosen, name, None) for name in ("out", "duckdb", "model", "scores")}
    paths = {name: Path(path).resolve() for name, path in named.items() if path is not None}
    kept = {f"what --{name} holds": path for name, path in paths.items()}
    if "model" in paths:
        kept["the model's digest"] = digest_path(paths["model"])
        kept["the model's card"] = card_path(paths["model"])
    source = Path(chosen.shop).resolve()
    for name in paths.keys() & {"out", "duckdb"}:
        path = paths[name]
        if path.suffix == digest_path(Path("m")).suffix:
            raise ModelError(
                f"--{name} {path.name} is the name of a model's digest: choose another file"
            )
        if not path.parent.is_dir():
            raise ModelError(f"--{name} {getattr(chosen, name)}: there is no such folder")
        taken = [what for what, at in kept.items() if at == path and f"--{name} " not in what]
        # a folder that is opened is read with all that lies in it, at any depth
        inside = source in path.parents and chosen.open
        if path == source or inside or (path.parent == source and _is_input(path)):
            taken.append("what --shop holds")
        if taken:
            raise ModelError(f"--{name} {path.name} would replace {taken[0]}: choose another file")


def _is_input(path: Path) -> bool:
    """Whether a file in a shop's folder is one of its tables, or would be taken for one tonight."""
    if table_of(path.name):
        return True
    return path.exists() and path in files_of(path.parent).values()


def percent(text: str) -> float:
    """A share written as a percentage: "5%" or "5" is 0.05."""
    try:
        share = float(text.removesuffix("%")) / 100
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a percentage such as 5%")
    return share
