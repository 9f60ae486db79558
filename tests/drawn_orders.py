"""Orders of drawn customers, each at a rate of their own until they leave, up to a fixed day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers import shop

AS_OF = pd.Timestamp("2024-07-01")
DAY = pd.Timedelta("1D")


def ago(days: float) -> pd.Timestamp:
    """So many days before `AS_OF`."""
    return AS_OF - days * DAY


def store_of(orders: list[tuple[str, pd.Timestamp, float]], name: str = "s") -> shop.Shop:
    """A shop of these orders: customer, time, amount."""
    purchases = pd.DataFrame(orders, columns=["customer_id", "ordered_at", "amount"])
    purchases["order_id"] = [str(number) for number in range(len(purchases))]
    return shop.Shop(name, shop.conform(purchases, "purchases"))


def drawn(
    seed: int, customers: int, leave: float, often: float = 1.5, begun: float = 700
) -> shop.Shop:
    """Two years of orders of so many customers. Each begins within the first `begun` days, orders
    at a rate of `often` in 60 days in the mean, and leaves after an order with the probability
    `leave`."""
    rng = np.random.default_rng(seed)
    orders = []
    for number in range(customers):
        at, rate = rng.uniform(0, begun), rng.gamma(often, 1 / 60)
        while at < 730:
            orders.append((f"c{number}", ago(730 - at), round(float(rng.lognormal(3, 1)), 2)))
            if rng.random() < leave:
                break
            at += rng.exponential(1 / rate)
    return store_of(orders)
