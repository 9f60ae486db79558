"""Whole headers of real exports, with all the columns that have nothing to say."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import shop

# system -> (header, rows as {column: cell}, customers, orders, amounts, reasons set aside)
ADDRESS = "Name|Street|Address1|Address2|Company|City|Zip|Province|Country|Phone"
SHOPIFY = "|".join(
    (
        "Name|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Accepts Marketing",
        "Currency|Subtotal|Shipping|Taxes|Total|Discount Code|Discount Amount|Shipping Method",
        "Created at|Lineitem quantity|Lineitem name|Lineitem price|Lineitem compare at price",
        "Lineitem sku|Lineitem requires shipping|Lineitem taxable|Lineitem fulfillment status",
        *(f"{which} {part}" for which in ("Billing", "Shipping") for part in ADDRESS.split("|")),
        "Notes|Note Attributes|Cancelled at|Payment Method|Payment Reference|Refunded Amount",
        "Vendor|Outstanding Balance|Employee|Location|Device ID|Id|Tags|Risk Level|Source",
        "Lineitem discount",
        *(f"Tax {number} {part}" for number in range(1, 6) for part in ("Name", "Value")),
        "Phone|Receipt Number|Duties|Billing Province Name|Shipping Province Name|Payment ID",
        "Payment Terms Name|Next Payment Due At|Payment References",
    )
)
WOO = (
    "Order Number|Order Status|Order Date|Customer Note|First Name (Billing)|Last Name (Billing)"
    "|Company (Billing)|Address 1&2 (Billing)|City (Billing)|State Code (Billing)"
    "|Postcode (Billing)|Country Code (Billing)|Email (Billing)|Phone (Billing)"
    "|First Name (Shipping)|Last Name (Shipping)|Address 1&2 (Shipping)|City (Shipping)"
    "|State Code (Shipping)|Postcode (Shipping)|Country Code (Shipping)|Payment Method Title"
    "|Cart Discount Amount|Order Subtotal Amount|Shipping Method Title|Order Shipping Amount"
    "|Order Refund Amount|Order Total Amount|Order Total Tax Amount|SKU|Item #|Item Name"
    "|Quantity (- Refund)|Item Cost|Coupon Code|Discount Amount|Discount Amount Tax"
)
MAGENTO = (
    "ID|Purchase Point|Purchase Date|Bill-to Name|Ship-to Name|Grand Total (Base)"
    "|Grand Total (Purchased)|Status|Billing Address|Shipping Address|Shipping Information"
    "|Customer Email|Customer Group|Subtotal|Shipping and Handling|Customer Name|Payment Method"
    "|Total Refunded|Allocated sources|Pickup Location Code|Braintree Transaction Source"
)
STRIPE = (
    "id|Created date (UTC)|Amount|Amount Refunded|Currency|Captured|Converted Amount"
    "|Converted Amount Refunded|Converted Currency|Decline Reason|Description|Fee"
    "|Refunded date (UTC)|Statement Descriptor|Status|Seller Message|Taxes On Fee|Card ID"
    "|Card Name|Card Address Line1|Card Address Line2|Card Address City|Card Address State"
    "|Card Address Country|Card Address Zip|Card Brand|Card CVC Status|Card Exp Month"
    "|Card Exp Year|Card Fingerprint|Card Funding|Card Issue Country|Card Last4|Customer ID"
    "|Customer Description|Customer Email|Customer Phone|Shipping Name|Application Fee"
    "|Application ID|Destination|Transfer|Transfer Group|Invoice ID|Invoice Number"
    "|Checkout Session ID|PaymentIntent ID|Payment Source Type|Payment Link ID|Is Link|Mode"
)
AMAZON = (
    "amazon-order-id|merchant-order-id|purchase-date|last-updated-date|order-status"
    "|fulfillment-channel|sales-channel|order-channel|url|ship-service-level|product-name|sku|asin"
    "|item-status|quantity|currency|item-price|item-tax|shipping-price|shipping-tax"
    "|gift-wrap-price|gift-wrap-tax|item-promotion-discount|ship-promotion-discount|ship-city"
    "|ship-state|ship-postal-code|ship-country|promotion-ids|buyer-email|is-business-order"
)
ETSY = (
    "Sale Date|Order ID|Buyer User ID|Full Name|First Name|Last Name|Number of Items"
    "|Payment Method|Date Shipped|Street 1|Street 2|Ship City|Ship State|Ship Zipcode"
    "|Ship Country|Currency|Order Value|Coupon Code|Coupon Details|Discount Amount"
    "|Shipping Discount|Shipping|Sales Tax|Order Total|Status|Card Processing Fees|Order Net"
    "|Adjusted Order Total|Adjusted Card Processing Fees|Adjusted Net Order Amount|Buyer"
    "|Order Type|Payment Type|InPerson Discount|InPerson Location|SKU"
)
EBAY = (
    "Sales Record Number|Order Number|Buyer Username|Buyer Name|Buyer Email|Buyer Note"
    "|Buyer Address 1|Buyer City|Buyer State|Buyer Zip|Buyer Country|Ship To Name|Ship To Phone"
    "|Item Number|Item Title|Custom Label|Sold Via Promoted Listings|Quantity|Sold For"
    "|Shipping And Handling|Seller Collected Tax|eBay Collected Tax|Total Price|Payment Method"
    "|Sale Date|Paid On Date|Ship By Date|Shipped On Date|Feedback Left|PayPal Transaction ID"
    "|Shipping Service|Tracking Number|Transaction ID|Variation Details"
)
SQUARE = (
    "Date|Time|Time Zone|Category|Item|Qty|Price Point Name|SKU|Modifiers Applied|Gross Sales"
    "|Discounts|Net Sales|Tax|Transaction ID|Payment ID|Device Name|Notes|Details|Event Type"
    "|Location|Dining Option|Customer ID|Customer Name|Customer Reference ID|Unit|Count"
    "|Itemization Type|Fulfillment Note|Channel|Token|Card Brand|PAN Suffix"
)
PAYPAL = (
    "Date|Time|TimeZone|Name|Type|Status|Currency|Gross|Fee|Net|From Email Address"
    "|To Email Address|Transaction ID|Shipping Address|Address Status|Item Title|Item ID"
    "|Shipping and Handling Amount|Insurance Amount|Sales Tax|Reference Txn ID|Invoice Number"
    "|Custom Number|Quantity|Receipt ID|Balance|Address Line 1|Town/City|Country|Subject|Note"
    "|Country Code|Balance Impact"
)
# Described in public documentation: BigCommerce's orders, ShopKeep's items, Shopware's orders.
BIGCOMMERCE = (
    "Order ID|Customer ID|Customer Name|Customer Email|Customer Phone|Order Date|Order Status"
    "|Subtotal (inc tax)|Tax Total|Shipping Cost (inc tax)|Ship Method|Handling Cost (inc tax)"
    "|Store Credit Redeemed|Gift Certificate Amount Redeemed|Gift Certificate Code"
    "|Coupon Details|Refund Amount|Order Total (inc tax)|Total Quantity|Total Shipped"
    "|Date Shipped|Order Currency Code|Exchange Rate|Order Notes|Payment Method"
)
SHOPKEEP = (
    "Time|Register Name/Number|Cashier Name|Operation Type|Store Code|UPC|Line Item|Department"
    "|Category|Supplier|Supplier Code|Cost|Price|Quantity|Modifiers|Subtotal|Discounts|Net Total"
    "|Tax|Total Due|Transaction ID|Customer ID"
)
SHOPWARE = (
    "Id|OrderNumber|OrderDateTime|CustomerId|CustomerNumber|CustomerEmail|InvoiceAmount"
    "|InvoiceAmountNet|InvoiceShipping|OrderStatus|PaymentStatus|CurrencyFactor|Currency"
    "|BillingAddressFirstName|BillingAddressLastName|BillingAddressCity|ShippingAddressCity"
)

mug = {"Created at": "2024-01-05 10:22:33 -0500", "Lineitem price": "20.00", "Subtotal": "90.00"}
mug |= {"Name": "#1", "Email": "a@x.org", "Financial Status": "paid", "Discount Amount": "10.00"}
mug |= {"Shipping": "5.00", "Taxes": "0.00", "Total": "95.00", "Refunded Amount": "0.00"}
mug |= {"Lineitem quantity": "3", "Id": "9001", "Currency": "USD", "Lineitem discount": "0.00"}
cup = {"Name": "#1", "Email": "a@x.org", "Created at": "2024-01-05 10:22:33 -0500"}
cup |= {"Lineitem quantity": "1", "Lineitem price": "40.00"}
bowl = mug | {"Name": "#2", "Email": "b@x.org", "Lineitem quantity": "1", "Discount Amount": "0"}
bowl |= {"Subtotal": "20.00", "Shipping": "0.00", "Total": "20.00", "Id": "9002"}

woo = {"Order Number": "501", "Order Status": "Completed", "Order Date": "2024-01-05 10:22"}
woo |= {"Email (Billing)": "a@x.org", "Cart Discount Amount": "6", "Order Subtotal Amount": "24"}
woo |= {"Order Shipping Amount": "5", "Order Refund Amount": "0", "Order Total Amount": "29"}
woo |= {"Quantity (- Refund)": "1", "Item Cost": "10", "Item #": "1", "Order Total Tax Amount": "0"}

magento = {"ID": "000000001", "Purchase Date": "2024-01-05 10:22:33", "Status": "complete"}
magento |= {"Grand Total (Base)": "35.0000", "Grand Total (Purchased)": "31.0000"}
magento |= {"Customer Email": "a@x.org", "Subtotal": "30", "Shipping and Handling": "5"}

charge = {"id": "ch_1", "Created date (UTC)": "2024-01-05 10:22:33", "Amount": "100.00"}
charge |= {"Amount Refunded": "80.00", "Converted Amount": "100.00", "Currency": "eur"}
charge |= {"Status": "Paid", "Customer ID": "cus_A", "Customer Email": "a@x.org", "Fee": "1.10"}
charge |= {"Invoice ID": "in_1", "Invoice Number": "A-1", "PaymentIntent ID": "pi_1"}

amazon = {"amazon-order-id": "058-1", "purchase-date": "2024-01-05T10:22:33+00:00", "quantity": "2"}
amazon |= {"order-status": "Shipped", "item-status": "Shipped", "item-price": "20.00"}
amazon |= {"buyer-email": "a@m.org", "currency": "EUR", "sku": "M1", "shipping-price": "4.00"}

etsy = {"Sale Date": "01/05/24", "Order ID": "1", "Buyer User ID": "ann77", "Order Value": "20.00"}
etsy |= {"Discount Amount": "2.00", "Shipping": "4.00", "Order Total": "22.00", "Order Net": "21"}
etsy |= {"Buyer": "Ann (ann77)", "Order Type": "online", "Currency": "EUR", "Sales Tax": "0.00"}

ebay = {"Order Number": "03-1", "Buyer Username": "ann77", "Buyer Email": "a@m.org"}
ebay |= {"Sold For": "$10.00", "Shipping And Handling": "$4.00", "Total Price": "$24.00"}
ebay |= {"Sale Date": "Jan-05-24", "Paid On Date": "Jan-05-24", "Transaction ID": "77"}
ebay |= {"Quantity": "2", "Sales Record Number": "11", "Item Number": "9"}

square = {"Date": "2024-01-05", "Time": "02:15 PM", "Category": "Cups", "Qty": "2.0"}
square |= {"Gross Sales": "$20.00", "Discounts": "-$2.00", "Net Sales": "$18.00", "Tax": "$0.00"}
square |= {"Transaction ID": "t1", "Payment ID": "p1", "Event Type": "Payment", "Customer ID": "A"}

paypal = {"Date": "05/01/2024", "Time": "14:15:00", "Type": "Express Checkout Payment"}
paypal |= {"Status": "Completed", "Currency": "EUR", "Gross": "1,020.00", "Fee": "-1.10"}
paypal |= {"Net": "1,018.90", "From Email Address": "a@x.org", "To Email Address": "shop@x.org"}
paypal |= {"Transaction ID": "T1", "Invoice Number": "1", "Balance": "1,018.90"}

big = {
    "Order ID": "100",
    "Customer ID": "0",
    "Customer Email": "a@x.org",
    "Order Date": "13/01/2024",
}
big |= {"Order Status": "Completed", "Subtotal (inc tax)": "30.00", "Refund Amount": "0.00"}
big |= {"Order Total (inc tax)": "35.00", "Shipping Cost (inc tax)": "5.00", "Total Quantity": "3"}

keep = {"Time": "2024-01-05 10:22", "Operation Type": "Sale", "Price": "10.00", "Quantity": "2"}
keep |= {"Department": "Cups", "Subtotal": "20.00", "Discounts": "2.00", "Net Total": "18.00"}
keep |= {"Tax": "1.80", "Total Due": "19.80", "Transaction ID": "t1", "Customer ID": "A"}

ware = {"Id": "7", "OrderNumber": "2001", "OrderDateTime": "2024-01-05 10:22:33"}
ware |= {"CustomerId": "3", "CustomerNumber": "20003", "InvoiceAmount": "35.00"}
ware |= {"InvoiceAmountNet": "29.41", "InvoiceShipping": "5.00", "Currency": "EUR"}

SYSTEMS = {
    "shopify": (
        SHOPIFY,
        [mug, cup, bowl | {"Refunded Amount": "5"}, bowl | {"Financial Status": "voided"}],
        ["a@x.org", "a@x.org", "b@x.org"],
        ["#1", "#1", "#2"],
        [54, 36, 15],
        ["canceled"],
    ),
    "woocommerce": (
        WOO,
        [
            woo,
            woo | {"Item Cost": "20", "Item #": "2"},
            woo
            | {"Order Number": "502", "Cart Discount Amount": "0", "Order Refund Amount": "4"}
            | {"Order Subtotal Amount": "10", "Order Total Amount": "15"},
        ],
        ["a@x.org"] * 3,
        ["501", "501", "502"],
        [8, 16, 6],
        [],
    ),
    "magento": (
        MAGENTO,
        [
            magento | {"Total Refunded": "5.0000"},
            magento | {"ID": "000000002", "Status": "closed", "Total Refunded": "35.0000"},
        ],
        ["a@x.org"],
        None,
        [30],
        ["refunded in full"],
    ),
    "stripe": (
        STRIPE,
        [charge, charge | {"id": "ch_2", "Status": "Failed", "Amount Refunded": "0.00"}],
        ["cus_A"],
        ["in_1"],
        [20],
        ["canceled"],
    ),
    "amazon": (
        AMAZON,
        [amazon, amazon | {"amazon-order-id": "058-2", "order-status": "Cancelled"}],
        ["a@m.org"],
        ["058-1"],
        [20],
        ["canceled"],
    ),
    "etsy": (
        ETSY,
        [etsy, etsy | {"Order ID": "2", "Sale Date": "01/26/24", "Order Total": "7.50"}],
        ["ann77", "ann77"],
        ["1", "2"],
        [22, 7.5],
        [],
    ),
    "ebay": (
        EBAY,
        [ebay, ebay | {"Order Number": "03-2", "Total Price": "$7.50", "Quantity": "1"}],
        ["a@m.org", "a@m.org"],
        ["03-1", "03-2"],
        [24, 7.5],
        [],
    ),
    "square": (
        SQUARE,
        [
            square,
            square | {"Event Type": "Refund", "Net Sales": "-$18.00", "Transaction ID": "t2"},
            square | {"Customer ID": None, "Transaction ID": "t3"},
        ],
        ["A"],
        ["t1"],
        [18],
        ["refund", "no customer"],
    ),
    "paypal": (
        PAYPAL,
        [
            paypal,
            paypal | {"Date": "26/01/2024", "Type": "Payment Refund", "Gross": "-7.50"},
            paypal | {"Type": "General Withdrawal", "Gross": "-900.00", "Invoice Number": None},
        ],
        ["a@x.org"],
        ["1"],
        [1020],
        ["refund", "no sale"],
    ),
    "bigcommerce": (
        BIGCOMMERCE,
        [
            big,
            big | {"Order ID": "101", "Customer Email": "b@x.org", "Refund Amount": "10.00"},
            big | {"Order ID": "102", "Customer ID": "7", "Order Status": "Refunded"},
        ],
        # The guest's e-mail is that of customer 7.
        ["7", "b@x.org"],
        ["100", "101"],
        [35, 25],
        ["canceled"],
    ),
    "shopkeep": (
        SHOPKEEP,
        [keep, keep | {"Operation Type": "Return", "Transaction ID": "t2"}],
        ["A"],
        ["t1"],
        [18],
        ["refund"],
    ),
    "shopware": (SHOPWARE, [ware], ["3"], ["2001"], [35], []),
}


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_whole_header_is_read_without_a_word_of_help(system, separator, tmp_path):
    header, rows, customers, orders, amounts, reasons = SYSTEMS[system]
    names = header.split("|")
    assert all(set(row) <= set(names) for row in rows) and len(names) == len(set(names))
    cells = pd.DataFrame([[row.get(name) for name in names] for row in rows], columns=names)
    path = tmp_path / "export.csv"
    cells.to_csv(path, index=False, sep=separator)
    store = shop.read(path)
    assert store.purchases["customer_id"].tolist() == customers, store.report
    assert orders is None or store.purchases["order_id"].tolist() == orders, store.report
    assert store.purchases["amount"].tolist() == pytest.approx(amounts), store.report
    assert store.set_aside["reason"].tolist() == reasons, store.report
    assert store.report.fates["rows"].sum() == store.report.rows == len(rows)


def test_shopifys_header_is_whole():
    assert len(SHOPIFY.split("|")) == 79
