"""What real shops have and the bundled one has not: a knob for each, all at rest by default."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from helpers.simulator import world

# By category, in the order of `world.CATEGORIES`: the chance that a line comes back at `returns` 1,
# and the margin at `margins` 1. Ours, chosen far apart: clothes come back, electronics earn little.
RETURN_RATES = np.array([0.35, 0.12, 0.10, 0.04, 0.15, 0.08])
MARGINS = np.array([0.50, 0.42, 0.18, 0.55, 0.38, 0.36])
MARGIN = 0.40  # of every category at `margins` 0
RANGES = {
    "identified": (0.0, 1.0),
    "pull_forward": (0.0, 1.0),
    "returns": (0.0, 2.0),
    "margins": (0.0, 1.5),
    "taste_drift": (0.0, 50.0),
    "replenishment": (0.0, 1.0),
    "recommended": (0.0, 1.0),
    "tail": (0.0, 5.0),
}


@dataclass(frozen=True)
class Knobs:
    """Traits of real shops; with the defaults the tables are those without knobs, equal by value.

    `identified`: share (0 to 1) of the visits after the sign-up that can be tied to a customer. The
        others vanish from the tables with what was recommended in them; their orders stay. Who is
        in a campaign, and who in the truth `oracle`, still goes by all visits.
    `pull_forward`: share (0 to 1) of the randomized voucher's extra orders that would have come
        anyway between its end and the 26th week after it was sent: the next order of that time
        goes. A customer who would hardly have come again cannot be moved: the truth `long_run` says
        what was. p0, p1, uplift and profit_uplift stay those of the voucher's 56 days.
    `returns`: factor (0 to 2) on `RETURN_RATES`, the chance by category that a line comes back,
        from three days after the order on, thirteen on average: `cancelled_at` of the line.
    `margins`: how far apart (0 to 1.5) the margins of the categories lie: .40 everywhere at 0,
        `MARGINS` at 1.
    `taste_drift`: how fast tastes change, per year: around what segment and age make of it, a
        taste's correlation with that of a year ago is exp(-taste_drift). Popularity stays as it is;
        the taste of the truth `customers` is that of the sign-up, and the truth `tastes` has that
        of each month.
    `replenishment`: chance (0 to 1) that a line of an order is something the customer bought before
        and that is used up by now (`contents.USED_UP`). What is bought changes, not how often.
    `recommended`: chance (0 to 1) that a line in the cart of a visit is of the recommendation that
        was clicked in it. What is bought changes, not how often.
    `tail`: the popularity of the subcategories is taken to the power of 1 + tail (tail 0 to 5): few
        that sell much, and a long tail.

    The truth `oracle` and the `profit_uplift` of the campaigns leave returns and margins out.
    Raises ValueError for a knob out of its range.
    """

    identified: float = 1.0
    pull_forward: float = 0.0
    returns: float = 0.0
    margins: float = 0.0
    taste_drift: float = 0.0
    replenishment: float = 0.0
    recommended: float = 0.0
    tail: float = 0.0

    def __post_init__(self) -> None:
        for name, (low, high) in RANGES.items():
            value = getattr(self, name)
            if not low <= value <= high:  # a missing number is in no range
                raise ValueError(f"{name} must be from {low:g} to {high:g}, not {value}")

    def return_rates(self) -> np.ndarray:
        """The chance that a line comes back by category (6,)."""
        return self.returns * RETURN_RATES

    def margin_rates(self) -> np.ndarray:
        """The margin as a share of the price by category (6,)."""
        return MARGIN + self.margins * (MARGINS - MARGIN)

    def margin_of(self, category: np.ndarray) -> np.ndarray:
        """The margin of each category by its name (n,). Raises KeyError for an unknown name."""
        rates = dict(zip(world.CATEGORIES, self.margin_rates(), strict=True))
        return np.array([rates[name] for name in category])

    def turned(self) -> dict[str, float]:
        """The knobs that are not at rest, by name."""
        found = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: value for name, value in found.items() if value != getattr(NONE, name)}


NONE = Knobs()
