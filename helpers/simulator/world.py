"""The constants of the simulated shop, and three small tools that every table shares."""

import numpy as np
import pandas as pd

SEGMENTS = ("loyal", "bargain", "browser", "one_off")
SHARES = np.array([0.11, 0.24, 0.35, 0.30])
TRAITS = ("log_visits", "cart", "buy", "log_value", "price_sensitivity", "drop_out")
# One row a segment: log visits per week, logit of a cart, logit of buying given a cart,
# log order value, price sensitivity, logit of the weekly drop-out.
TRAIT_MEANS = np.array(
    [
        [-1.35, 0.40, 0.25, 4.43, -0.8, -6.0],
        [-1.55, 0.25, 0.05, 3.78, 1.2, -5.2],
        [-1.35, -0.45, -0.75, 4.08, 0.3, -4.8],
        [-2.50, 1.80, 1.80, 4.18, 0.0, -0.2],
    ]
)
TRAIT_SDS = np.array([1.10, 0.35, 0.35, 0.62, 0.50, 0.60])

START = np.datetime64("2024-01-01", "us")
DAYS = 731  # two years, the first of them a leap year: to the end of 2025-12-31
DAY = 86_400  # seconds
BLACK_FRIDAYS = ("2024-11-25", "2025-11-24")  # the Monday of the week

CATEGORIES = ("fashion", "home", "electronics", "beauty", "sports", "toys")
POPULARITY = np.array([0.23, 0.20, 0.18, 0.15, 0.13, 0.11])
# Tilt of the taste by segment (rows) and by age band (rows): factors on POPULARITY.
TASTE_BY_SEGMENT = np.array(
    [
        [1.2, 1.2, 0.6, 1.5, 0.7, 0.8],
        [1.0, 1.2, 0.8, 1.0, 0.8, 1.6],
        [1.2, 0.6, 1.5, 0.9, 1.2, 0.6],
        [0.7, 1.2, 1.1, 0.8, 1.1, 1.3],
    ]
)
AGE_BANDS = ("18-24", "25-34", "35-44", "45-54", "55-64", "65+")
TASTE_BY_AGE = np.array(
    [
        [1.5, 0.4, 1.3, 1.4, 1.2, 0.4],
        [1.2, 0.8, 1.2, 1.1, 1.2, 1.0],
        [0.9, 1.1, 1.0, 0.8, 1.0, 1.8],
        [0.9, 1.3, 0.9, 0.9, 1.0, 1.0],
        [0.8, 1.5, 0.8, 0.9, 0.8, 0.7],
        [0.7, 1.6, 0.7, 1.0, 0.5, 0.9],
    ]
)

STYLES = ("classic", "trendy", "practical", "premium")
STYLE_SHARES = np.array([0.30, 0.25, 0.28, 0.17])
# category, subcategory, popularity within the category, relative price, the style that favors it
SUBCATEGORIES = pd.DataFrame(
    [
        ("fashion", "tops", 9, 0.7, "trendy"),
        ("fashion", "jeans", 7, 1.1, "classic"),
        ("fashion", "dresses", 6, 1.2, "trendy"),
        ("fashion", "shoes", 8, 1.5, "classic"),
        ("fashion", "jackets", 4, 2.0, "premium"),
        ("fashion", "underwear", 5, 0.4, "practical"),
        ("fashion", "bags", 4, 1.6, "premium"),
        ("fashion", "jewelry", 3, 1.4, "premium"),
        ("fashion", "workwear", 2, 1.2, "practical"),
        ("home", "bedding", 7, 1.1, "classic"),
        ("home", "kitchen", 8, 0.9, "practical"),
        ("home", "lighting", 4, 1.0, "trendy"),
        ("home", "furniture", 4, 3.0, "premium"),
        ("home", "decoration", 6, 0.6, "trendy"),
        ("home", "storage", 5, 0.7, "practical"),
        ("home", "garden", 3, 1.2, "classic"),
        ("electronics", "phones", 7, 3.0, "trendy"),
        ("electronics", "laptops", 4, 4.0, "premium"),
        ("electronics", "audio", 7, 1.5, "trendy"),
        ("electronics", "cameras", 2, 2.5, "premium"),
        ("electronics", "accessories", 9, 0.4, "practical"),
        ("electronics", "appliances", 5, 1.6, "practical"),
        ("electronics", "games", 6, 1.0, "classic"),
        ("beauty", "skin_care", 8, 0.7, "classic"),
        ("beauty", "makeup", 7, 0.6, "trendy"),
        ("beauty", "hair_care", 6, 0.5, "practical"),
        ("beauty", "fragrance", 4, 1.4, "premium"),
        ("beauty", "nails", 3, 0.3, "trendy"),
        ("beauty", "wellness", 3, 0.8, "classic"),
        ("sports", "running", 7, 1.3, "practical"),
        ("sports", "fitness", 7, 1.0, "trendy"),
        ("sports", "cycling", 4, 2.0, "premium"),
        ("sports", "outdoor", 5, 1.5, "classic"),
        ("sports", "team_sports", 4, 0.8, "classic"),
        ("sports", "yoga", 3, 0.7, "premium"),
        ("toys", "building_sets", 7, 1.3, "classic"),
        ("toys", "dolls", 5, 0.9, "trendy"),
        ("toys", "board_games", 6, 0.8, "classic"),
        ("toys", "baby", 5, 1.0, "practical"),
        ("toys", "puzzles", 3, 0.5, "premium"),
    ],
    columns=["category", "subcategory", "popularity", "price_level", "style"],
)
STYLE_FACTOR = 4.0  # how much more often a style takes to its own subcategories


def blend(by_segment: np.ndarray, sep: float) -> np.ndarray:
    """Pull the segments' rows toward their weighted mean: `sep` 1 keeps them, 0 merges them."""
    mean = SHARES @ by_segment
    return mean + sep * (by_segment - mean)


def draw(rng: np.random.Generator, weights: np.ndarray) -> np.ndarray:
    """Draw one column index per row of `weights` (n, k): not negative, need not sum to one."""
    cumulative = np.clip(weights, 0, None).cumsum(axis=1)
    uniform = rng.random(len(weights)) * cumulative[:, -1]
    return (cumulative <= uniform[:, None]).sum(axis=1)


def calendar() -> pd.DataFrame:
    """Return a row a day: `day`, `season` (factor on visits), `promotion` (bool).

    Season is 1 + .15 sin, highest in mid-November, + .9 in the week of Black Friday. Promotions
    run in every fifth week and in that of Black Friday.
    """
    day = pd.date_range(START, periods=DAYS, unit="us")
    number = np.arange(DAYS)
    friday = np.zeros(DAYS, dtype=bool)
    for monday in pd.to_datetime(list(BLACK_FRIDAYS)):
        friday |= (day >= monday) & (day < monday + pd.Timedelta(days=7))
    season = 1 + 0.15 * np.sin(2 * np.pi * (number - 227) / 365.25) + 0.9 * friday
    promotion = (number // 7 % 5 == 3) | friday
    return pd.DataFrame({"day": day, "season": season, "promotion": promotion})


def subcategory_shares(tail: float = 0.0) -> np.ndarray:
    """Return P(subcategory | category, style) as (6 categories, 4 styles, 40 subcategories).

    Popularity is taken to the power of 1 + `tail`.
    """
    own = SUBCATEGORIES["style"].to_numpy()[None, :] == np.array(STYLES)[:, None]
    weight = SUBCATEGORIES["popularity"].to_numpy() ** (1.0 + tail) * np.where(
        own, STYLE_FACTOR, 1.0
    )
    inside = SUBCATEGORIES["category"].to_numpy()[None, :] == np.array(CATEGORIES)[:, None]
    shares = inside[:, None, :] * weight[None, :, :]
    return shares / shares.sum(axis=2, keepdims=True)


def as_time(seconds: np.ndarray) -> np.ndarray:
    """Turn whole seconds since the shop opened into datetime64[us]."""
    return START + np.asarray(seconds).astype("int64").astype("timedelta64[s]")
