"""Is a figure of the text among the numbers above it?

The numbers stand in an order: the nearer to the text, and the more (and rarer) words its line, row
and column share with the figure's sentence, the earlier. A figure is found if a number, rounded as
the figure is written, says the same, and **no number that a slip in one digit would turn it into
comes earlier**. So a figure of many digits is found wherever it stands, and one of two digits only
where the words point at its number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from prose.figures import Figure, stems
from prose.numbers import Number

BLOCK = 2.0  # what each block of cells between text and number costs
SET = 0.5  # what a set value is behind a printed one
WORDS = 4.0  # what a perfect agreement of the words earns
SENTENCE, PARAGRAPH, HINT = 0.4, 0.1, 3.0  # what words count, those of the clause being 1
ALIKE = 2.0  # as many decimals as the figure
CHANGE = 1.5  # a signed number where the text speaks of a change, and none where it does not
CLAIM = 6.0  # of the claim that is spoken of

ROUNDED = re.compile(r"\b(about|some|nearly|almost|around|over|up to|more than|at least)\b")
ENDS = re.compile(r"\b(intervals?|from|between|anything|possible|within|to)\b")
PARTS = re.compile(r"percentage point|points?\b|of 100\b")
CHANGES = re.compile(
    r"\b(gain|los[est]|lead|costs?\b|less|ahead|behind|above|below|differ|better|worse|adds?\b"
    r"|brings?\b|by [+−±]?\.?\d)"
)


@dataclass
class Placed:
    """A number as it is seen from a text: how many blocks of cells away it stands."""

    number: Number
    away: float


def ranked(figure: Figure, placed: list[Placed]) -> list[tuple[float, Number]]:
    """The numbers that the figure may mean, those it most likely means first, with their scores."""
    count: dict[str, float] = {}
    for text, weight in (
        (figure.paragraph, PARAGRAPH),
        (figure.sentence, SENTENCE),
        (figure.clause, 1.0),
        (figure.hint, HINT),
    ):
        count |= dict.fromkeys(stems(text), weight)
    change = bool(figure.sign) or bool(CHANGES.search(figure.clause))
    claims = re.findall(r"\bc\d\d\b", figure.sentence) or re.findall(r"\bc\d\d\b", figure.paragraph)
    ends = figure.paired or bool(ENDS.search(figure.sentence))
    scored = []
    for place in placed:
        number = place.number
        if (number.end and not ends) or (figure.paired and not number.end):
            continue
        score = -BLOCK * min(place.away, 4)
        score += WORDS * sum(
            weight * count[word] for word, weight in number.weights.items() if word in count
        )
        score += ALIKE * (number.share()[1] == figure.decimals + 2 * figure.percent)
        score += CHANGE * (number.signed == change and not number.end)
        score += CLAIM * bool(claims and claims[-1] in number.words)
        scored.append((score, number))
    return sorted(scored, key=lambda pair: -pair[0])


def scale(figure: Figure) -> list[int]:
    """How many decimals the figure may have as a share or as it stands."""
    if figure.percent:
        return [figure.decimals + 2]
    parts = not figure.text.startswith(".") and PARTS.search(figure.sentence)
    return [figure.decimals, figure.decimals + 2] if parts else [figure.decimals]


def shows(number: Number, figure: Figure, decimals: int) -> float | None:
    """The number in units of the figure's last digit, None where it has too few digits for that."""
    value, exact = number.share()
    if decimals == figure.decimals and not figure.text.startswith("."):
        if number.percent and not figure.percent:  # 5 is not 5 %
            return None
    return value * 10**decimals if exact >= decimals else None


def find(figure: Figure, ranking: list[tuple[float, Number]]) -> Number | None:
    """The number that a figure says, None where there is none or a slip of it comes earlier."""
    return search(figure, ranking)[0]


def search(figure: Figure, ranking: list[tuple[float, Number]]) -> tuple[Number | None, Number | None]:
    """The number that a figure says, and one that is in its way."""
    slips = {slip.digits for slip in figure.slips()} - set(figure.beside)
    wanted = 1 + figure.beside.count(figure.digits)  # twice in a sentence: two numbers say it
    zeros = len(figure.text) - len(figure.text.rstrip("0")) if not figure.decimals else 0
    reach = 10**zeros / 2 if ROUNDED.search(figure.clause) else 0.5
    blocked = None
    for decimals in scale(figure):
        barrier, seen, blocking = None, 0, None
        for score, number in ranking:
            if barrier is not None and score < barrier:
                break
            value = shows(number, figure, decimals)
            if value is None:
                continue
            turned = -value if figure.sign == "-" else value
            said = turned if figure.sign in ("+", "-") else abs(value)
            if abs(said - figure.digits) <= reach + 1e-6:
                seen += 1
                if seen == wanted:
                    return number, None
            elif barrier is None and round(abs(value)) in slips:
                barrier, blocking = score, number
        blocked = blocked or blocking
    return None, blocked
