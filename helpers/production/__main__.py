"""A model from the command line: train it, let it score every night, and look whether it is well.

    uv run python -m helpers.production train --shop my_folder --out m.skops --owner "you"
    uv run python -m helpers.production score --model m.skops --shop my_folder --out scores.parquet
    uv run python -m helpers.production report --model m.skops --scores scores.parquet \\
        --shop my_folder --out report.html
    uv run python -m helpers.production sql --model m.skops --dialect bigquery \\
        --as-of 2026-01-01 --out my_sql

Progress goes to stderr, and with it every reason for which rows were set aside. What cannot be done
ends with a sentence and exit code 2; a shop of which too much was set aside, with exit code 3. Both
leave the files of the last run as they were; no output may take the place of an input. A shop is a
file or folder of your own, or `simulated` or `complete_journey`.
"""

from __future__ import annotations

import argparse
import math
import sys

import pandas as pd

from helpers import features, production, shop, targets
from helpers.errors import ReaderError
from helpers.production import warehouse
from helpers.production.arguments import keep_apart, parser
from helpers.shop import hints
from helpers.shop.shell import ON_THE_SHELL, read_chosen, told_columns


class TooMuchSetAside(shop.ShopError):
    """More rows were set aside than a night may lose unseen."""


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    chosen = parser(__doc__).parse_args(arguments)
    try:
        if chosen.command != "sql":  # it writes a new folder, and reads no shop
            keep_apart(chosen)
        {"train": train, "score": score, "report": report, "sql": sql}[chosen.command](chosen)
    except TooMuchSetAside as error:
        print(f"error: {error}", file=sys.stderr)
        return 3
    except (ReaderError, ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped. The files of the last run are as they were.", file=sys.stderr)
        return 130
    return 0


def say(text: str) -> None:
    """Progress, to stderr."""
    print(f"… {text}", file=sys.stderr, flush=True)


def open_shop(chosen: argparse.Namespace) -> shop.Shop | shop.Opened:
    """A known shop, or the reader's own with an account of the rows that were not used.

    Raises TooMuchSetAside where these are more than `--most-set-aside`.
    """
    if chosen.open:
        return opened_shop(chosen)
    say(f"reading {chosen.shop}")
    store = read_chosen(chosen.shop, chosen, "a model of who buys")
    account_for(store.report, chosen)
    return store


def opened_shop(chosen: argparse.Namespace) -> shop.Opened:
    """The reader's own shop where it lies, its rows counted in the engine."""
    for option in ("day_first", "decimal", "encoding", "row_is"):
        if getattr(chosen, option) is not None:
            raise ValueError(
                f"--{option.replace('_', '-')} is for files that are read; an opened table has "
                "types of its own"
            )
    say(f"opening {chosen.shop}")
    try:
        store = shop.open(chosen.shop, told_columns(chosen.columns))
    except shop.ShopError as error:
        raise hints.reword_error(error, ON_THE_SHELL) from error
    account_for(store.report, chosen)
    return store


def account_for(report: shop.Report, chosen: argparse.Namespace) -> None:
    """Say which rows were set aside and what to check; raise TooMuchSetAside where too many."""
    aside = report.fates[report.fates["fate"] == "set aside"]
    for reason, rows in zip(aside["reason"], aside["rows"], strict=True):
        say(f"{rows:,} of {report.rows:,} rows set aside: {reason}")
    for warning in report.warnings:
        say(f"please check: {hints.reword(warning, ON_THE_SHELL)}")
    share = aside["rows"].sum() / max(report.rows, 1)
    if share > chosen.most_set_aside:
        raise TooMuchSetAside(
            f"{share:.1%} of the rows cannot be used, more than {chosen.most_set_aside:.0%}",
            file=chosen.shop,
            remedy="mend the export; where this is as it should be, say --most-set-aside "
            f"{math.ceil(share * 100)}%",
        )


def batch_model(chosen: argparse.Namespace) -> production.Model:
    """The model to use. Raises ModelError where it is none for the batch."""
    model = production.load(chosen.model, chosen.sha256)
    if not isinstance(model, production.Model):
        raise production.ModelError(
            f"{chosen.model.name} recommends to new customers; the batch needs another"
        )
    return model


def train(chosen: argparse.Namespace) -> None:
    store = open_shop(chosen)
    if chosen.kind == "online":
        if isinstance(store, shop.Opened):
            raise ValueError("a model for new customers learns from a shop that is read: no --open")
        say("prior and click rates")
        model = production.train_online(store, chosen.as_of, chosen.owner)
    else:
        model = production.train(store, chosen.as_of, chosen.horizon, chosen.owner, say)
    digest = production.save(model, chosen.out)
    print(f"{chosen.out.name} saved; SHA-256 {digest}")


def score(chosen: argparse.Namespace) -> None:
    model = batch_model(chosen)
    store = open_shop(chosen)
    scores = production.batch(
        model, store, chosen.out, chosen.duckdb, chosen.as_of, say, chosen.another_shop
    )
    if isinstance(scores, production.Written):
        print(f"{scores.customers:,} customers scored for {scores.as_of:%Y-%m-%d}")
        return
    print(f"{len(scores):,} customers scored for {scores['as_of'].iloc[0]:%Y-%m-%d}")


def report(chosen: argparse.Namespace) -> None:
    model = batch_model(chosen)
    scores = production.read_scores(model, chosen.scores)
    store = open_shop(chosen)
    then = scores["as_of"].iloc[0]
    horizon = pd.Timedelta(days=model.card.horizon_days)
    say("outcomes")
    end = then + horizon
    about = (
        f"Scores of {then:%Y-%m-%d} for {len(scores):,} customers of {store.name}; orders "
        f"until {end:%Y-%m-%d}."
    )
    try:
        if end > production.last_day(store):
            raise ValueError(f"the window closes on {end:%Y-%m-%d}, the shop's orders end before")
        y = targets.future(store, then, horizon)["bought"].reindex(scores.index)
        if gone := int(y.isna().sum()):
            say(f"{gone:,} customers were scored and are no longer in the shop: they are left out")
        p, y = scores.loc[y.notna(), "propensity"], y.dropna().astype(int)
        found = production.health(y, p, chosen.gain, chosen.cost)
    except ValueError as error:
        say(f"no outcomes yet: {error}")
        found, y, p = None, None, None
    say("inputs")
    moment = then if chosen.as_of is None else features.cutoff(chosen.as_of)
    now = production.inputs(model, store, moment)
    learned = production.inputs(model, store, model.card.cutoffs[-1])
    changed = production.drift(learned, now)
    production.report(chosen.out, model.card, changed, found, y, p, about)
    outcomes = "no outcomes yet" if found is None else "alarm" if found.alarm else "no alarm"
    inputs = "have changed" if changed.alarm else "as in training"
    print(f"{chosen.out.name} written: {outcomes}; inputs {inputs}")


def sql(chosen: argparse.Namespace) -> None:
    warehouse.write(batch_model(chosen), chosen)


if __name__ == "__main__":
    sys.exit(main())
