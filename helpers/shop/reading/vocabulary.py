"""Every word that the import knows, in the languages of usual shops: names of columns and files,
statuses, events, yes and no, months, what stands for nothing."""

from __future__ import annotations

EMAILS = (
    "email customeremail emailaddress useremail billingemail emailbilling emailadresse"
    " correo correoelectronico courriel adressemail emailclient emailcliente emailklienta"
    " emailkunde kundenemail buyeremail contactemail"
)

# Tiers of usual names by role, as `plain` leaves them (lower case, letters and digits only). The
# role's own name wins, then an earlier tier over a later one; two names of one tier are a
# conflict that only the reader can solve.
# a total, of the order or of the line: the name alone does not say
VAGUE_TOTALS = frozenset(
    "total totalamount totalprice totalttc summe gesamt totale totaal suma razem".split()
)

NAMES: dict[str, tuple[str, ...]] = {
    "customer_id": (
        "customernumber customerno customernr customercode custid custno custkey customerkey"
        " userid clientid clientnumber memberid householdid householdkey shopperid buyerid"
        " accountid contactid kundennummer kundennr kundenid kundenno kdnr debitornr nutzerid"
        " benutzerid numeroclient noclient idclient codeclient idutilisateur idcliente clienteid"
        " numerocliente nocliente ncliente codigocliente codicecliente idusuario usuarioid"
        " klantnummer klantnr klantid idklienta nrklienta numerklienta refclient referenceclient"
        " identifiantclient kundenkennung debitorennummer debitorennr customerreference"
        " customerref customeruniqueid",
        "customer user client member household kunde nutzer utilisateur cliente usuario klant"
        " klient debitor zakaznik musteri vevo ugyfel kund kunda kupujacy"
        " acheteur acquirente comprador",
        "visitorid fullvisitorid userpseudoid",
        EMAILS,
        "customeruserid customeruser",  # 0 for every guest in WooCommerce: the e-mail says more
        "buyeruserid buyerusername",
        "buyer fromemailaddress",
    ),
    "email": (EMAILS,),
    # Who somebody is and whether they may be written to: never learned from (see `people`).
    "name": (
        "customername customerfullname fullname kundenname nameclient nomclient nombrecliente"
        " nomecliente klantnaam nazwaklienta",
        "billingname namebilling billtoname billingfullname rechnungsname",
        "buyername buyerfullname kaufername kaeufername",
        "shippingname nameshipping shiptoname recipientname deliveryname",
    ),
    "first_name": (
        "firstname givenname customerfirstname vorname prenom voornaam imie",
        "billingfirstname firstnamebilling billtofirstname billingaddressfirstname vornamerechnung",
        "shippingfirstname firstnameshipping shiptofirstname shippingaddressfirstname",
    ),
    "last_name": (
        "lastname surname familyname customerlastname nachname familienname nomfamille apellido"
        " apellidos cognome achternaam nazwisko",
        "billinglastname lastnamebilling billtolastname billingaddresslastname nachnamerechnung",
        "shippinglastname lastnameshipping shiptolastname shippingaddresslastname",
    ),
    "consent": (
        "acceptsmarketing acceptsemailmarketing buyeracceptsmarketing marketingconsent"
        " emailmarketingconsent emailmarketing emailconsent consentmarketing marketingoptin"
        " emailoptin optin optinmarketing newsletter newsletteroptin newsletterconsent"
        " newslettersubscribed newslettersubscription subscribedtonewsletter acceptsnewsletter"
        " newsletterabo newsletteranmeldung newslettereinwilligung werbeeinwilligung werbeerlaubnis"
        " einwilligung einwilligungwerbung werbungerlaubt emailwerbung marketingeinwilligung"
        " accepteemailmarketing consentementmarketing aceptamarketing consensomarketing"
        " zgodamarketingowa",
    ),
    "order_id": (
        "orderid amazonorderid bestellid idcommande commandeid idpedido pedidoid idordine"
        " ordineid idzamowienia",
        "ordernumber orderno ordernr ordernum order bestellnummer bestellnr bestellungsnummer"
        " auftragsnummer auftragsnr numerocommande nocommande commande numeropedido nopedido"
        " npedido pedido bestelnummer bestelnr bestelling ordernummer purchaseid saleid"
        " ordername orderreference orderref incrementid bestellung auftrag auftragid"
        " vorgangsnummer refcommande referencecommande numeroordine nordine noordine"
        " codiceordine ordine nrzamowienia numerzamowienia zamowienie objednavka"
        " cisloobjednavky siparis siparisno"
        " rendeles rendelesszam ordrenummer bestallning",
        "invoiceno invoice invoicenumber invoiceid rechnungsnummer rechnungsnr belegnummer"
        " belegnr numerofacture nofacture facture numerofactura nofactura factura numerofattura"
        " nofattura fattura factuurnummer factuurnr nrfaktury numerfaktury receiptid receiptno"
        " receiptnumber bonnummer",
        "transactionid transactionno transactionnumber basketid ticketid ticket cartid",
    ),
    "ordered_at": (
        "orderdate orderdatetime ordertimestamp orderedon dateordered orderplaced purchasedate"
        " purchasedat purchasedon purchasetimestamp orderpurchasetimestamp bestelldatum"
        " bestellzeitpunkt bestelltam auftragsdatum kaufdatum datecommande dateachat commandele"
        " fechapedido fechacompra besteldatum orderdatum aankoopdatum dataordine dataacquisto"
        " datazamowienia datazakupu dataprzyjeciazamowienia datazlozenia datazlozeniazamowienia "
        "datapedido datacompra orderdt",
        "createdat created createdon creationdate datecreated eventtime eventtimestamp"
        " timestamp datetime transactiontimestamp transactiondate saledate date datum fecha data"
        " createddate createdtime zeitstempel erstelltam angelegtam verkaufsdatum datecreation"
        " datevente creele fechahora fechacreacion fechaventa datacreazione datavendita dataora"
        " datautworzenia datasprzedazy aangemaaktop",
        "invoicedate invoicedatetime rechnungsdatum belegdatum datefacture fechafactura"
        " datafattura factuurdatum datafaktury datawystawienia",
        "time ordertime purchasetime transactiontime zeit tarih datumobjednavky"
        " siparistarihi paidat datepaid processedat day tag"
        " jour dia giorno dag dzien",
    ),
    "amount": (
        "lineamount linetotal lineitemtotal rowtotalincltax salesvalue salesamount itemtotal"
        " extendedprice zeilenbetrag positionsbetrag positionswert montantligne totalligne"
        " totallinea importelinea totaleriga importoriga regeltotaal wartoscpozycji"
        " skusubtotalafterdiscount",
        "rowtotal linesubtotal lineitemsubtotal",
        "sales revenue netsales nettotal netrevenue nrevenue turnover umsatz nettoumsatz betrag"
        " gesamtpreis importe montant value wert spend monetary bedrag importo valore valor"
        " kwota wartosc castka tutar osszeg belopp belob"
        " chiffreaffaires prixtotal preciototal prezzototale",
        "totalsales grosssales gross bruttobetrag bruttoumsatz endbetrag endpreis",
        "nettobetrag",
    ),
    "unit_price": (
        "priceperunit lineitemprice itemprice itemcost productprice einzelpreis stuckpreis"
        " stueckpreis prixunitaire preciounitario precounitario prezzounitario stuksprijs"
        " eenheidsprijs cenajednostkowa sellingprice soldfor",
        "price preis prix precio preco prezzo prijs cena",
    ),
    "order_total": (
        "ordertotalinctax",
        "ordertotalamount ordervalue orderamount grandtotal bestellsumme bestellwert"
        " auftragswert gesamtbetrag gesamtsumme rechnungsbetrag invoicetotal invoiceamount"
        " totalcommande montanttotal montantcommande totalpedido importetotal importepedido"
        " importototale importoordine totaleordine totaalbedrag ordertotaal orderbedrag"
        " wartosczamowienia kwotazamowienia valortotal valorpedido paymentvalue",
        "grandtotalbase basegrandtotal",
        "grandtotalpurchased",
        " ".join(sorted(VAGUE_TOTALS)),
        "ordertotalextax",
    ),
    "quantity": (
        "qty lineitemquantity quantityordered quantityrefund orderquantity itemquantity units"
        " pieces menge anzahl stuck stueck stk stuckzahl stueckzahl quantite qte cantidad cant"
        " unidades quantita qta quantidade aantal ilosc liczbasztuk quantitypurchased qtyordered"
        " itemssold orderproducts",
    ),
    "category": (
        "categoryname productcategory productcategoryname itemcategory kategorie"
        " produktkategorie artikelkategorie hauptkategorie warengruppe artikelgruppe categorie"
        " categorieproduit categoria categoriaproducto categoriaprodotto productcategorie"
        " productgroep kategoria kategoriaproduktu",
        "categorycode department productgroup productline producttype lineitemcategory rayon"
        " famille famillearticle reparto familia abteilung sortiment dzial",
        "categoryid productcategoryid",
    ),
    "subcategory": (
        "productsubcategory subcategoryname unterkategorie untergruppe souscategorie"
        " sousfamille subcategoria sottocategoria subcategorie podkategoria",
    ),
    "status": (
        "orderstatus bestellstatus auftragsstatus statut statutcommande estadopedido estado"
        " stato statoordine bestelstatus statuszamowienia",
        "financialstatus paymentstatus zahlungsstatus",
        "cancelled canceled iscancelled iscanceled storniert annule cancelado refunded returned",
    ),
    "clock": (
        "time uhrzeit ordertime bestellzeit purchasetime transactiontime zeit heure hora ora"
        " tijd godzina",
    ),
    "cancelled_at": (
        "canceledat cancelledon cancelledate cancellationdate canceldate stornodatum"
        " storniertam dateannulation fechacancelacion dataannullamento annuleringsdatum"
        " dataanulowania refundedat cancelledtime canceledtime",
    ),
    "line_id": (
        "orderlineid orderitemid lineitemid transactionlineid linenumber lineno linenr"
        " positionsnummer posnr position rowid amazonorderitemid",
    ),
    "currency": ("currencycode waehrung wahrung devise moneda moeda valuta waluta",),
    # Money and pieces that change what a line is worth.
    "discount": (
        "discountamount discounts lineitemdiscount itemdiscount linediscount discounttotal"
        " totaldiscount totaldiscounts orderdiscount orderdiscountamount cartdiscount"
        " cartdiscountamount itempromotiondiscount promotiondiscount rabatt rabattbetrag nachlass"
        " remise reduction descuento sconto korting rabat desconto coupondiscount"
        " discountallocation couponamount",
    ),
    "refund": (
        "refundedamount amountrefunded totalrefunded refundamount orderrefundamount refundtotal"
        " totalrefund amountrefundedusd refunds erstattung erstattungsbetrag erstatteterbetrag"
        " montantrembourse reembolso importereembolsado rimborso terugbetaling zwroconakwota",
    ),
    "returned_quantity": (
        "returnquantity returnqty returnedquantity returnedqty quantityreturned qtyreturned"
        " quantityrefunded qtyrefunded refundedquantity retourmenge retouren returnedunits"
        " unitsreturned skuquantityofreturn",
    ),
    "shipping": (
        "shippingamount shippingprice shippingcost shippingtotal ordershippingamount delivery"
        " shippingandhandling shippinghandling versand versandkosten fraisdeport livraison envio"
        " gastosdeenvio spedizione verzendkosten wysylka postage freight freightvalue",
    ),
    "tax": (
        "taxes taxamount totaltax ordertotaltaxamount vat vatamount salestax mwst ust tva iva btw"
        " itemtax steuer",
    ),
    "subtotal": ("ordersubtotal ordersubtotalamount zwischensumme soustotal subtotale subtotaal",),
    "kind": (
        "type transactiontype operationtype operation ordertype recordtype linetype"
        " doctype documenttype",
        "action event eventtype eventname activity vorgang belegart",
    ),
    "event_type": (
        "event eventname action actiontype behaviortype behavior interaction activity aktion"
        " ereignis evenement evento",
    ),
    "visit_id": ("sessionid usersession session sessionkey gasessionid visit",),
    "started_at": (
        "visitstart sessionstart starttime visitedat",
        "eventtime timestamp datetime date datum time createdat",
    ),
    "device": ("devicetype devicecategory gerat geraet platform",),
    "source": ("utmsource trafficsource referrer channel kanal",),
    "landing_category": ("landingpagecategory",),
    "seconds": ("duration durationseconds dwell dwellseconds timeonpage dauer",),
    "added_to_cart": ("addtocart cart incart",),
    "ordered": ("purchased bought converted transaction",),
    "signed_up_at": (
        "signupdate signedup registeredat registrationdate registered joined joinedat"
        " memberissince membersince anmeldedatum registrierungsdatum dateinscription"
        " fecharegistro",
        "createdat created datecreated",
    ),
    "age_band": (
        "agegroup agerange altersgruppe trancheage",
        "age alter edad",
    ),
    "income_band": ("incomegroup incomerange income einkommen",),
    "region": ("state province bundesland land country city",),
    "acquisition_channel": ("channel acquisitionsource source utmsource",),
    # What a table with one row a customer says of the orders of each.
    "recency": (
        "recencydays dayssincelastorder daysincelastorder dayssincelastpurchase"
        " dayssinceorder dayssincelasttransaction tageseitletzterbestellung"
        " joursdepuisdernierecommande diasdesdeultimopedido",
    ),
    "frequency": (
        "ordercount orderscount totalorders numberoforders numorders norders nborders"
        " purchasecount numberofpurchases totalpurchases numpurchases ordernumtotalever"
        " anzahlbestellungen bestellanzahl nombredecommandes nombrecommandes numerodepedidos"
        " numeroordini liczbazamowien aantalbestellingen",
        "orders bestellungen commandes pedidos ordini zamowienia bestellingen",
    ),
    "monetary": (
        "monetaryvalue totalspent totalspend amountspent totalamountspent totalrevenue"
        " lifetimevalue lifetimespend lifetimerevenue customervaluetotalever gesamtumsatz"
        " umsatzgesamt totaldepense gastototal totalspeso",
        "sales revenue totalsales netsales spend umsatz turnover chiffreaffaires ventas omzet",
    ),
    "tenure": ("t tcal tenuredays dayssincefirstorder dayssincefirstpurchase",),
    "last_ordered_at": (
        "lastorderdate lastpurchasedate lastorder lastpurchase lasttransactiondate datelastorder"
        " letztebestellung letztebestellungam datumletztebestellung dernierecommande"
        " datedernierecommande ultimopedido fechaultimopedido ultimacompra fechaultimacompra"
        " ultimoordine dataultimoordine ostatniezamowienie laatstebestelling",
    ),
    "first_ordered_at": (
        "firstorderdate firstpurchasedate firstorder firstpurchase firsttransactiondate"
        " datefirstorder erstebestellung erstebestellungam datumerstebestellung premierecommande"
        " datepremierecommande primerpedido fechaprimerpedido primeracompra fechaprimeracompra"
        " primoordine dataprimoordine pierwszezamowienie eerstebestelling",
    ),
    # ... as models of lifetime count it: purchases after the first, and when the last of them was.
    "repeats": ("repeatpurchases repeatorders x",),
    "last": ("tx",),
    "campaign_id": (
        "campaign campaignname kampagne",
        "id",
    ),
    "assigned_at": ("assignmentdate sentat date datum timestamp",),
    "treated": ("treatment istreated group contacted",),
    "converted": ("conversion outcome response responded",),
    "recorded_at": ("outcomeat measuredat",),
    "shown_at": ("impressionat timestamp date datetime time",),
    "clicked": ("click isclicked",),
}

# What a column's name may carry besides its word: a currency, a tax, a zone, "of the".
TAX = r"(?:tax(?:es)?|vat|gst|mwst|ust|tva|iva|btw|imposte|impuestos|podatk\w*)"
ADDED = frozenset(
    "eur euro euros dollar dollars usd gbp chf pln zl czk sek nok dkk huf ron aud cad nzd jpy brl"
    " mxn inr cny try ttc ht brutto bruto lordo gross netto neto nett net utc gmt cet cest in en"
    " w".split()
)
BETWEEN = frozenset("of the de du des d la le l del della dell di do da van der".split())

# What a person's name may be called, but a product or an order as well: the cells must show it.
PERSON_PERHAPS = frozenset("name nom nombre nome naam".split())
# ... and what is a person, but as often a number as a name.
PERSON_OR_NUMBER = frozenset(
    "kunde kaufer kaeufer customer client cliente klant klient buyer".split()
)

# Columns that say which goods a line is about: its number, its name.
OF_GOODS = frozenset(
    "itemnumber itemid itemno itemtitle itemname item sku productid productsku productname product"
    " stockcode articlenumber artikelnummer artikel article".split()
)

# Columns that only a table of sessions has.
OF_SESSIONS = frozenset(
    "visitortype bouncerates exitrates pagevalues sessionid session pageviews".split()
)

# Columns that only a table with one row a customer has, besides those of `SUMMED` in `NAMES`: they
# sum somebody up, or describe a person.
OF_CUSTOMERS = frozenset(
    "churn churned clv cltv ltv lifetimevalue averageordervalue avgordervalue aov attritionflag"
    " masterid totalcharges totaltransct totaltransamt customervaluetotal ordernumtotal".split()
)
OF_PEOPLE = frozenset(
    "spendingscore annualincome yearbirth birthyear dateofbirth dtcustomer income creditlimit"
    " maritalstatus education acceptsmarketing acceptsemailmarketing".split()
)
# The roles of columns that sum a customer's orders up.
SUMMED = (
    *("recency", "frequency", "monetary", "tenure", "last_ordered_at", "first_ordered_at"),
    *("repeats", "last"),
)
# What a customer's number may be called where each row is a customer.
ID_OF_ROW = frozenset("id masterid clientnum uid personid".split())
# Columns that are added up: one role's column for each of these ways to buy.
WAYS_TO_BUY = frozenset("online offline web catalog store app mobile instore".split())

# File names in a folder, as `plain` leaves them.
FILES = {
    "purchases": "purchases orders transactions sales bestellungen commandes pedidos ordini"
    " zamowienia invoices",
    "lines": "orderlines orderitems orderdetails orderproducts lineitems invoicelines invoiceitems"
    " salesitems positionen bestellpositionen auftragspositionen lignescommande",
    "events": "events eventlog clickstream",
    "visits": "visits sessions",
    "customers": "customers users clients kunden",
    "campaigns": "campaigns campaign",
    "impressions": "impressions recommendations",
}

# Cells that stand for nothing, and the words of a flag, in lower case. The zero dates are those of
# MySQL and of Excel.
BLANK = (
    *("", "-", "--", "?", "na", "n/a", "#n/a", "nan", "nat", "none", "null", "<na>", "\\n"),
    *("0000-00-00", "0000-00-00 00:00:00", "0000-00-00t00:00:00", "0000/00/00", "00.00.0000"),
    *("00/00/0000", "0000-00-00 00:00", "1900-01-00", "1900-01-00 00:00:00"),
)
TREATED = frozenset("treatment treated test".split())  # "yes" only where treatments are told apart
YES = TREATED | frozenset("true t yes y 1 1.0 ja j wahr oui vrai si sí sì tak x subscribed".split())
NO = frozenset(
    "false f no n 0 0.0 nein falsch non faux nao não nee nie control holdout unsubscribed"
    " not_subscribed".split()
)

# Signs and codes of currencies, and what is never written with decimals: these, and 1.250,-
MONEY_SIGN = (
    r"(?:(?:usd?|aud?|cad?|nzd?|hkd?|sgd?|mxn?|nt|a|c|s|r)?\s?\$|[€£¥￥₹₺₽₴₩₪฿₫đ円元]"
    r"|usd|eur|euro|gbp|chf|aud|cad|nzd|jpy|cny|krw|inr|brl|mxn|sek|nok|dkk|pln|czk|huf|ron|try|idr"
    r"|hkd|sgd|twd|myr|thb|php|vnd|aed|sar|ils|zar|clp|cop|pen|ars|uah|rub|bgn|isk|egp|ngn|kes"
    r"|kr|zł|kč|ft|fr|rs|rm|tl|rp|lei|s/|r|руб|грн|лв)\.?"
)
SAME_MONEY = {
    **dict.fromkeys(("USD", "US$", "US $", "USD $", "USD$"), "$"),
    **dict.fromkeys(("EUR", "EURO"), "€"),
    **dict.fromkeys(("JPY", "円", "￥"), "¥"),
    "GBP": "£",
}
WHOLE_MONEY = r"(?i)[¥￥₩₫đ円]|jpy|krw|vnd|idr|rp|clp|\d[.,][-–—]"

# Customers' numbers that stand for whoever had none.
GUESTS = frozenset(
    "guest guests unknown anonymous anon anonym gast gaste invite invitado ospite gosc nologin"
    " notloggedin guestcheckout walkin walkincustomer cash cashcustomer laufkunde unbekannt".split()
)

# Rows of an export of orders, or events, that take money back, and that are no sales at all.
SALES = r"sale|order|purchase|payment|charge|bought|verkauf|vente|venta|invoice|rechnung|checkout"
REFUNDS = (
    r"refund|return|chargeback|reversal|storno|erstattung|gutschrift|retour|rembours|devoluc"
    r"|reembols|rimborso|reso|zwrot|terugbetaling|credit ?(?:note|memo)|cancel"
)
NO_SALES = r"payout|withdrawal|transfer|\bfees?\b|\bholds?\b|adjustment|deposit|auszahlung|gebühr"

# What a status calls a credit note.
CREDITS = r"gutschrift|credit ?(?:note|memo)|avoir|nota de cr[eé]dito|nota di credito|creditnota"

# Statuses of orders that did not stand; one that is only asked for, or in part, still does.
CANCELLED = (
    r"cancel|refund|storn|retour|return|void|annul|rembours|devuel|devolu|reembols|erstattet"
    r"|widerruf|abgebrochen|fail|fehlgeschlagen|declined|expired|trash|rimbors|terugbetaald"
    r"|anulow|zwrot|zwrócon|reject|chargeback|batal|h[uủ][yỷ]|ยกเลิก"
    rf"|{CREDITS}"
)
# ... because the money went back.
PAID_BACK = (
    r"refund|return|retour|rembours|devuel|devolu|reembols|erstattet|widerruf|rimbors|chargeback"
    rf"|terugbetaald|zwrot|zwrócon|{CREDITS}"
)
STILL_BOUGHT = (
    r"partial|partly|teil|^not|^un|non-|^non?\b|^kein|^nicht|request|window|period|eligible|policy"
    r"|angefragt|beantragt|(?:refund|return|retour|chargeback).*(?:den(?:y|ied)|reject|declin|expired)"
)

# Kinds of events, as `plain` leaves them.
PURCHASE = frozenset(
    "purchase purchased buy bought order ordered transaction sale checkoutcomplete kauf achat"
    " compra bestellung conversion placeorder orderplaced".split()
)
CART = frozenset("cart addtocart addtobasket basket cartadd addcart addedtocart warenkorb".split())
VIEW = frozenset(
    "view pageview pv productview viewitem detail click visit browse search impression ansicht"
    " removefromcart removecart fav favorite wishlist addtowishlist begincheckout checkout"
    " viewcart viewcategory sessionstart login".split()
)

TAKEN_BACK = frozenset(
    "refund refunded refunds return returned orderrefunded orderreturned refundorder productreturn"
    " chargeback ordercancelled ordercanceled cancelorder cancelled canceled".split()
)

# Months by the first three (or four) letters of their names.
MONTHS = {
    letters: number
    for number, names in enumerate(
        (
            "jan ene gen sty",
            "feb fev fév lut",
            "mar mär mrz maa mae",
            "apr avr abr kwi",
            "may mai mei mag maj",
            "jun juin giu cze",
            "jul juil lug lip",
            "aug aoû aou ago sie",
            "sep set wrz",
            "oct okt out ott paź paz",
            "nov lis",
            "dec dez déc dic gru",
        ),
        start=1,
    )
    for letters in names.split()
}
