"""What the service remembers: of visitors, of decisions that wait for an answer, and in a log."""

from __future__ import annotations

import errno
import json
import os
from collections import OrderedDict
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import numpy as np

from helpers.production import Online

CUSTOMERS = 100_000  # of whom counts are kept; beyond, whoever was here longest ago is forgotten
DECISIONS = 50_000  # that wait for feedback


class Decision(NamedTuple):
    """What was shown to whom; `seen` (slots,) is how much each position is looked at."""

    customer: str | None
    categories: list[str]
    seen: list[float]


class Visitor:
    """What a customer has taught: clicks and impressions by category (K,), and what they hid."""

    def __init__(self, size: int):
        self.clicked, self.shown = np.zeros(size), np.zeros(size)
        self.hidden: frozenset[str] = frozenset()


class Memory:
    """Visitors and open decisions, bounded in number, and the log that brings them back; `skipped`
    lines of it were not understood. Raises ValueError for a log that is no file."""

    def __init__(self, model: Online, log: Path | None = None, seed: int | None = None):
        self.model, self.rng = model, np.random.default_rng(seed)
        self.visitors: OrderedDict[str, Visitor] = OrderedDict()
        self.open: OrderedDict[str, Decision] = OrderedDict()
        self.answered: OrderedDict[str, None] = OrderedDict()
        self.log, self.skipped, self._whole = None, 0, True  # whether the last line is
        if log is not None:
            if log.exists() and not log.is_file():  # a device or a pipe never ends
                raise ValueError(f"{log} is no file: name one that decisions can be appended to")
            self._whole = self._replay(log) if log.exists() else True
            self.log = log.open("ab", buffering=0)

    def recommend(self, customer: str | None, known: dict, slots: int) -> tuple[str, dict]:
        """Decide what to show; returns the decision's id and {category: propensity} in order.

        Raises ValueError for an answer that the model does not know.
        """
        visitor = self.visitor(customer)
        shares = self.model.shares(known)
        a, b = self.model.beta(shares, visitor.clicked, visitor.shown)
        found = self.model.recommend(a, b, self.rng, slots, visitor.hidden)
        at = [self.model.categories.index(name) for name in found.categories]
        seen = [round(float(self.model.seen(shares, i + 1)[k]), 4) for i, k in enumerate(at)]
        name = uuid4().hex
        propensity = [round(float(p), 4) for p in found.propensity]
        self._write(
            {
                "decision": name,
                "customer": customer,
                "categories": found.categories,
                "seen": seen,
                "propensity": propensity,
            }
        )
        self._keep(self.open, name, Decision(customer, found.categories, seen), DECISIONS)
        return name, dict(zip(found.categories, propensity, strict=True))

    def feedback(self, decision: str, clicked: list[str], hidden: list[str]) -> None:
        """Learn from the answer to a decision. Raises KeyError where it is not known,
        FileExistsError where it was answered before, ValueError for a category that was not shown.
        """
        if decision in self.answered:
            raise FileExistsError
        shown = self.open[decision]
        for name in [*clicked, *hidden]:
            if name not in shown.categories:
                raise ValueError(
                    f"{name!r} was not shown; shown were: {', '.join(shown.categories)}"
                )
        # first into the log: what cannot be written is not learned either, and may be sent again
        self._write({"feedback": decision, "clicked": clicked, "hidden": hidden})
        del self.open[decision]
        self._keep(self.answered, decision, None, DECISIONS)
        visitor = self.visitor(shown.customer)
        for name, seen in zip(shown.categories, shown.seen, strict=True):
            k = self.model.categories.index(name)
            # a click was surely looked at; a position without one counts by how much it is
            visitor.shown[k] += 1.0 if name in clicked else seen
            visitor.clicked[k] += name in clicked
        visitor.hidden |= set(hidden)

    def visitor(self, customer: str | None) -> Visitor:
        """What is known of a customer; nothing is kept of those without an id."""
        if customer is None:
            return Visitor(len(self.model.categories))
        found = self.visitors.pop(customer, None) or Visitor(len(self.model.categories))
        self._keep(self.visitors, customer, found, CUSTOMERS)
        return found

    @staticmethod
    def _keep(kept: OrderedDict, key: str, value: object, most: int) -> None:
        kept[key] = value
        while len(kept) > most:
            kept.popitem(last=False)

    def _write(self, line: dict) -> None:
        """Append a line to the log, if there is one. Raises OSError where it cannot be written
        whole."""
        if self.log is None:
            return
        data = (json.dumps({"at": datetime.now(UTC).isoformat()} | line) + "\n").encode()
        if not self._whole:  # what comes next must not hang on to a line that was cut short
            data = b"\n" + data
        self._whole = self.log.write(data) == len(data)
        if not self._whole:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def _replay(self, path: Path) -> bool:
        """Read the log again. A line cut short by a crash is passed over, and so are categories
        that the present model does not have. Returns whether the last line was whole."""
        text = "\n"
        with path.open(encoding="utf-8", errors="replace") as file:
            for text in file:
                try:
                    line = json.loads(text)
                    if "decision" in line and set(line["categories"]) <= set(self.model.categories):
                        shown = Decision(line["customer"], line["categories"], line["seen"])
                        self._keep(self.open, line["decision"], shown, DECISIONS)
                    elif line.get("feedback") in self.open:
                        self.feedback(line["feedback"], line["clicked"], line["hidden"])
                except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                    self.skipped += 1
        return text.endswith("\n")
