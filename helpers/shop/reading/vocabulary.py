"""The usual names of columns, by the role that they play, in the languages of usual shops."""

from __future__ import annotations

# Tiers of usual names by role, as `plain` leaves them (lower case, letters and digits only). The
# role's own name wins, then an earlier tier over a later one; two names of one tier are a
# conflict that only the reader can solve.
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
        " klient debitor kupujacy acheteur acquirente comprador",
        "visitorid fullvisitorid userpseudoid",
        "email customeremail emailaddress useremail billingemail emailbilling emailadresse"
        " correo correoelectronico courriel adressemail emailclient emailcliente emailklienta"
        " emailkunde kundenemail buyeremail",
        "customeruserid customeruser",  # 0 for every guest in WooCommerce: the e-mail says more
    ),
    "order_id": (
        "orderid amazonorderid bestellid idcommande commandeid idpedido pedidoid idordine"
        " ordineid idzamowienia",
        "ordernumber orderno ordernr ordernum order bestellnummer bestellnr bestellungsnummer"
        " auftragsnummer auftragsnr numerocommande nocommande commande numeropedido nopedido"
        " npedido pedido bestelnummer bestelnr bestelling ordernummer purchaseid saleid"
        " ordername orderreference orderref incrementid bestellung auftrag auftragid"
        " vorgangsnummer refcommande referencecommande numeroordine nordine noordine"
        " codiceordine ordine nrzamowienia numerzamowienia zamowienie",
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
        "datapedido datacompra",
        "createdat created createdon creationdate datecreated eventtime eventtimestamp"
        " timestamp datetime transactiontimestamp transactiondate saledate date datum fecha data"
        " createddate createdtime zeitstempel erstelltam angelegtam verkaufsdatum datecreation"
        " datevente creele fechahora fechacreacion fechaventa datacreazione datavendita dataora"
        " datautworzenia datasprzedazy aangemaaktop",
        "invoicedate invoicedatetime rechnungsdatum belegdatum datefacture fechafactura"
        " datafattura factuurdatum datafaktury datawystawienia",
        "time ordertime purchasetime transactiontime zeit paidat datepaid processedat day tag"
        " jour dia giorno dag dzien",
    ),
    "amount": (
        "lineamount linetotal lineitemtotal rowtotalincltax salesvalue salesamount itemtotal"
        " extendedprice zeilenbetrag positionsbetrag positionswert montantligne totalligne"
        " totallinea importelinea totaleriga importoriga regeltotaal wartoscpozycji",
        "rowtotal linesubtotal lineitemsubtotal",
        "sales revenue netsales netrevenue nrevenue turnover umsatz nettoumsatz betrag"
        " gesamtpreis importe montant value wert spend monetary bedrag importo valore valor"
        " kwota wartosc chiffreaffaires prixtotal preciototal prezzototale",
        "totalsales bruttobetrag bruttoumsatz endbetrag endpreis",
        "nettobetrag",
    ),
    "unit_price": (
        "priceperunit lineitemprice itemprice itemcost productprice einzelpreis stuckpreis"
        " stueckpreis prixunitaire preciounitario precounitario prezzounitario stuksprijs"
        " eenheidsprijs cenajednostkowa sellingprice",
        "price preis prix precio preco prezzo prijs cena",
    ),
    "order_total": (
        "ordertotalamount ordervalue orderamount grandtotal bestellsumme bestellwert"
        " auftragswert gesamtbetrag gesamtsumme rechnungsbetrag invoicetotal invoiceamount"
        " totalcommande montanttotal montantcommande totalpedido importetotal importepedido"
        " importototale importoordine totaleordine totaalbedrag ordertotaal orderbedrag"
        " wartosczamowienia kwotazamowienia valortotal valorpedido paymentvalue",
        "grandtotalbase basegrandtotal",
        "grandtotalpurchased",
        "total totalamount totalprice totalttc summe gesamt totale totaal suma razem",
    ),
    "quantity": (
        "qty lineitemquantity quantityordered quantityrefund orderquantity itemquantity units"
        " pieces menge anzahl stuck stueck stk stuckzahl stueckzahl quantite qte cantidad cant"
        " unidades quantita qta quantidade aantal ilosc liczbasztuk quantitypurchased qtyordered"
        " itemssold",
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
        " dataanulowania refundedat",
    ),
    "line_id": (
        "orderlineid orderitemid lineitemid transactionlineid linenumber lineno linenr"
        " positionsnummer posnr position rowid amazonorderitemid",
    ),
    "currency": ("currencycode waehrung wahrung devise moneda moeda valuta waluta",),
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
