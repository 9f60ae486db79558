"""Is a figure of the text among the numbers that it may speak of?

The numbers stand in an order: the nearer to the text, and the more (and rarer) words its line, row
and column share with the figure's sentence, the earlier. A figure is found if a number, rounded as
the figure is written, says the same, and no number comes earlier that **a slip in one digit** would
turn the figure into. So a figure of many digits is found wherever it stands, and one of two digits
only where the words point at its number.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from prose.figures import Figure, digits, stems
from prose.numbers import Number

BLOCK = 2.0  # what each block of cells between text and number costs, up to four of them
WORDS = 4.0  # what a perfect agreement of the words earns
SENTENCE, PARAGRAPH, HINT = 0.4, 0.1, 3.0  # what words count, those of the clause being 1
ALIKE = 2.0  # as many decimals as the figure
CHANGE = 1.5  # a signed number where the text speaks of a change, and none where it does not
EPSILON = 1e-6

ROUNDED = re.compile(r"\b(about|some|nearly|almost|around|over|up to|more than|at least)\b")
ENDS = re.compile(r"\b(intervals?|from|between|anything|possible|within)\b")
POINTS = re.compile(r"percentage point|points?\b|of 100\b")
CHANGES = re.compile(
    r"\b(gain|los[est]|lead|costs?\b|less|ahead|behind|above|below|differ|better|worse|adds?\b"
    r"|brings?\b|by [+−±]?\.?\d)"
)
CLAIM = re.compile(r"\bc\d\d\b")


@dataclass
class Placed:
    """A number as it is seen from a text: how many blocks of cells away it stands."""

    number: Number
    away: float


@dataclass
class Answer:
    """What became of a figure: the number that says it; if there is none, one that says it but is
    hidden behind a slip of it, and that slip."""

    found: Number | None = None
    hidden: Number | None = None
    slip: Number | None = None


@dataclass
class Reading:
    """A figure as it is read: of what it speaks, and which numbers it can mean."""

    figure: Figure

    @cached_property
    def words(self) -> dict[str, float]:
        """What each word around the figure counts."""
        figure, counts = self.figure, {}
        for text, weight in (
            (figure.paragraph, PARAGRAPH),
            (figure.sentence, SENTENCE),
            (figure.clause, 1.0),
            (figure.hint, HINT),
        ):
            counts |= dict.fromkeys(stems(text), weight)
        return counts

    @cached_property
    def change(self) -> bool:
        return bool(self.figure.sign or CHANGES.search(self.figure.clause))

    @cached_property
    def claim(self) -> str:
        """The claim that the text speaks of: named in the sentence, or last in the paragraph."""
        named = CLAIM.findall(self.figure.sentence) or CLAIM.findall(self.figure.paragraph) or [""]
        return named[-1]

    @cached_property
    def ends(self) -> bool:
        return bool(ENDS.search(self.figure.sentence))

    @cached_property
    def decimals(self) -> list[int]:
        """How many decimals a number must show: those of a share, of the figure as it stands."""
        figure = self.figure
        if figure.percent:
            return [figure.decimals + 2]
        points = not figure.text.startswith(".") and POINTS.search(figure.sentence)
        return [figure.decimals, figure.decimals + 2] if points else [figure.decimals]

    @cached_property
    def reach(self) -> float:
        """How far a number may lie from the figure, in units of its last digit."""
        zeros = (
            0 if self.figure.decimals else len(self.figure.text) - len(self.figure.text.rstrip("0"))
        )
        return (10**zeros if ROUNDED.search(self.figure.clause) else 1) / 2 + EPSILON

    def value(self, number: Number, decimals: int) -> float | None:
        """A number in units of the figure's last digit, None if the figure cannot mean it."""
        figure = self.figure
        if number.decimals < decimals or (number.claim and number.claim != self.claim):
            return None
        if figure.paired != number.end and (figure.paired or not self.ends):
            return None
        if number.percent and not figure.percent and decimals == 0:  # 5 is not 5 %
            return None
        if not self.same_interval(number, decimals):
            return None
        value = number.value * 10**decimals
        if figure.sign and not figure.interval:  # an interval has looked after the signs
            return -value if figure.sign == "-" else value
        return abs(value)

    def same_interval(self, number: Number, decimals: int) -> bool:
        """Whether the number has the interval that the figure is written with, if there is one."""
        written = self.figure.interval
        if len(written) != 2:
            return True
        ends = [end * 10**decimals for end in number.interval]
        turned = [-end for end in reversed(ends)]  # b − a for a − b
        return len(ends) == 2 and any(
            all(abs(end - whole) <= 0.5 + EPSILON for end, whole in zip(way, written, strict=True))
            for way in (ends, turned)
        )

    def score(self, place: Placed) -> float:
        """How likely the figure means a number."""
        number = place.number
        shared = sum(
            weight * self.words[word]
            for word, weight in number.weights.items()
            if word in self.words
        )
        alike = number.decimals == self.decimals[0]
        change = number.signed == self.change and not number.end
        return WORDS * shared + ALIKE * alike + CHANGE * change - BLOCK * min(place.away, 4)


def find(figure: Figure, placed: list[Placed]) -> Answer:
    """Look for a figure among the numbers that its text may speak of."""
    reading = Reading(figure)
    slips = {digits(slip) for slip in figure.slips()} - set(figure.beside)
    wanted = 1 + figure.beside.count(figure.digits)  # twice in a sentence: two numbers say it
    answer = Answer()
    for decimals in reading.decimals:
        saying, slipped = [], []
        for place in placed:
            value = reading.value(place.number, decimals)
            if value is None:
                continue
            if abs(value - figure.digits) <= reading.reach:
                saying.append(place)
            elif round(value) in slips:
                slipped.append(place)
        saying.sort(key=reading.score, reverse=True)
        nearest = max(slipped, key=reading.score, default=None)
        if len(saying) < wanted:
            continue
        last = saying[wanted - 1]
        if nearest is None or reading.score(last) >= reading.score(nearest) - EPSILON:
            return Answer(found=last.number)
        answer = Answer(hidden=last.number, slip=nearest.number)
    return answer
