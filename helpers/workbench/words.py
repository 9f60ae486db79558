"""What the data may leave open, as the first screen asks it, and how messages speak of that."""

from __future__ import annotations

from helpers.shop import hints

AUTOMATIC, NONE = "(by its name)", "(no column)"  # of a drop-down of columns
DECIDE = "let the data decide"
A_ROW = {"order": "an order, or a line of one", "customer": "a customer"}

# a drop-down each: what is shown, which is its value too -> the argument of `shop.read`
DATES = {DECIDE: None, "day first (31/12)": True, "month first (12/31)": False}
NUMBERS = {DECIDE: None, "1234.50": ".", "1234,50": ","}
ROWS = {DECIDE: None, **{words: row_is for row_is, words in A_ROW.items()}}


def _the(column: str) -> str:
    if column == "...":
        return "the column below"
    return f"“{column or NONE}” below"


# what to do on the screen where a sentence tells what to write in Python
ON_THE_SCREEN = hints.Place(
    column=lambda role, column: f"choose {_the(column)} at “{role}”",
    options={
        "day_first": lambda _: "choose under “Dates are” which comes first, then load again",
        "decimal": lambda _: "choose under “Numbers are” how they are written, then load again",
        "encoding": lambda _: "save the file as “CSV UTF-8”, then load again",
        "row_is": lambda _: "choose that under “Each row is”, then load again",
    },
    then=", then “Read again with these columns”",
)
