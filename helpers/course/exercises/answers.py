"""How answers are read, for all chapters: each reader returns the answer in one plain form, or
raises `Unreadable` with a sentence about what stands there instead.

| reader      | reads                                                                    |
|-------------|--------------------------------------------------------------------------|
| `letter`    | a choice: "c", "(C)", "c) wait", ["c"]                                   |
| `number`    | one number: 0.22, "0.22", "22 %", [0.22], an array or Series of one      |
| `numbers`   | a fixed count or grid of numbers: a list, dict, Series, frame            |
| `name`      | one column name; `names`: several, also as a set, a dict or one text     |
| `per_row`   | a value for each row, a Series by its index                              |
| `decisions` | a yes or no for each row                                                 |
| `by_label`  | a Series of numbers by customer                                          |
| `frame`     | a table                                                                  |

`equals` says whether a number is another one, as it is or rounded: a mistake is named only where
the answer equals its value.
"""

from __future__ import annotations

import math
import numbers as kinds
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from pandas.api.extensions import ExtensionArray

from helpers.course.exercises.exercise import Unreadable, Wrong
from helpers.errors import counted

SEVERAL = (
    list,
    tuple,
    set,
    frozenset,
    np.ndarray,
    pd.Series,
    pd.Index,
    pd.DataFrame,
    dict,
    ExtensionArray,
)
WORDS = {"yes": True, "no": False, "true": True, "false": False, "y": True, "n": False}
NAN = (
    "NaN, not a number: usually a division by zero, a missing value in the data, or two Series "
    "whose indexes differ, so that pandas found no partner"
)


def reject_objects(answer: object) -> None:
    """Raise Unreadable for what is no value at all: None, a function, a model."""
    if answer is None:
        raise Unreadable("This is None: print, and methods that change in place, return nothing.")
    if hasattr(answer, "fit"):
        raise Unreadable(f"This is a model ({type(answer).__name__}), not what it returns.")
    if callable(answer):
        raise Unreadable("This is a function or a class that has not been called.")


def unrolled(answer: object) -> object:
    """The answer, an iterator as a list of what it yields; an error on the way is shown."""
    if not isinstance(answer, Iterator):
        return answer
    try:
        return list(answer)
    except Exception as error:
        said = str(error).strip().rstrip(".") or type(error).__name__
        raise Wrong(f"Running this stopped with an error that says: {said}.") from error


def single(answer: object) -> object:
    """The one value inside a container of one, however deep; anything else as it is."""
    reject_objects(answer)
    answer = unrolled(answer)
    while isinstance(answer, SEVERAL):
        flat = values_of(answer)
        if len(flat) != 1 or flat[0] is answer:
            break
        answer = flat[0]
    return answer


def values_of(answer: Any) -> list[Any]:
    """The values of a container: of a dict its values, of a frame all cells, row by row."""
    if isinstance(answer, Mapping):
        return list(answer.values())
    if isinstance(answer, (pd.Series, pd.Index, pd.DataFrame, np.ndarray)):
        return np.asarray(answer, dtype=object).ravel().tolist()
    return list(answer)


def letter(answer: object, replies: Mapping[str, str], right: str, why: str) -> str:
    """Return `why` for the right letter; raise Wrong with the reply to another one.

    Args:
        answer: What was answered.
        replies: What to say to each wrong letter.
        right: The right letter.
        why: What to say to it.
    """
    found = single(answer)
    known = sorted([*replies, right])
    if isinstance(found, SEVERAL):
        raise Unreadable(f"These are {counted(len(found), 'value')}; choose one.")
    if not isinstance(found, str):
        raise Unreadable(f"{described(found)} is no letter.")
    # a letter alone, or one that a mark divides from the words after it; "a good one" is words
    match = re.match(r"\W*([a-z])(?:\W*$|\s*[).:,;–-]\s*(.*))", found.strip().lower())
    if not match:
        raise Unreadable(f"{found!r} does not begin with the letter of a choice.")
    if match[2] and re.fullmatch(r"\W*[a-z]\W*", match[2]):
        raise Unreadable("These are two letters; choose one.")
    if match[1] == right:
        return why
    if match[1] not in replies:
        raise Unreadable(f"There is no choice {match[1]!r}, only {', '.join(known)}.")
    raise Wrong(replies[match[1]])


def described(value: object) -> str:
    """A value as a sentence names it: short, on one line, without an error of its own."""
    try:
        text = " ".join(repr(str(value) if isinstance(value, str) else value).split())
    except Exception:
        text = ""
    return text if 0 < len(text) <= 40 else f"A value of type {type(value).__name__}"


def as_float(value: Any) -> float:
    """A single value as a float; percent becomes a share. Raises Unreadable, NaN included."""
    if value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        raise Unreadable(f"This is {NAN}.")
    if isinstance(value, (bool, np.bool_)):
        raise Unreadable(f"{value} is a truth value, not a number.")
    if isinstance(value, str):
        value = parsed(value)
    if not isinstance(value, kinds.Real) and type(value).__name__ != "Decimal":
        raise Unreadable(f"{described(value)} is not a number.")
    try:
        result = float(value)
    except OverflowError:
        raise Unreadable("This number is too large to be meant.") from None
    if math.isnan(result):
        raise Unreadable(f"This is {NAN}.")
    if math.isinf(result):
        raise Unreadable("This is infinite: usually a division by zero.")
    return result


def parsed(text: str) -> float:
    """A number as people write it: "0.22", "0,22", "1,234", "22 %", "−0.1"."""
    bare = text.strip().replace("−", "-")
    percent, bare = bare.endswith("%"), bare.rstrip("% ")
    if re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    elif re.fullmatch(r"-?\d+,\d+", bare):
        bare = bare.replace(",", ".")
    try:
        value = float(bare)
    except ValueError:
        raise Unreadable(f"The text {described(text)} is not a number.") from None
    return value / 100 if percent else value


def number(answer: object, field: str = "", whole: bool = False) -> float:
    """One number.

    Args:
        answer: What was answered.
        field: An attribute that holds the number, where a result of a helper is as good.
        whole: Whether only whole numbers are asked for.
    """
    if field and hasattr(answer, field):
        answer = getattr(answer, field)
    answer = single(answer)
    if isinstance(answer, SEVERAL):
        size = len(values_of(answer))
        raise Unreadable(
            f"These are {counted(size, 'value')}, not one: count, add or average them."
            if size
            else "This is empty."
        )
    value = as_float(answer)
    if whole and not value.is_integer():
        raise Unreadable(f"{value:g} is not a whole number.")
    return value


def share(answer: object, field: str = "") -> float:
    """A number between 0 and 1; says so where it looks like percent."""
    value = number(answer, field)
    if 1 < value <= 100:
        raise Unreadable(
            f"{value:g} lies above 1. If it is meant in percent, divide by 100 (or write it as "
            "text with the sign %)."
        )
    if not 0 <= value <= 1:
        raise Unreadable(f"{value:g} does not lie between 0 and 1.")
    return value


def numbers(
    answer: object,
    shape: tuple[int, ...],
    labels: Sequence[str] | None = None,
    nan: bool = False,
) -> np.ndarray:
    """Numbers in a fixed shape. A dict or Series whose keys are `labels` is put in their order;
    NaN is let through where `nan` says so."""
    reject_objects(answer)
    answer = unrolled(answer)
    if isinstance(answer, (set, frozenset)):
        raise Unreadable("A set has no order; a tuple or a list has.")
    if labels and isinstance(answer, (dict, pd.Series)):
        by_name = {str(key).lower(): value for key, value in answer.items()}
        if set(by_name) == set(labels):
            answer = [by_name[label] for label in labels]
    if isinstance(answer, Mapping):
        answer = list(answer.values())
    if isinstance(answer, str) or not isinstance(answer, Iterable):
        raise Unreadable(f"{described(answer)} is one value.")
    try:
        grid = np.array(answer, dtype=object)
    except ValueError:
        raise Unreadable("Its rows are of unlike length.") from None
    if grid.size == math.prod(shape) and 1 in (*grid.shape, len(shape)) and len(shape) == 1:
        grid = grid.ravel()
    if grid.shape != shape:
        raise Unreadable(f"This has {sized(grid.shape)}, not {sized(shape).split(' value')[0]}.")
    flat = [
        np.nan if nan and isinstance(value, float) and math.isnan(value) else as_float(value)
        for value in grid.ravel()
    ]
    return np.array(flat).reshape(shape)


def name(answer: object, known: Iterable[str] | None = None) -> str:
    """One of the names `known`, whatever its case; any name where none are given."""
    found = single(answer)
    if isinstance(found, SEVERAL):
        raise Unreadable("These are several values, or none; one name was asked for.")
    if not isinstance(found, str):
        raise Unreadable(f"{described(found)} is not a name in quotes.")
    return found.strip() if known is None else spelled(found, known)


def spelled(text: str, known: Iterable[str]) -> str:
    """The name among `known` that `text` means. Raises Unreadable, which lists them."""
    known = list(known)
    for candidate in known:
        if text.strip().lower() == candidate.lower():
            return candidate
    raise Unreadable(f"There is no column {text.strip()!r}, only {', '.join(known)}.")


def names(answer: Any, known: Iterable[str]) -> set[str]:
    """Several of the names `known`: any collection of them, a text with commas, the columns of a
    frame, the keys of a dict, or where a Series or dict of True and False says True."""
    reject_objects(answer)
    answer = unrolled(answer)
    if isinstance(answer, str):
        answer = [part for part in answer.split(",") if part.strip()]
    if isinstance(answer, pd.DataFrame):
        answer = answer.columns
    if isinstance(answer, (dict, pd.Series)) and len(answer):
        values = values_of(answer)
        if all(isinstance(value, (bool, np.bool_)) for value in values):
            answer = [key for key, value in answer.items() if value]
    if not isinstance(answer, SEVERAL):
        raise Unreadable(f"{described(answer)} is no list.")
    parts = list(answer) if isinstance(answer, dict) else values_of(answer)
    for part in parts:
        if not isinstance(part, str):
            missing = isinstance(part, float) and math.isnan(part)
            raise Unreadable(
                f"One entry is {NAN}." if missing else "Some of its entries are not names."
            )
    return {spelled(part, known) for part in parts}


def per_row(answer: object, index: pd.Index) -> np.ndarray:
    """One value for each row, in the order of `index`. A Series, frame or dict with the same labels
    in another order is aligned; other labels are ignored."""
    reject_objects(answer)
    answer = unrolled(answer)
    if isinstance(answer, dict):
        answer = pd.Series(answer, dtype=object)
    if isinstance(answer, pd.DataFrame) and answer.shape[1] == 1:
        answer = answer.iloc[:, 0]
    if isinstance(answer, (set, frozenset)):
        raise Unreadable("A set has no order and holds no value twice.")
    if not isinstance(answer, SEVERAL):
        raise Unreadable(f"{described(answer)} is one value, not one for each row.")
    if isinstance(answer, pd.Series) and same_labels(answer.index, index):
        answer = answer.reindex(index)
    try:
        values = np.asarray(answer)
    except ValueError:
        raise Unreadable("Its rows are of unlike length.") from None
    if values.ndim == 2 and 1 in values.shape:
        values = values.ravel()
    if values.shape != (len(index),):
        raise Unreadable(f"This has {sized(values.shape)}; there are {len(index):,} rows.")
    if pd.isna(values).any():
        raise Unreadable(f"{counted(int(pd.isna(values).sum()), 'value')} missing ({NAN}).")
    return values


def sized(shape: tuple[int, ...]) -> str:
    """Return "1 value", "3 × 6 values"."""
    text = " × ".join(f"{n:,}" for n in shape) or "1"
    return f"{text} value{'' if text == '1' else 's'}"


def same_labels(given: pd.Index, index: pd.Index) -> bool:
    return len(given) == len(index) and given.is_unique and given.isin(index).all()


def decisions(answer: object, index: pd.Index) -> np.ndarray:
    """A yes or no for each row, (n,) of bool: True and False, 1 and 0, "yes" and "no"."""
    values = per_row(answer, index)
    if values.dtype == bool:
        return values
    if all(isinstance(value, str) for value in values):
        words = {word: WORDS.get(word.strip().lower()) for word in set(values)}
        if unknown := sorted(word for word, meaning in words.items() if meaning is None):
            raise Unreadable(f"The text {described(unknown[0])} is neither yes nor no.")
        return np.array([words[value] for value in values])
    if not all(isinstance(value, (kinds.Real, bool, np.bool_)) for value in values):
        raise Unreadable("Some of its values are neither numbers nor True or False.")
    if not np.isin(values, [0, 1]).all():
        raise Unreadable("These are numbers, not True and False: a decision compares them.")
    return values.astype(bool)


def by_label(answer: object) -> pd.Series:
    """Numbers by label: a Series, a dict, a frame of one column (or of a column of labels and one
    of numbers). NaN stays."""
    reject_objects(answer)
    if isinstance(answer, dict):
        answer = pd.Series(answer, dtype=object)
    if isinstance(answer, pd.DataFrame):
        if "customer_id" in answer:
            answer = answer.set_index("customer_id")
        if answer.shape[1] != 1:
            raise Unreadable(f"This frame has {counted(answer.shape[1], 'column')} of values.")
        answer = answer.iloc[:, 0]
    if not isinstance(answer, pd.Series):
        raise Unreadable(f"{described(answer)} does not say which value is whose.")
    try:
        return pd.to_numeric(answer).astype(float)
    except (TypeError, ValueError):
        raise Unreadable("Some of its values are not numbers.") from None


def frame(answer: object) -> pd.DataFrame:
    """A table."""
    reject_objects(answer)
    if not isinstance(answer, pd.DataFrame):
        raise Unreadable(f"This is of type {type(answer).__name__}, not a DataFrame.")
    return answer


def equals(given: object, target: object, decimals: int = 3) -> bool:
    """Whether numbers are the target, as it is or rounded to `decimals` places or more."""
    given, target = np.asarray(given, dtype=float), np.asarray(target, dtype=float)
    if np.allclose(given, target, rtol=1e-6, atol=1e-12):
        return True
    return any(
        np.allclose(given, np.round(target, places), rtol=0, atol=1e-12)
        for places in range(decimals, 10)
    )


def name_mistake(given: object, mistakes: Mapping[str, object], decimals: int = 3) -> None:
    """Raise Wrong with the sentence of the mistake whose value `given` is, if it is one's."""
    for reply, value in mistakes.items():
        if equals(given, value, decimals):
            raise Wrong(reply)
