"""The figures of a text: each number that an author wrote, and the words around it.

Read are decimals, percentages, intervals in brackets, signed numbers, and counts of ten and more.
Code, links, dates, years, and the numbers of chapters and exercises are not figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

MONTHS = "January February March April May June July August September October November December"
FIGURE = re.compile(
    r"(?<![\w.,/:-])(?P<sign>[-+−])?(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)"
    r"(?P<percent>\s?%)?(?![\w,.]*\d|\w)"
)
PAIR = re.compile(r"\[[^\[\]a-zA-Z]*\d[^\[\]a-zA-Z]*\]")
BEHIND = re.compile(rf"\s?%?\s+({PAIR.pattern})")  # an interval behind an estimate
RANGE = re.compile(r" to [\d.]+\s?%|–[\d.]+\s?%")  # 46 to 48 %
NOT_READ = re.compile(
    r"`[^`]*`|\]\([^)]*\)|https?://\S+|<(?!!--)[^>]*>"  # code, links, tags
    rf"|\b\d{{1,2}} (?:{'|'.join(MONTHS.split())})\b"  # a day
    r"|\b(?:19|20)\d\d\b(?!,\d|\.\d)"  # a year
    r"|\b[Aa]rt\. \d+(?:\(\d+\))?"  # an article of a law
    r"|\b\d[\d,]*, \d[\d,]*,? or \d[\d,]*\?"  # choices of a guess
    r"|(?<![\d.])0\d(?:\.\d)?\b"  # a chapter, an exercise
)
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
HINT = re.compile(r"\s?%?\]?<!--(.*?)-->", re.DOTALL)
# what ends a paragraph, a sentence, a part of one
PARAGRAPH = re.compile(r"\n+")
SENTENCE = re.compile(r"(?<=[.!?:])[*)\"]*\s+(?=[A-Z\"*(`+−.\d])|\n+")
CLAUSE = re.compile(r"[,;:()—]\s|\|| but | and | against | or ")
WORD = re.compile(r"\bc\d\d\b|[^\W\d_]+²?|(?<![\d.,])\d[\d,]*(?![\d.,]*\d)")
EMPTY = frozenset(
    "the a an of in to and or is are be by for on at it as that this with from not no than but so "
    "what who which their its they has have had was were will would can all each".split()
)
SPELLED = "zero one two three four five six seven eight nine ten eleven twelve".split()
TENS = "twenty thirty forty fifty sixty seventy eighty ninety hundred".split()
NUMBERS = {word: str(number) for number, word in enumerate(SPELLED)}
NUMBERS |= {word: str(10 * number) for number, word in enumerate(TENS, start=2)}


def stems(text: str) -> frozenset[str]:
    """The words of a text, each cut to its first letters, so that `buyers` meets `buy`; whole
    numbers too, for tables have rows and columns named by one."""
    found = set()
    for word in WORD.findall(text.replace("_", " ").lower()):
        word = NUMBERS.get(word, word).replace(",", "")
        if word not in EMPTY:
            found.add(word if word[-1].isdigit() else word[:4])
    return frozenset(found)


@dataclass(frozen=True)
class Figure:
    """A number as it is written, without its sign and its percent sign, and what stands around."""

    text: str
    start: int  # where its digits begin in the text
    sign: str
    percent: bool
    paired: bool  # an end of an interval in brackets
    interval: tuple[int, ...]  # the one that it ends or stands before, as signed digits
    clause: str
    sentence: str
    paragraph: str  # up to the end of the sentence
    hint: str  # the comment behind it
    place: tuple[int, int]  # where its sentence begins and stops
    beside: tuple[int, ...] = ()  # the digits of others in the sentence that are alike in form

    @cached_property
    def decimals(self) -> int:
        return len(self.text.partition(".")[2])

    @cached_property
    def digits(self) -> int:
        return digits(self.text)

    @property
    def checked(self) -> bool:
        """Whether it is more than a count of one digit."""
        small = not self.decimals and self.digits < 10
        return not small or bool(self.sign) or self.percent or self.paired

    def alike(self, other: Figure) -> bool:
        """Whether another figure of the same sentence could be mistaken for this one."""
        forms = [(f.place, f.decimals, f.percent, f.paired) for f in (self, other)]
        return other is not self and forms[0] == forms[1]

    def slips(self) -> list[str]:
        """All texts of the same length that differ from its own in one digit."""
        texts = []
        for place, digit in enumerate(self.text):
            first = place == 0 and len(self.text) > 1 and self.text[1] != "."
            for other in "0123456789" if digit.isdigit() else "":
                if other != digit and not (first and other == "0"):
                    texts.append(self.text[:place] + other + self.text[place + 1 :])
        return texts


def digits(text: str) -> int:
    """A number as a whole one of its last decimal: .077 is 77."""
    return int(re.sub(r"\D", "", text))


def ends(bracket: str) -> tuple[int, ...]:
    """The ends of an interval in brackets, as digits with their signs."""
    return tuple(
        -digits(end) if set(end) & set("-−") else digits(end)
        for end in bracket.split(", ")
        if bracket
    )


def blank(match: re.Match) -> str:
    return " " * len(match[0])


def part(text: str, at: int, borders: re.Pattern) -> tuple[int, int]:
    """Where the part of a text begins and stops that holds the place `at`."""
    start, stop = 0, len(text)
    for border in borders.finditer(text):
        if border.end() <= at:
            start = border.end()
        elif border.start() >= at:
            stop = border.start()
            break
    return start, stop


def read(text: str) -> list[Figure]:
    """All figures of a text, in order."""
    found = [one(match, text) for match in FIGURE.finditer(COMMENT.sub(blank, without(text)))]
    figures = [figure for figure in found if figure.checked]
    return [
        replace(figure, beside=tuple(other.digits for other in figures if figure.alike(other)))
        for figure in figures
    ]


def without(text: str) -> str:
    """A text with blanks in place of what holds no figures."""
    return NOT_READ.sub(blank, text)


def one(match: re.Match, text: str) -> Figure:
    """A figure, from where it was found in a text without code and comments."""
    bare, (at, stop) = match.string, match.span("digits")
    brackets = (pair for pair in PAIR.finditer(bare) if pair.start() < at < pair.end())
    bracket = next((pair[0] for pair in brackets), "")
    behind = BEHIND.match(COMMENT.sub(blank, text), stop)
    hint = HINT.match(text, stop)
    # words are those of the whole text; a clause does not end within `1,234` or `.5`
    words = COMMENT.sub(blank, text[:at] + " " * (stop - at) + text[stop:])
    sentence, paragraph = part(bare, at, SENTENCE), part(bare, at, PARAGRAPH)
    clause = part(words[slice(*sentence)], at - sentence[0], CLAUSE)
    return Figure(
        text=match["digits"],
        start=at,
        sign=(match["sign"] or "").replace("−", "-"),
        percent=bool(match["percent"] or RANGE.match(bare, stop)) or "%" in bracket,
        paired=bool(bracket),
        interval=ends(bracket or (behind[1] if behind else "")),
        clause=words[slice(*sentence)][slice(*clause)],
        sentence=words[slice(*sentence)],
        paragraph=words[paragraph[0] : sentence[1]],
        hint=hint[1] if hint else "",
        place=sentence,
    )
