"""What the screen of orders to come has computed in the child process."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from helpers import features, owner, quote
from helpers.errors import counted
from helpers.owner import forecast, forecast_picture, ways, who_next
from helpers.owner.forecast import HORIZONS, Coming, season, weekly
from helpers.workbench import work
from helpers.workbench.looked_at import to_rows
from helpers.workbench.words import label


class Ahead(NamedTuple):
    """What the screen of orders to come shows, as HTML: what this file can answer, the answers in
    words, the picture, and how each forecast did before; and for how many weeks ahead."""

    says: str
    words: str
    picture: str
    record: str
    weeks: list[int]


def ahead(source: work.Source, say) -> Ahead:
    """Orders of the weeks past and to come. Raises TooShort where there are too few weeks."""
    store = work.orders_of(source, say)
    moment = features.end_of(store)
    say(0.2, "counting weeks, and trying each way on the past")
    orders = weekly(store, moment)
    found: dict[int, Coming] = {}
    short = []
    for weeks in HORIZONS:
        try:
            found[weeks] = owner.coming(store, moment, weeks)
        except owner.TooShort as error:
            short.append(str(error))
    if not found:
        raise owner.TooShort(short[0])
    year = len(season(orders, 1)) > 0
    said = (
        f"This file holds {counted(len(orders), 'whole week')} of orders. It can say how many to "
        f"expect in the next {' and '.join(map(str, found))} weeks"
        + (
            ", and what last year's season would bring."
            if year
            else "; a season it cannot: that takes a year and a quarter."
        )
    )
    says = "".join(f"<p>{quote.html(text)}</p>" for text in [said, *short])
    words = "".join(_words(coming, moment) for coming in found.values())
    records = "".join(_record(coming) for coming in found.values())
    return Ahead(says, words, forecast_picture.draw(orders, found, moment), records, list(found))


def _words(found: Coming, moment: pd.Timestamp) -> str:
    """The answer for so many weeks, to be seen from afar; below it what it rests on."""
    last = moment + found.weeks * forecast.WEEK - pd.Timedelta("1D")
    return (
        f"<p style='font-size:20px;margin:.6em 0 0'>In the next {found.weeks} weeks: "
        f"<b>{quote.html(found.answer)}</b></p><p>From {moment.day} {moment:%B} to {last.day} "
        f"{last:%B %Y}. {quote.html(found.around)}</p>"
    )


def _record(found: Coming) -> str:
    """The last six forecasts beside what came, which way was nearest, and why."""
    trials = found.trials
    table = to_rows(
        f"Tried on your own past: what would have been said for {found.weeks} weeks, and what came",
        {
            "from": [f"{day.day} {day:%B %Y}" for day in trials.index],
            "said": [f"{orders:,.0f}" for orders in trials["foretold"]],
            "came": [f"{orders:,.0f}" for orders in trials["came"]],
            "off by": [
                f"{told / came - 1:+.0%}".replace("-0%", "+0%") if came else "–"
                for told, came in zip(trials["foretold"], trials["came"], strict=True)
            ],
        },
        {"from"},
        set(),
    )
    said = f"Counted: {found.way}. " + (
        "Of the ways that were tried on your own past this one was off by least, in proportion."
        if found.otherwise is None
        else "These weeks were very different from the rest of the year, by more than this way was "
        "off at other times."
    )
    near = "; ".join(f"{way}: {many}" for way, many in found.nearest.items())
    missed = "; ".join(f"{way}, {miss:,.0f}" for way, miss in found.missed.dropna().items())
    why = (
        f"Every way was tried on days {forecast.APART} weeks apart, from what was known on the "
        f"day. On average it was off by so many orders: {missed}. One way is used for 4 and for 13 "
        "weeks: the one whose misses, in proportion, are smallest over both. Only where the same "
        "weeks of last year were half as many again as that way says, or as many less, and by more "
        "than last year was off at other times, last year is used: a season cannot be seen in the "
        "weeks before it. Ways are compared by "
        "the days on which all of them could be tried, where these are 13 or more (last year's "
        "weeks are not known in the first year). The range is made from all its misses (their root "
        "mean square times Student's t, with as many degrees of freedom as windows lie side by "
        "side), to hold in four cases in five; how often it did hold was counted with ranges made "
        "in the same manner at earlier days, from what was known then. Windows overlap, so these "
        "cases are fewer than they look. Customers: as many an order as in the weeks before, in a "
        "season as in the same weeks last year. “Customer by customer” is the model BG/NBD fitted "
        f"to all buyers (at most {ways.MOST:,}, drawn at random), and as many new ones as in the "
        f"last 13 weeks. In how many of the six days above each way was nearest: {near}."
    )
    return (
        f"{table}<p>{quote.html(said)}</p>"
        f"<details><summary>why?</summary><p>{quote.html(why)}</p></details>"
    )


def who(source: work.Source, say) -> str:
    """Which way of telling who buys next was best on this file's own past, as HTML."""
    store = work.orders_of(source, say)
    say(0.3, "trying on the last months who would buy next")
    return words_of(who_next.compare(store, features.end_of(store)))


def words_of(found: who_next.Compared) -> str:
    """The comparison in words, its figures folded."""
    row, column = found.judged.loc[found.chosen], found.judged.loc[found.column]
    gain = found.gain
    if gain.low > 0:
        verdict = "That is more than luck would explain."
    elif gain.high < 0:
        verdict = "The single column did better, and more so than luck would explain."
    else:
        verdict = "Such a difference could be luck."
    by_chance = found.at_random * found.listed
    counts = [round(share * found.listed) for share in (row["bought"], column["bought"])]
    name = label(found.column).lower()
    first = (
        f"Who will buy next? Tried on {counted(found.customers, 'customer')} known a month ago. Of "
        f"{found.listed:,} put first {WORDS[found.chosen]}, {counts[0]:,} bought in the four weeks "
        f"since; put first by the best single figure ({name}), {counts[1]:,}; drawn by lot it "
        f"would have been {by_chance:,.0f}. {verdict}"
    )
    total = f"In all {found.came:,} of them bought; foretold were {row['foretold']:,.0f}."
    table = to_rows(
        f"{found.listed:,} customers put first, and the 28 days after",
        {
            "put first by": [*found.judged.index[:-1], f"one column: {name}"],
            "bought": [_percent(*ends) for ends in _ends(found.judged, "bought", "low", "high")],
            "more than the column": [
                _more(*ends) for ends in _ends(found.judged, "more", "more_low", "more_high")
            ],
            "spent, each": [f"{spent:,.1f}" for spent in found.judged["spent"]],
            "more than the column, each": [
                _money(*ends)
                for ends in _ends(found.judged, "more_spent", "more_spent_low", "more_spent_high")
            ],
            "buyers foretold": [_money(number) for number in found.judged["foretold"]],
        },
        {"put first by"},
        set(),
    )
    why = (
        "Customer by customer: BG/NBD, for money times Gamma-Gamma. Learned from earlier months: a "
        "logistic regression on all that was known of each customer, fitted to the two months "
        "before. Column and way were chosen on the month before the last, and are judged on the "
        "last: what was chosen could have lost. In brackets the ends of 95% intervals, by drawing "
        "customers anew; the differences are paired, on the same draws."
    )
    return (
        f"<p>{quote.html(first)}</p><p>{quote.html(total)}</p><p>Likely buyers are not those whom "
        "a mail moves: keep some back, and compare.</p><details><summary>why?</summary>"
        f"{table}<p>{quote.html(why)}</p></details>"
    )


WORDS = {
    who_next.COUNTED: "by counting customer by customer",
    who_next.LEARNT: "by what was learned from earlier months",
    who_next.BOTH: "by counting customer by customer and what was learned from earlier months",
}


def _ends(table: pd.DataFrame, *names: str) -> list[tuple[float, float, float]]:
    """The three columns of each row: an estimate and its ends."""
    return [(row[0], row[1], row[2]) for row in table[list(names)].to_numpy()]


def _percent(share: float, low: float, high: float) -> str:
    return "" if np.isnan(share) else f"{share:.0%} ({low:.0%} to {high:.0%})"


def _more(share: float, low: float, high: float) -> str:
    return "" if np.isnan(share) else f"{share:+.0%} ({low:+.0%} to {high:+.0%})"


def _money(value: float, low: float = np.nan, high: float = np.nan) -> str:
    if np.isnan(value):
        return ""
    return f"{value:,.0f}" if np.isnan(low) else f"{value:+,.1f} ({low:+,.1f} to {high:+,.1f})"
