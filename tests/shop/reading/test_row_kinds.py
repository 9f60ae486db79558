"""What a row is: tables of customers are recognized, orders with one row a customer stay orders,
and what could be both is asked."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import shop
from helpers.files import DATA

N = 40
RNG = np.random.default_rng(0)
WHOLE = RNG.integers(1, 90, N)
DAYS = pd.date_range("2024-01-03", periods=N).strftime("%Y-%m-%d")


def frame(**columns):
    return pd.DataFrame(columns)


# The columns of tables that people bring, their rows invented.
ONE_ROW_A_CUSTOMER = {
    "Mall_Customers": {
        "CustomerID": range(N),
        "Genre": "Male",
        "Age": WHOLE,
        "Annual Income (k$)": WHOLE,
        "Spending Score (1-100)": WHOLE,
    },
    "marketing_campaign": {
        "ID": RNG.permutation(N),
        "Year_Birth": 1957,
        "Education": "PhD",
        "Marital_Status": "Single",
        "Income": WHOLE,
        "Dt_Customer": "04-09-2012",
        "Recency": WHOLE,
        "MntWines": WHOLE,
        "NumWebPurchases": WHOLE,
        "NumStorePurchases": WHOLE,
        "Z_Revenue": 11,
    },
    "flo": {
        "master_id": [f"cc{i}-11ea" for i in range(N)],
        "order_channel": "Mobile",
        "first_order_date": "2019-01-02",
        "last_order_date": DAYS,
        "order_num_total_ever_online": WHOLE,
        "order_num_total_ever_offline": WHOLE,
        "customer_value_total_ever_offline": WHOLE / 4,
        "customer_value_total_ever_online": WHOLE / 4,
    },
    "CDNOW": {"ID": range(N), "frequency": WHOLE, "recency": 0.5, "T": 38.86},
    "Telco": {
        "customerID": [f"{i}-VHVEG" for i in range(N)],
        "tenure": WHOLE,
        "MonthlyCharges": WHOLE,
        "TotalCharges": WHOLE,
        "Churn": "No",
    },
    "WooCommerce": {
        "Name": "A",
        "Last Active": "2024-05-01 10:00:00",
        "Email": [f"u{i}@x.org" for i in range(N)],
        "Orders": WHOLE,
        "Total Spend": WHOLE,
        "AOV": WHOLE,
    },
    "Shopify": {
        "Customer ID": [f"'70{i}" for i in range(N)],
        "Email": [f"u{i}@x.org" for i in range(N)],
        "Accepts Email Marketing": "yes",
        "Total Spent": WHOLE,
        "Total Orders": WHOLE,
    },
    "German": {
        "Kundennummer": range(1, N + 1),
        "Letzte Bestellung": DAYS,
        "Anzahl Bestellungen": WHOLE,
        "Gesamtumsatz": WHOLE,
    },
    "no word of orders": {"cust_id": range(N), "fresh": WHOLE, "milk": WHOLE},
    "a date and an amount, but two sums": {
        "customer_id": range(N),
        "date": DAYS,
        "amount": WHOLE,
        "recency": WHOLE,
        "frequency": WHOLE,
    },
}

ONE_ORDER_A_CUSTOMER = {
    "plain": {"customer_id": range(N), "date": DAYS, "amount": WHOLE},
    "Kaggle's retail sales": {
        "Transaction ID": range(N),
        "Date": DAYS,
        "Customer ID": [f"CUST{i}" for i in range(N)],
        "Gender": "Male",
        "Age": WHOLE,
        "Quantity": 1,
        "Price per Unit": WHOLE,
        "Total Amount": WHOLE,
    },
    "Istanbul": {
        "invoice_no": [f"I{i}" for i in range(N)],
        "customer_id": [f"C{i}" for i in range(N)],
        "age": WHOLE,
        "quantity": 1,
        "price": WHOLE,
        "invoice_date": DAYS,
    },
    "with what is known of the person": {
        "customer_id": range(N),
        "date": DAYS,
        "amount": WHOLE,
        "income": WHOLE,
        "education": "PhD",
        "year_birth": 1980,
    },
    "with an order number, and sums": {
        "customer_id": range(N),
        "order_id": range(N),
        "date": DAYS,
        "amount": WHOLE,
        "recency": WHOLE,
        "frequency": WHOLE,
    },
}


@pytest.mark.parametrize("columns", ONE_ROW_A_CUSTOMER.values(), ids=ONE_ROW_A_CUSTOMER)
def test_one_row_a_customer_is_recognized(columns):
    found = shop.read(frame(**columns))
    assert isinstance(found, shop.Customers)
    assert len(found.table) == found.report.rows == N
    assert found.report.fates["fate"].tolist() == ["customers"]


@pytest.mark.parametrize("columns", ONE_ORDER_A_CUSTOMER.values(), ids=ONE_ORDER_A_CUSTOMER)
def test_one_order_a_customer_is_still_a_table_of_orders(columns):
    found = shop.read(frame(**columns))
    assert isinstance(found, shop.Shop) and len(found.purchases) == N


@pytest.mark.parametrize(
    "text",
    [
        "CustomerID,Gender,Age,Annual Income (k$),Spending Score (1-100)\n1,Male,19,15,39\n",
        "ID\tYear_Birth\tIncome\tDt_Customer\tRecency\n5524\t1957\t58138\t04-09-2012\t58\n",
        "ID,frequency,recency,T\n4,2,30.43,38.86\n",
    ],
)
def test_a_single_row_is_enough_where_the_names_are_plain(text, tmp_path):
    path = tmp_path / "a.csv"
    path.write_text(text)
    assert isinstance(shop.read(path), shop.Customers)


@pytest.mark.parametrize("name", ["customer_behavior", "customer_behavior_dirty", "colleague"])
def test_the_tables_of_the_course_are_tables_of_customers(name):
    found = shop.read(DATA / f"{name}.csv")
    truth = (
        pd.read_csv(DATA / f"{name}.csv").drop_duplicates("customer_id").set_index("customer_id")
    )
    assert isinstance(found, shop.Customers)
    numbers = found.features(["frequency", "monetary"])
    pd.testing.assert_frame_equal(
        numbers,
        truth.loc[numbers.index, ["frequency", "monetary"]].astype(float),
        check_names=False,
    )


def test_what_could_be_both_is_asked_and_can_be_said():
    both = frame(customer_id=range(N), date=DAYS, amount=WHOLE, Recency=WHOLE)
    with pytest.raises(shop.ShopError, match="is each row a customer, or a line of an order"):
        shop.read(both)
    assert isinstance(shop.read(both, row_is="customer"), shop.Customers)
    assert isinstance(shop.read(both, row_is="order"), shop.Shop)
    assert isinstance(shop.read(both, {"recency": "Recency"}), shop.Customers)


def test_naming_columns_does_not_make_orders_of_customers():
    customers = frame(**ONE_ROW_A_CUSTOMER["marketing_campaign"])
    told = {"customer_id": "ID", "ordered_at": "Dt_Customer", "amount": "MntWines"}
    with pytest.raises(shop.ShopError, match="is each row a customer"):
        shop.read(customers, told, day_first=True)
    assert len(shop.read(customers, told, day_first=True, row_is="order").purchases) == N


@pytest.mark.parametrize(
    "columns",
    [
        {"kto": range(N), "kiedy": DAYS, "ile": WHOLE},
        {"customer_id": range(N), "amount": WHOLE},
        {"Channel": 1, "Fresh": WHOLE, "Milk": WHOLE},
    ],
)
def test_what_is_not_known_for_either_says_how_to_say_it(columns):
    with pytest.raises(shop.ShopError, match='row_is="customer"'):
        shop.read(frame(**columns))
    assert isinstance(shop.read(frame(**columns), row_is="customer"), shop.Customers)


def test_rows_of_several_months_are_no_customers():
    months = frame(customer_id=np.arange(N) // 4, recency=WHOLE, frequency=WHOLE)
    with pytest.raises(shop.ShopError, match="4.0 rows each, so a row is no customer"):
        shop.read(months)


def test_a_row_is_one_of_two_things():
    with pytest.raises(shop.ShopError, match="row_is= is 'line'"):
        shop.read(frame(a=[1]), row_is="line")


PEOPLE = ("gender", "age", "income", "education", "year_birth", "Marital_Status", "region", "color")
NAMED = (
    ("customer_id", "date", "amount"),
    ("Kundennummer", "Bestelldatum", "Betrag"),
    ("CustomerID", "InvoiceDate", "UnitPrice"),
    ("email", "Created at", "Total"),
)


@settings(max_examples=10, deadline=None)
@given(
    st.sampled_from(NAMED),
    st.sets(st.sampled_from(PEOPLE), max_size=4),
    st.integers(1, 60),
    st.booleans(),
    st.randoms(use_true_random=False),
)
def test_orders_are_never_taken_for_customers(names, people, rows, one_each, random):
    """However often customers come, and whatever else is known of them."""
    buyers = range(rows) if one_each else [random.randrange(1 + rows // 3) for _ in range(rows)]
    who = [f"u{i}@x.org" for i in buyers] if names[0] == "email" else buyers
    when = pd.Timestamp("2024-01-01") + pd.to_timedelta([7 * i for i in range(rows)], "h")
    table = pd.DataFrame({names[0]: who, names[1]: when, names[2]: 5.0, **dict.fromkeys(people, 7)})
    columns = list(table)
    random.shuffle(columns)
    found = shop.read(table[columns])
    assert isinstance(found, shop.Shop) and len(found.purchases) == rows
