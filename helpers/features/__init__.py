"""What was known about each customer at a cut-off.

`build(store, as_of)` gives one row per customer with any record before the cut-off. Every column
uses only rows **strictly before** `as_of`; an order canceled before `as_of` is as if it had never
been placed, one canceled later still counts, because nobody knew. A visit counts whole at its
start.

| column                    | unit        | meaning                                               |
|---------------------------|-------------|-------------------------------------------------------|
| `recency`                 | days        | since the last order; missing if `never_bought`       |
| `never_bought`            | bool        | no order that still stands                            |
| `frequency`               | orders      |                                                       |
| `monetary`                | currency    | sum of the amounts, 0 without orders                  |
| `order_rate`              | per 30 days | orders per 30 days of tenure (taken as 30 at least)   |
| `top_category_share`      | 0 to 1      | share of the favorite category, as counted            |
| `interest_count`          | looks/lines | what stands behind that share                         |
| `category_interest_score` | 0 to 1      | the same share, shrunk toward the mean                |
| `tenure`                  | days        | since the first record of any kind                    |
| `days_since_activity`     | days        | since the last visit or order; missing without either |
| `active_days`             | days        | days with a visit or an order among the last 90       |
| `activity_trend`          | -1 to 1     | (a - b) / (a + b + 1): active days of the last 90     |
|                           |             | against the 90 before                                 |
| with `visits`:            |             |                                                       |
| `visits`                  | visits      |                                                       |
| `visit_recency`           | days        | since the last visit; missing if `visits` is 0        |
| `visit_rate`              | per 30 days | visits per 30 days of tenure (taken as 30 at least)   |
| `seconds`                 | s           | looking at any category, idle time capped             |
| `seconds_<category>`      | s           | looking at this category                              |
| `share_<category>`        | 0 to 1      | of the seconds in known categories; missing without   |
| `carts`                   | visits      | visits in which anything was added to the cart        |
| `abandoned_carts`         | visits      | carts without an order in that visit                  |
| `cart_abandonment`        | 0 to 1      | abandoned_carts / carts, shrunk toward the mean       |
| with `customers`:         |             |                                                       |
| `account_age`             | days        | since sign-up; missing if not known at the cut-off    |

The favorite category is the one with most seconds (`interest_count` then counts looks: a category
in a visit); of customers without any seconds, the one with most order lines (counts lines). Rows
without a category do not enter. A category's seconds in one visit are capped at `IDLE_SECONDS`,
because a longer stay is mostly an open tab.

The two shrunk columns of `build` come from a `ShrinkRates` fitted on that very frame; in a
modeling pipeline `ShrinkRates()` stands first and learns from the training rows only.
"""

from helpers.features.building import (
    MAX_CATEGORIES,
    browsed_categories,
    build,
    fetch,
    known_customers,
    tables_of,
)
from helpers.features.cut_off import canceled_before, cutoff, end_of, standing
from helpers.features.definitions import IDLE_SECONDS, define
from helpers.features.first_orders import first_orders
from helpers.features.shrinkage import RATES, ShrinkRates, fit_beta_binomial

__all__ = [
    "IDLE_SECONDS",
    "MAX_CATEGORIES",
    "RATES",
    "ShrinkRates",
    "browsed_categories",
    "build",
    "canceled_before",
    "cutoff",
    "define",
    "end_of",
    "fetch",
    "first_orders",
    "fit_beta_binomial",
    "known_customers",
    "standing",
    "tables_of",
]
