"""Whole headers of real exports, with all the columns that have nothing to say.

The header lines stand in headers.txt as the systems write them (the last two as they are described,
perhaps not whole); the rows are invented.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import NamedTuple

import pytest

from helpers import shop

LINES = (Path(__file__).parent / "headers.txt").read_text("utf-8").splitlines()[1:]
HEADERS = {line.split(": ", 1)[0]: line.split(": ", 1)[1].split(",") for line in LINES}


class Export(NamedTuple):
    """The rows of an export as {column: cell}, and the truth about them."""

    rows: list[dict[str, str]]
    customers: list[str]
    orders: list[str] | None
    amounts: list[float]
    reasons: list[str] = []


mug = {"Created at": "2024-01-05 10:22:33 -0500", "Lineitem price": "20.00", "Subtotal": "90.00"}
mug |= {"Name": "#1", "Email": "a@x.org", "Financial Status": "paid", "Discount Amount": "10.00"}
mug |= {"Shipping": "5.00", "Taxes": "0.00", "Total": "95.00", "Refunded Amount": "0.00"}
mug |= {"Lineitem quantity": "3", "Id": "9001", "Currency": "USD", "Lineitem discount": "0.00"}
cup = {"Name": "#1", "Email": "a@x.org", "Created at": "2024-01-05 10:22:33 -0500"}
cup |= {"Lineitem quantity": "1", "Lineitem price": "40.00"}
bowl = mug | {"Name": "#2", "Email": "b@x.org", "Lineitem quantity": "1", "Discount Amount": "0"}
bowl |= {"Subtotal": "20.00", "Shipping": "0.00", "Total": "20.00", "Id": "9002"}

# The cost of an item is that after the coupon.
woo = {"Order Number": "501", "Order Status": "Completed", "Order Date": "2024-01-05 10:22"}
woo |= {"Email (Billing)": "a@x.org", "Cart Discount Amount": "6", "Order Subtotal Amount": "30"}
woo |= {"Order Shipping Amount": "5", "Order Refund Amount": "0", "Order Total Amount": "29"}
woo |= {"Item Cost": "8", "Item #": "1", "Order Total Tax Amount": "0", "Order Tax Amount": "0"}
woo |= {"Quantity": "1", "Quantity (- Refund)": "1", "Name": "Mug", "Coupon Code": "spring"}
woo |= {"Order Line Total": "8", "Order Line Total (- Refund)": "8", "Order Line Tax": "0"}
woo |= {"Order Line Total Refunded": "0", "Discount Amount": "6", "Total items": "3"}
two_cups = {"Item #": "2", "Quantity": "2", "Quantity (- Refund)": "2", "Order Line Total": "16"}
two_cups |= {"Order Line Total (- Refund)": "16", "Name": "Cup"}
# One of two came back, with its money.
back = {
    "Order Number": "502",
    "Cart Discount Amount": "0",
    "Discount Amount": "",
    "Coupon Code": "",
}
back |= {"Quantity": "2", "Quantity (- Refund)": "1", "Item Cost": "10", "Order Line Total": "20"}
back |= {"Order Line Total Refunded": "10", "Order Line Total (- Refund)": "10"}
back |= {"Order Refund Amount": "10", "Order Subtotal Amount": "20", "Order Total Amount": "25"}

magento = {"ID": "000000001", "Purchase Date": "2024-01-05 10:22:33", "Status": "complete"}
magento |= {"Grand Total (Base)": "35.0000", "Grand Total (Purchased)": "31.0000"}
magento |= {"Customer Email": "a@x.org", "Subtotal": "30", "Shipping and Handling": "5"}

charge = {"id": "ch_1", "Created (UTC)": "2024-01-05 10:22", "Amount": "100.00", "Fee": "1.10"}
charge |= {"Amount Refunded": "80.00", "Converted Amount": "100.00", "Currency": "eur"}
charge |= {"Converted Amount Refunded": "80.00", "Converted Currency": "eur", "Tax": "0.00"}
charge |= {"Status": "Paid", "Customer ID": "cus_A", "Customer Email": "a@x.org"}
charge |= {"Invoice ID": "in_1", "PaymentIntent ID": "pi_1", "Mode": "Live", "Captured": "true"}

amazon = {"amazon-order-id": "058-1", "purchase-date": "2024-01-05T10:22:33+00:00"}
amazon |= {"amazon-order-item-id": "11", "quantity-shipped": "2", "item-price": "20.00"}
amazon |= {"buyer-email": "a@m.org", "currency": "EUR", "sku": "M1", "shipping-price": "4.00"}
amazon |= {"shipment-date": "2024-01-06T08:00:00+00:00", "shipment-id": "D1", "item-tax": "3.20"}

etsy = {"Sale Date": "01/05/24", "Order ID": "1", "Buyer User ID": "ann77", "Order Value": "20.00"}
etsy |= {"Discount Amount": "2.00", "Shipping": "4.00", "Order Total": "22.00", "Order Net": "21"}
etsy |= {"Buyer": "Ann (ann77)", "Order Type": "online", "Currency": "EUR", "Sales Tax": "0.00"}

sold = {"Sale Date": "01/05/24", "Item Name": "Mug", "Buyer": "ann77", "Quantity": "2"}
sold |= {"Price": "$5.00", "Item Total": "$10.00", "Order Shipping": "$4.50", "Order ID": "3001"}
sold |= {"Order Sales Tax": "$0.62", "Currency": "USD", "Transaction ID": "4001"}
sold |= {"Date Paid": "01/05/24", "Order Type": "online", "Discount Amount": "", "SKU": "M1"}

# An order of several items begins with a row that sums it up and says who bought.
ebay = {"Order Number": "03-1", "Buyer Username": "ann77", "Buyer Email": "a@m.org"}
ebay |= {"Sold For": "$10.00", "Shipping And Handling": "$4.00", "Total Price": "$24.00"}
ebay |= {"Sale Date": "Jan-05-24", "Paid On Date": "Jan-05-24", "Transaction ID": "77"}
ebay |= {"Quantity": "2", "Sales Record Number": "11", "Item Number": "9", "Item Title": "Mug"}
summed = ebay | {"Order Number": "03-2", "Sales Record Number": "12", "Quantity": "2"}
summed |= {"Sold For": "$25.00", "Total Price": "$29.00", "Item Number": "", "Item Title": ""}
summed |= {"Transaction ID": ""}
part = {"Order Number": "03-2", "Sales Record Number": "12", "Quantity": "1", "Item Number": "10"}
part |= {"Item Title": "Cup", "Sold For": "$7.50", "Transaction ID": "78"}

square = {"Date": "2024-01-05", "Time": "14:15:30", "Category": "Cups", "Qty": "2.0"}
square |= {"Gross Sales": "$20.00", "Discounts": "-$2.00", "Net Sales": "$18.00", "Tax": "$0.00"}
square |= {"Transaction ID": "t1", "Payment ID": "p1", "Event Type": "Payment", "Customer ID": "A"}
square |= {"Time Zone": "Eastern Time (US & Canada)", "Itemization Type": "Physical Good"}

paypal = {"Date": "05/01/2024", "Time": "14:15:00", "Type": "Express Checkout Payment"}
paypal |= {"Status": "Completed", "Currency": "EUR", "Gross": "1,020.00", "Fee": "-1.10"}
paypal |= {"Net": "1,018.90", "From Email Address": "a@x.org", "To Email Address": "shop@x.org"}
paypal |= {"Transaction ID": "T1", "Invoice Number": "1", "Balance": "1,018.90"}

big = {"Order ID": "100", "Customer ID": "0", "Customer Email": "a@x.org"}
big |= {"Order Date": "13/01/2024", "Order Status": "Completed", "Refund Amount": "0.00"}
big |= {"Subtotal (inc tax)": "30.00", "Subtotal (ex tax)": "25.00", "Tax Total": "5.83"}
big |= {"Order Total (inc tax)": "35.00", "Order Total (ex tax)": "29.17", "Total Quantity": "3"}
big |= {"Shipping Cost (inc tax)": "5.00", "Shipping Cost (ex tax)": "4.17"}
big |= {"Billing Email": "a@x.org", "Shipping Email": "a@x.org"}

wix = {"Order number": "10001", "Date created": "Dec 8, 2024", "Time": "9:15:51 PM"}
wix |= {"Contact email": "a@x.org", "Item": "Mug", "Qty": "2", "Quantity refunded": "1"}
wix |= {"Price": "10.00", "Total": "25.00", "Shipping rate": "5.00", "Total tax": "0.00"}
wix |= {"Refunded amount": "10.00", "Net amount": "15.00", "Payment status": "Partially refunded"}
wix |= {"Currency": "EUR", "Total order quantity": "2", "Fulfillment status": "Fulfilled"}

square_space = {"Order ID": "1", "Email": "a@x.org", "Financial Status": "PAID", "Total": "28"}
square_space |= {"Created at": "1/25/2024 21:06", "Lineitem quantity": "1", "Subtotal": "20"}
square_space |= {"Lineitem price": "10", "Shipping": "10", "Taxes": "0", "Discount Amount": "2"}
square_space |= {"Amount Refunded": "0", "Currency": "USD", "Paid at": "1/25/2024 21:06"}
second = {"Order ID": "1", "Lineitem quantity": "1", "Lineitem price": "10"}

# Ids and times end with a tab, and the second line explains the columns.
said = {"Order ID": "Platform unique order ID.", "Order Status": "Current order status."}
said |= {"Quantity": "SKU sold quantity in the order.", "Created Time": "Order created time."}
said |= {"SKU Subtotal After Discount": "It equals SKU Subtotal Before Discount - discounts."}
tiktok = {"Order ID": "576400000000000001\t", "Order Status": "Completed", "Quantity": "2"}
tiktok |= {"SKU Unit Original Price": "60", "SKU Subtotal Before Discount": "120"}
tiktok |= {"SKU Platform Discount": "10", "SKU Seller Discount": "10", "Order Amount": "115"}
tiktok |= {"SKU Subtotal After Discount": "100", "Shipping Fee After Discount": "15"}
tiktok |= {"Created Time": "25/01/2024 22:05:43\t", "Paid Time": "25/01/2024 22:06:01\t"}
tiktok |= {"Cancelled Time": "\t", "Buyer Username": "ann77", "Product Category": "Serum"}
tiktok |= {
    "Sku Quantity of return": "0",
    "Order Refund Amount": "0",
    "Normal or Pre-order": "Normal",
}

keep = {"Time": "2024-01-05 10:22", "Operation Type": "Sale", "Price": "10.00", "Quantity": "2"}
keep |= {"Department": "Cups", "Subtotal": "20.00", "Discounts": "2.00", "Net Total": "18.00"}
keep |= {"Tax": "1.80", "Total Due": "19.80", "Transaction ID": "t1", "Customer ID": "A"}

ware = {"Id": "7", "OrderNumber": "2001", "OrderDateTime": "2024-01-05 10:22:33"}
ware |= {"CustomerId": "3", "CustomerNumber": "20003", "InvoiceAmount": "35.00"}
ware |= {"InvoiceAmountNet": "29.41", "InvoiceShipping": "5.00", "Currency": "EUR"}

EXPORTS = {
    "shopify": Export(
        [mug, cup, bowl | {"Refunded Amount": "5"}, bowl | {"Financial Status": "voided"}],
        ["a@x.org", "a@x.org", "b@x.org"],
        ["#1", "#1", "#2"],
        [54, 36, 15],
        ["canceled"],
    ),
    "woocommerce": Export(
        [woo, woo | two_cups, woo | back],
        ["a@x.org"] * 3,
        ["501", "501", "502"],
        [8, 16, 10],
    ),
    "magento": Export(
        [
            magento | {"Total Refunded": "5.0000"},
            magento | {"ID": "000000002", "Status": "closed", "Total Refunded": "35.0000"},
        ],
        ["a@x.org"],
        ["000000001"],
        [30],
        ["refunded in full"],
    ),
    "stripe": Export(
        [charge, charge | {"id": "ch_2", "Status": "Failed", "Amount Refunded": "0.00"}],
        ["cus_A"],
        ["in_1"],
        [20],
        ["canceled"],
    ),
    "amazon": Export(
        [amazon, amazon | {"amazon-order-id": "058-2", "item-price": "7.50"}],
        ["a@m.org"] * 2,
        ["058-1", "058-2"],
        [20, 7.5],
    ),
    "etsy": Export(
        [etsy, etsy | {"Order ID": "2", "Sale Date": "01/26/24", "Order Total": "7.50"}],
        ["ann77", "ann77"],
        ["1", "2"],
        [22, 7.5],
    ),
    "etsy, items": Export(
        [sold, sold | {"Sale Date": "01/26/24", "Order ID": "3002", "Item Total": "$12.50"}],
        ["ann77", "ann77"],
        ["3001", "3002"],
        [10, 12.5],
    ),
    "ebay": Export(
        [ebay, summed, part, part | {"Item Number": "11", "Sold For": "$17.50"}],
        ["a@m.org"] * 3,
        ["03-1", "03-2", "03-2"],
        [20, 7.5, 17.5],
        ["sum of the other lines of its order"],
    ),
    "square": Export(
        [
            square,
            square | {"Event Type": "Refund", "Net Sales": "-$18.00", "Transaction ID": "t2"},
            square | {"Customer ID": "", "Transaction ID": "t3"},
        ],
        ["A"],
        ["t1"],
        [18],
        ["refund", "no customer"],
    ),
    "paypal": Export(
        [
            paypal,
            paypal | {"Date": "26/01/2024", "Type": "Payment Refund", "Gross": "-7.50"},
            paypal | {"Type": "General Withdrawal", "Gross": "-900.00", "Invoice Number": ""},
        ],
        ["a@x.org"],
        ["1"],
        [1012.5],  # the refund has the number of its invoice
        ["refund", "no sale"],
    ),
    "bigcommerce": Export(
        [
            big,
            big
            | {"Order ID": "101", "Customer Email": "b@x.org", "Billing Email": "b@x.org"}
            | {"Refund Amount": "10.00"},
            big | {"Order ID": "102", "Customer ID": "7", "Order Status": "Refunded"},
        ],
        # The guest's e-mail is that of customer 7.
        ["7", "b@x.org"],
        ["100", "101"],
        [35, 25],
        ["canceled"],
    ),
    "wix": Export(
        [wix, wix | {"Order number": "10002", "Quantity refunded": "0", "Refunded amount": "0"}],
        ["a@x.org"] * 2,
        ["10001", "10002"],
        [10, 20],
    ),
    "squarespace": Export(
        [
            square_space,
            second,
            square_space
            | {"Order ID": "2", "Email": "b@x.org", "Amount Refunded": "18", "Total": "18"}
            | {"Financial Status": "refunded", "Subtotal": "10", "Cancelled at": "1/26/2024 12:32"},
        ],
        ["a@x.org", "a@x.org", "b@x.org"],
        ["1", "1", "2"],
        [9, 9, 8],
    ),
    "tiktok": Export(
        [
            said,
            tiktok,
            tiktok
            | {"Order ID": "576400000000000002\t", "Order Status": "Dibatalkan"}
            | {"Cancelled Time": "26/01/2024 08:00:00\t"},
            tiktok
            | {"Order ID": "576400000000000003\t", "Sku Quantity of return": "1"}
            | {"Order Refund Amount": "50"},
        ],
        ["ann77"] * 3,
        [f"57640000000000000{i}" for i in (1, 2, 3)],
        [100, 100, 50],
        ["no customer"],
    ),
    "shopkeep": Export(
        [keep, keep | {"Operation Type": "Return", "Transaction ID": "t2"}],
        ["A"],
        ["t1"],
        [18],
        ["refund"],
    ),
    "shopware": Export([ware], ["3"], ["2001"], [35]),
}


def written(system, separator=","):
    """An export as text; eBay's stands between a line of commas and two lines about the file."""
    header = HEADERS[system]
    rows = EXPORTS[system].rows
    assert all(set(row) <= set(header) for row in rows), system
    lines = [header, *([row.get(name, "") for name in header] for row in rows)]
    if system == "ebay":
        nothing = [""] * len(header)
        foot = ["2", "record(s) downloaded", "from Jan-01-24 to Jan-31-24"]
        lines = [nothing, header, nothing, *lines[1:], [], foot, ["Seller ID : us"]]
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(lines)
    return text.getvalue()


@pytest.mark.parametrize("system", EXPORTS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_whole_header_is_read_without_a_word_of_help(system, separator, tmp_path):
    export = EXPORTS[system]
    path = tmp_path / "export.csv"
    path.write_text(written(system, separator), "utf-8-sig")
    store = shop.read(path)
    assert store.purchases["customer_id"].tolist() == export.customers, store.report
    assert export.orders is None or store.purchases["order_id"].tolist() == export.orders
    assert store.purchases["amount"].tolist() == pytest.approx(export.amounts), store.report
    aside = store.set_aside["reason"].tolist()
    if system == "ebay":  # the two lines about the file
        assert aside[-2:] == ["no customer"] * 2
        aside = aside[:-2]
    assert aside == export.reasons, store.report
    assert store.report.fates["rows"].sum() == store.report.rows


def test_amazons_list_of_all_orders_names_no_buyer(tmp_path):
    header = HEADERS["amazon, all orders"]
    (tmp_path / "orders.txt").write_text("\t".join(header) + "\n" + "\t".join("1" for _ in header))
    with pytest.raises(shop.ShopError, match="recognized as the customer"):
        shop.read(tmp_path / "orders.txt")


def test_the_headers_are_whole():
    widths = {system: len(header) for system, header in HEADERS.items()}
    assert widths["shopify"] == 79 and widths["ebay"] == 80 and widths["tiktok"] == 65
