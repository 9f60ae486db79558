"""One shop whose truth is known, written as Shopify would and as a German shop system would."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SHOPIFY = (
    "Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,"
    "Discount Code,Discount Amount,Shipping Method,Created at,Lineitem quantity,Lineitem name,"
    "Lineitem price,Lineitem sku,Billing Name,Cancelled at,Refunded Amount,Vendor,Id"
).split(",")
START, DAYS = pd.Timestamp("2023-01-02"), 730
GOODS = [("Krüge", "Krug blau", 1990), ("Krüge", "Krug groß", 3450), ("Tassen", "Tasse", 990)]
GOODS += [("Tassen", "Tasse mit Henkel", 1295), ("Schalen", "Schüssel", 2999)]


@dataclass(frozen=True)
class Truth:
    """What happened, in cents.

    Attributes:
        lines: order, customer, at, category, product, quantity, price (a piece), discount, paid
            (price x quantity - discount).
        orders: by order: customer, at, shipping, tax (beside the prices), voided, refund (money
            paid back for goods), whole (all of it, shipping too), back_at.
    """

    lines: pd.DataFrame
    orders: pd.DataFrame

    @property
    def standing(self) -> pd.DataFrame:
        """The orders that count, with `goods`, the money left of them."""
        goods = self.lines.groupby("order")["paid"].sum() - self.orders["refund"]
        some = self.orders.assign(goods=goods)
        return some[~some["voided"] & ~some["whole"]]

    def total_of(self, order: int) -> int:
        """What the customer was asked for, in cents."""
        paid = self.lines.loc[self.lines["order"] == order, "paid"].sum()
        return int(paid + self.orders.loc[order, ["shipping", "tax"]].sum())

    @property
    def shop_system(self) -> int:
        """What the shop system shows: totals less what was paid back, without voided orders."""
        paid = self.lines.groupby("order")["paid"].sum()
        asked = paid + self.orders["shipping"] + self.orders["tax"]
        back = self.orders["refund"].where(~self.orders["whole"], asked)
        return int((asked - back)[~self.orders["voided"]].sum())


def one_shop(seed: int = 0, customers: int = 300, tax: float = 0.0, refunds: float = 0.03) -> Truth:
    """Draw a shop: two thirds buy once, Christmas peaks, 3% whole refunds, as many in part,
    discounts, shipping, voided orders. `tax` comes on top of the prices."""
    rng = np.random.default_rng(seed)
    lines, orders = [], []
    for customer in range(customers):
        many = 1 if rng.random() < 0.64 else 2 + rng.geometric(0.3)
        for _ in range(many):
            day = rng.integers(0, DAYS)
            if rng.random() < 0.2:  # Christmas
                day = 365 * rng.integers(0, 2) + rng.integers(325, 355)
            at = START + pd.Timedelta(days=int(day), seconds=int(rng.integers(0, 86_400)))
            orders.append((customer, at))
    orders.sort(key=lambda order: order[1])
    rows = []
    for number, (customer, at) in enumerate(orders):
        chosen = rng.choice(len(GOODS), size=rng.integers(1, 4), replace=False)
        pieces = rng.integers(1, 4, len(chosen))
        prices = np.array([GOODS[good][2] for good in chosen])
        worth = prices * pieces
        whole_discount = int(worth.sum() * 0.1) if rng.random() < 0.15 else 0
        upto = np.round(whole_discount * np.cumsum(worth) / worth.sum()).astype(int)
        discount = np.diff(upto, prepend=0)
        for good, piece, price, off in zip(chosen, pieces, prices, discount, strict=True):
            category, product, _ = GOODS[good]
            paid = int(price * piece - off)
            lines.append(
                (number, customer, at, category, product, int(piece), int(price), int(off), paid)
            )
        paid = int(worth.sum() - whole_discount)
        shipping = 490 if paid < 5_000 else 0
        voided = bool(rng.random() < 0.02)
        draw, share = rng.random(), rng.random()
        whole = not voided and draw < refunds
        some = not voided and refunds <= draw < 2 * refunds
        refund = paid if whole else int(paid * (0.1 + 0.6 * share)) if some else 0
        rest = START + pd.Timedelta(days=DAYS) - at
        back_at = at + min(pd.Timedelta(days=int(rng.integers(1, 20))), rest / 2)
        rows.append(
            (customer, at, shipping, round(tax * paid), voided, refund, whole, back_at.floor("s"))
        )
    return Truth(
        pd.DataFrame(
            lines,
            columns=["order", "customer", "at", "category", "product", "quantity", "price"]
            + ["discount", "paid"],
        ),
        pd.DataFrame(
            rows,
            columns=["customer", "at", "shipping", "tax", "voided", "refund", "whole", "back_at"],
        ),
    )


def as_shopify(truth: Truth) -> str:
    """Shopify's export of orders: what concerns an order stands on its first line alone."""
    rows = []
    for number, lines in truth.lines.groupby("order"):
        order = truth.orders.loc[number]
        total = truth.total_of(number)
        status = "paid"
        status = "partially_refunded" if order["refund"] else status
        status = "refunded" if order["whole"] else "voided" if order["voided"] else status
        head = {
            "Financial Status": status,
            "Currency": "EUR",
            "Subtotal": _point(lines["paid"].sum()),
            "Shipping": _point(order["shipping"]),
            "Taxes": _point(order["tax"]),
            "Total": _point(total),
            "Discount Code": "ADVENT" if lines["discount"].sum() else "",
            "Discount Amount": _point(lines["discount"].sum()),
            "Billing Name": f"Kunde {order['customer']}",
            "Refunded Amount": _point(total if order["whole"] else order["refund"]),
            "Id": str(9_000 + number),
        }
        for line in lines.itertuples():
            row = {
                "Name": f"#{1_000 + number}",
                "Email": f"kunde{order['customer']}@example.org",
                "Created at": f"{order['at']:%Y-%m-%d %H:%M:%S} +0100",
                "Lineitem quantity": str(line.quantity),
                "Lineitem name": line.product,
                "Lineitem price": _point(line.price),
            }
            rows.append(row | head)
            head = {}
    return pd.DataFrame(rows, columns=SHOPIFY).to_csv(index=False)


def as_german(truth: Truth, notes: str = "number", priced: bool = True) -> bytes:
    """A German shop system's export: semicolons, Windows-1252, decimal commas, credit notes.

    Args:
        truth: What happened.
        notes: Whether a credit note has the "number" of its order, a number of its own and a
            "column" that names the order, a "text" that does, or nothing but the "amount".
        priced: With the price of a piece (which shows that amounts are after the discount).
    """
    rows = []
    for number, lines in truth.lines.groupby("order"):
        order = truth.orders.loc[number]
        total = truth.total_of(number)
        status = "storniert" if order["voided"] else "bezahlt"
        for first, line in zip([True] + [False] * len(lines), lines.itertuples(), strict=False):
            rows.append(
                {
                    "Bestellnummer": str(20_000 + number),
                    "Bestelldatum": order["at"],
                    "Kundennummer": f"K{order['customer']:05d}",
                    "Status": status,
                    "Artikel": line.product,
                    "Warengruppe": line.category,
                    "Menge": str(line.quantity),
                    "Einzelpreis": _comma(line.price),
                    "Rabatt": _comma(line.discount),
                    "Betrag": _comma(line.paid),
                    "Versandkosten": _comma(order["shipping"]) if first else "",
                    "Steuer": _comma(order["tax"]) if first else "",
                    "Gesamtbetrag": _comma(total),
                    "Bezug": "",
                }
            )
        if order["refund"]:
            rows += _credit_note(number, order, lines, total, notes)
    frame = pd.DataFrame(rows).sort_values("Bestelldatum", kind="stable")
    frame["Bestelldatum"] = frame["Bestelldatum"].dt.strftime("%d.%m.%Y %H:%M:%S")
    frame = frame.drop(columns=[] if priced else ["Einzelpreis"])
    frame = frame.drop(columns=[] if notes == "column" else ["Bezug"])
    return frame.to_csv(index=False, sep=";").encode("cp1252")


def _credit_note(
    number: int, order: pd.Series, lines: pd.DataFrame, total: int, notes: str
) -> list[dict[str, object]]:
    """The lines of one, with negative amounts: those of the order, or a part of the money."""
    named = str(20_000 + number)
    parts = [(line.product, line.category, line.paid) for line in lines.itertuples()]
    if not order["whole"]:
        parts = [("Nachlass", parts[0][1], order["refund"])]
    back = total if order["whole"] else order["refund"]
    return [
        {
            "Bestellnummer": named if notes == "number" else f"GS{70_000 + number}",
            "Bestelldatum": order["back_at"],
            "Kundennummer": f"K{order['customer']:05d}",
            "Status": "Gutschrift",
            "Artikel": f"{product} (Gutschrift zu {named})" if notes == "text" else product,
            "Warengruppe": category,
            "Menge": "1",
            "Einzelpreis": _comma(-money),
            "Rabatt": "",
            "Betrag": _comma(-money),
            "Versandkosten": "",
            "Steuer": "",
            "Gesamtbetrag": _comma(-back),
            "Bezug": named if notes == "column" else "",
        }
        for product, category, money in parts
    ]


def _point(cents: float) -> str:
    return f"{cents / 100:.2f}"


def _comma(cents: float) -> str:
    return f"{cents / 100:,.2f}".replace(",", "_").replace(".", ",").replace("_", ".")
