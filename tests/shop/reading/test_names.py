"""Column names as shops and shop systems write them, and their exports read from end to end."""

from __future__ import annotations

import pandas as pd
import pytest

from helpers import shop
from helpers.shop.reading.names import usual

NAMES = {
    "customer_id": "N° client|Nº cliente|Kd.-Nr.|Kunden-ID|ID klienta|Nr "
    "klienta|Klantnummer|Codice cliente|Numéro de client|Client ID|Customer "
    "No.|buyer-email|E-Mail-Adresse|Klient",
    "order_id": "N° commande|Numéro de la commande|Nº de pedido|Número do pedido|N. ordine|Nr "
    "zamówienia|Bestell-Nr.|Bestelnummer|Order #|amazon-order-id|increment_id|Numéro de "
    "facture|Nr faktury",
    "ordered_at": "Date de la commande|Fecha del pedido|Data dell'ordine|Data "
    "zamówienia|Besteldatum|Bestellt am|Created (UTC)|Created date "
    "(UTC)|purchase-date|Data|Orderdatum|Data złożenia zamówienia",
    "amount": "Montant TTC|Montant HT (€)|Betrag EUR|Betrag in "
    "EUR|BetragEUR|Bruttobetrag|Importe (EUR)|Importo|Kwota brutto|Wartość|Bedrag incl. "
    "btw|Amount (USD)|Net Sales|N. Revenue|Valor|Row Total",
    "unit_price": "Prix unitaire HT|UnitPriceGBP|Price incl. VAT|Prezzo IVA inclusa|Cena "
    "jednostkowa|Precio unitario|Stuksprijs|Einzelpreis (netto)|Prijs excl. btw",
    "order_total": "Total TTC|Total HT|Grand Total (Base)|Importe total|Totale ordine|Totaalbedrag"
    "|Wartość zamówienia|Gesamtbetrag EUR|Order Total (USD)|Suma",
    "quantity": "Quantité|Qté|Quantità|Ilość|Aantal|Cantidad|Stückzahl|quantity-purchased|Quantity (- Refund)",
    "category": "Catégorie|Categoría|Kategoria|Warengruppe|Rayon|Productgroep|Sortiment",
    "status": "Statut de la commande|Estado del pedido|Stato ordine|Bestelstatus|Status zamówienia",
}


@pytest.mark.parametrize("role", NAMES)
def test_a_column_is_known_by_its_usual_names(role):
    frame = {"customer_id": ["a"], "ordered_at": ["2024-01-31"], "amount": ["1"], "order_id": ["x"]}
    frame.pop(role, None)
    if role in ("unit_price", "order_total"):
        del frame["amount"]
    for name in NAMES[role].split("|"):
        value = {"ordered_at": "2024-01-31", "status": "paid"}.get(role, "1")
        store = shop.read(pd.DataFrame({**frame, name: [value]}))
        found = dict(zip(store.report.mapping["role"], store.report.mapping["column"], strict=True))
        assert found.get(role) == name, (name, found)


@pytest.mark.parametrize(
    "name",
    [
        "VAT amount",
        "Tax amount",
        "Montant TVA",
        "Importe IVA",
        "Betrag MwSt",
        "Shipping EUR",
        "Net",
        "Fee",
        "Discount amount",
        "Amount refunded",
        "Cart Discount Amount",
        "Ship date",
        "Last updated (UTC)",
    ],
)
def test_taxes_fees_and_other_dates_play_no_role(name):
    known = {
        "order",
        "total",
        "price",
        "date",
        "created",
        "day",
        "montant",
        "importe",
        "betrag",
        "amount",
    }
    assert usual(name) not in known


def test_the_plain_name_is_preferred_to_one_with_additions_and_two_of_these_are_asked_about():
    frame = pd.DataFrame(
        {"Client": ["a"], "Date": ["2024-01-31"], "Montant": [6], "Montant HT": [5]}
    )
    store = shop.read(frame)
    assert store.purchases["amount"].tolist() == [6]
    assert "preferred to 'Montant HT'" in str(store.report)
    both = frame.rename(columns={"Montant": "Montant TTC"})
    with pytest.raises(shop.ShopError, match="'Montant TTC' and 'Montant HT'"):
        shop.read(both)
    assert shop.read(both, columns={"amount": "Montant TTC"}).purchases["amount"].tolist() == [6]


# name -> (the export, customers, orders, amounts)
EXPORTS = {
    "shopify": (
        """Name,Email,Financial Status,Paid at,Fulfillment Status,Currency,Subtotal,Shipping,Taxes,Total,Discount Code,Discount Amount,Created at,Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Billing Name,Cancelled at,Refunded Amount,Vendor,Id,Tags,Source
#1001,a@x.org,paid,2024-01-05 10:22:40 -0500,fulfilled,USD,30.00,5.00,0.00,35.00,,0.00,2024-01-05 10:22:33 -0500,1,Mug,10.00,M1,Ann A,,0.00,Us,9001,,web
#1001,a@x.org,,,,,,,,,,,2024-01-05 10:22:33 -0500,2,Cup,10.00,C1,,,,Us,,,
#1002,b@x.org,paid,2024-01-26 10:22:40 -0500,,USD,7.50,0.00,0.00,7.50,,0.00,2024-01-26 10:22:33 -0500,1,Mug,7.50,M1,Bob B,,0.00,Us,9002,,web
""",
        ["a@x.org", "a@x.org", "b@x.org"],
        ["#1001", "#1001", "#1002"],
        [10, 20, 7.5],
    ),
    "woocommerce": (
        """Order Number,Order Status,Order Date,Customer Note,First Name (Billing),Last Name (Billing),Email (Billing),Country Code (Billing),Payment Method Title,Cart Discount Amount,Order Subtotal Amount,Order Shipping Amount,Order Refund Amount,Order Total Amount,Order Total Tax Amount,SKU,Item #,Item Name,Quantity (- Refund),Item Cost
501,Completed,2024-01-05 10:22,,Ann,A,a@x.org,DE,Card,0,30,5,0,35,0,M1,1,Mug,1,10
501,Completed,2024-01-05 10:22,,Ann,A,a@x.org,DE,Card,0,30,5,0,35,0,C1,2,Cup,2,10
502,Cancelled,2024-01-26 10:22,,Bob,B,b@x.org,DE,Card,0,7.5,0,0,7.5,0,M1,1,Mug,1,7.5
503,Processing,2024-01-27 10:22,,Bob,B,b@x.org,DE,Card,0,7.5,0,0,7.5,0,M1,1,Mug,1,7.5
""",
        ["a@x.org", "a@x.org", "b@x.org"],
        ["501", "501", "503"],
        [10, 20, 7.5],
    ),
    "woocommerce, one total an order": (
        """order_id,order_number,order_date,status,order_total,order_currency,transaction_id,customer_id,billing_email,customer_note
501,501,2024-01-05 10:22:00,completed,35.00,EUR,t1,7,a@x.org,
502,502,2024-01-26 10:22:00,completed,7.50,EUR,t2,8,b@x.org,
""",
        ["7", "8"],
        ["501", "502"],
        [35, 7.5],
    ),
    "magento": (
        """ID,Purchase Point,Purchase Date,Bill-to Name,Ship-to Name,Grand Total (Base),Grand Total (Purchased),Status,Customer Email,Customer Group,Subtotal,Shipping and Handling,Customer Name,Payment Method,Total Refunded
000000001,Main,2024-01-05 10:22:33,Ann A,Ann A,35.0000,31.0000,complete,a@x.org,General,30,5,Ann A,card,
000000002,Main,2024-01-26 10:22:33,Bob B,Bob B,7.5000,6.6000,canceled,b@x.org,General,7.5,0,Bob B,card,
000000003,Main,2024-01-27 10:22:33,Bob B,Bob B,7.5000,6.6000,processing,b@x.org,General,7.5,0,Bob B,card,
""",
        ["a@x.org", "b@x.org"],
        None,
        [35, 7.5],
    ),
    "amazon": (
        "order-id\torder-item-id\tpurchase-date\tpayments-date\tbuyer-email\tbuyer-name\tsku\tproduct-name\tquantity-purchased\tcurrency\titem-price\titem-tax\tshipping-price\n"
        "058-1\t11\t2024-01-05T10:22:33+00:00\t2024-01-05T10:22:40+00:00\ta@m.org\tAnn\tC1\tCup\t2\tEUR\t20.00\t3.20\t4.00\n"
        "058-2\t12\t2024-01-26T10:22:33+00:00\t2024-01-26T10:22:40+00:00\tb@m.org\tBob\tM1\tMug\t1\tEUR\t7.50\t1.20\t0.00\n",
        ["a@m.org", "b@m.org"],
        ["058-1", "058-2"],
        [20, 7.5],
    ),
    "stripe": (
        """id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Converted Amount,Converted Currency,Description,Fee,Status,Customer ID,Customer Email
ch_1,2024-01-05 10:22:33,35.00,0.00,eur,true,35.00,eur,order 1,1.10,Paid,cus_A,a@x.org
ch_2,2024-01-26 10:22:33,7.50,0.00,eur,false,7.50,eur,order 2,0.00,Failed,cus_B,b@x.org
ch_3,2024-01-27 10:22:33,7.50,0.00,eur,true,7.50,eur,order 2,0.40,Paid,cus_B,b@x.org
""",
        ["cus_A", "cus_B"],
        None,
        [35, 7.5],
    ),
    "german": (
        "Auftragsnr.;Bestellt am;Kd-Nr.;Artikel;Warengruppe;Stückzahl;Betrag EUR\n"
        "A1;05.01.2024 10:22;0017;Becher;Küche;2;1.020,00\nA2;26.01.2024 "
        "09:00;0018;Tasse;Küche;1;7,50\n",
        ["0017", "0018"],
        ["A1", "A2"],
        [1020, 7.5],
    ),
    "french": (
        "N° commande;Date de la commande;N° client;Article;Rayon;Qté;Montant TTC\n"
        "1;05/01/2024;A17;Tasse;Cuisine;2;1 020,00 €\n2;26/01/2024;A18;Bol;Cuisine;1;7,50 €\n",
        ["A17", "A18"],
        ["1", "2"],
        [1020, 7.5],
    ),
    "spanish": (
        "Nº pedido;Fecha del pedido;ID cliente;Artículo;Categoría;Cantidad;Precio unitario\n"
        "1;05/01/2024;A17;Taza;Cocina;2;510,00\n2;26/01/2024;A18;Bol;Cocina;1;7,50\n",
        ["A17", "A18"],
        ["1", "2"],
        [1020, 7.5],
    ),
    "italian": (
        "Numero ordine;Data dell'ordine;Codice cliente;Articolo;Categoria;Quantità;Prezzo IVA "
        "inclusa\n1;05/01/2024;A17;Tazza;Cucina;2;510,00\n2;26/01/2024;A18;Ciotola;Cucina;1;7,50\n",
        ["A17", "A18"],
        ["1", "2"],
        [1020, 7.5],
    ),
    "dutch": (
        "Bestelnummer;Besteldatum;Klantnummer;Artikel;Productgroep;Aantal;Bedrag incl. btw\n"
        "1;05-01-2024;A17;Kop;Keuken;2;1.020,00\n2;26-01-2024;A18;Kom;Keuken;1;7,50\n",
        ["A17", "A18"],
        ["1", "2"],
        [1020, 7.5],
    ),
    "polish": (
        "Nr zamówienia;Data zamówienia;Nr klienta;Produkt;Kategoria;Ilość;Cena "
        "jednostkowa;Status zamówienia\n1;05.01.2024;A17;Kubek;Kuchnia;2;510,00 "
        "zł;zrealizowane\n2;26.01.2024;A18;Miska;Kuchnia;1;7,50 "
        "zł;zrealizowane\n3;27.01.2024;A18;Miska;Kuchnia;1;7,50 zł;anulowane\n",
        ["A17", "A18"],
        ["1", "2"],
        [1020, 7.5],
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_read_without_a_word_of_help(name, tmp_path):
    text, customers, orders, amounts = EXPORTS[name]
    (tmp_path / "export.csv").write_text(text, encoding="utf-8")
    store = shop.read(tmp_path / "export.csv")
    bought = store.purchases
    assert bought["customer_id"].tolist() == customers, store.report
    assert orders is None or bought["order_id"].tolist() == orders, store.report
    assert bought["amount"].tolist() == pytest.approx(amounts), store.report
    assert bought["ordered_at"].dt.strftime("%m-%d").iloc[0] == "01-05"
    assert store.report.fates["rows"].sum() == len(text.strip().splitlines()) - 1


def test_the_report_knows_the_columns_of_the_file(tmp_path):
    (tmp_path / "orders.csv").write_text("customer_id,ordered_at,amount,Reason\n1,2025-01-01,5,x\n")
    (tmp_path / "customers.csv").write_text("customer_id,region\n1,north\n")
    orders = shop.read(tmp_path / "orders.csv")
    assert orders.report.columns == ("customer_id", "ordered_at", "amount", "Reason")
    both = shop.read(tmp_path)
    assert set(both.report.columns) == {*orders.report.columns, "region"}
    assert shop.load().report.columns == ()
