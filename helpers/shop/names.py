"""Which column plays which role: the usual names, and what to do when two could."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from helpers.shop.errors import ShopError, nearest

# Tiers of usual names by role, as `plain` leaves them (lower case, letters and digits only). The
# role's own name wins, then an earlier tier over a later one; two names of one tier are a
# conflict that only the reader can solve.
NAMES: dict[str, tuple[str, ...]] = {
    "customer_id": (
        "customernumber customerno customernr customercode custid custno custkey customerkey userid"
        " clientid clientnumber memberid householdid householdkey shopperid buyerid accountid"
        " contactid kundennummer kundennr kundenid kundenno kdnr debitornr nutzerid benutzerid"
        " numeroclient noclient idclient codeclient idutilisateur idcliente clienteid"
        " numerocliente numerodecliente codigocliente idusuario usuarioid klantnummer klantid",
        "customer user client member household kunde nutzer utilisateur cliente usuario klant",
        "visitorid fullvisitorid userpseudoid",
        "email customeremail emailaddress useremail billingemail emailbilling emailadresse correo"
        " correoelectronico courriel adressemail",
        "customeruserid",  # 0 for every guest in WooCommerce: the e-mail says more
    ),
    "order_id": (
        "orderid bestellid idcommande commandeid idpedido pedidoid",
        "ordernumber orderno ordernr ordernum order bestellnummer bestellnr bestellungsnummer"
        " auftragsnummer auftragsnr numerocommande numerodecommande nocommande commande"
        " numeropedido numerodepedido pedido bestelnummer ordernummer purchaseid saleid",
        "invoiceno invoice invoicenumber invoiceid rechnungsnummer rechnungsnr belegnummer belegnr"
        " numerofacture numerofactura factura receiptid receiptno receiptnumber bonnummer",
        "transactionid transactionno transactionnumber basketid ticketid ticket cartid",
    ),
    "ordered_at": (
        "orderdate orderdatetime ordertimestamp orderedon dateordered orderplaced purchasedate"
        " purchasedat purchasedon purchasetimestamp orderpurchasetimestamp bestelldatum"
        " bestellzeitpunkt bestelltam auftragsdatum kaufdatum datecommande datedecommande"
        " dateachat datedachat fechapedido fechadepedido fechacompra fechadecompra besteldatum",
        "createdat created createdon creationdate datecreated eventtime eventtimestamp timestamp"
        " datetime transactiontimestamp transactiondate saledate date datum fecha"
        " zeitstempel erstelltam datecreation fechahora",
        "invoicedate invoicedatetime rechnungsdatum belegdatum datefacture fechafactura",
        "time ordertime purchasetime transactiontime zeit paidat processedat day tag",
    ),
    "amount": (
        "lineamount linetotal lineitemtotal salesvalue salesamount itemtotal extendedprice"
        " zeilenbetrag positionsbetrag positionswert montantligne totalligne totallinea",
        "sales revenue netsales turnover umsatz nettoumsatz betrag gesamtpreis importe montant"
        " value wert spend monetary bedrag",
    ),
    "unit_price": (
        "priceperunit lineitemprice itemprice itemcost productprice einzelpreis stuckpreis stueckpreis"
        " prixunitaire preciounitario stuksprijs sellingprice",
        "price preis prix precio prijs",
    ),
    "order_total": (
        "ordertotalamount ordervalue orderamount grandtotal bestellsumme bestellwert auftragswert"
        " gesamtbetrag gesamtsumme rechnungsbetrag invoicetotal invoiceamount totalcommande"
        " montanttotal totalpedido importetotal paymentvalue",
        "total totalamount totalprice totalttc summe",
    ),
    "quantity": (
        "qty lineitemquantity quantityordered quantityrefund orderquantity itemquantity units pieces menge anzahl"
        " stuck stueck stk quantite qte cantidad unidades aantal",
    ),
    "category": (
        "categoryname productcategory productcategoryname itemcategory kategorie"
        " produktkategorie warengruppe categorie categorieproduit categoria categoriaproducto",
        "categorycode department productgroup productline producttype lineitemcategory",
        "categoryid productcategoryid",
    ),
    "subcategory": (
        "productsubcategory subcategoryname unterkategorie untergruppe souscategorie subcategoria",
    ),
    "status": (
        "orderstatus bestellstatus auftragsstatus statut statutcommande estadopedido estado",
        "financialstatus paymentstatus zahlungsstatus",
        "cancelled canceled iscancelled iscanceled storniert annule cancelado refunded returned",
    ),
    "clock": ("time uhrzeit ordertime bestellzeit purchasetime transactiontime zeit heure hora",),
    "cancelled_at": (
        "canceledat cancelledon cancelledate cancellationdate canceldate stornodatum storniertam"
        " dateannulation fechacancelacion refundedat",
    ),
    "line_id": (
        "orderlineid orderitemid lineitemid transactionlineid linenumber lineno linenr"
        " positionsnummer posnr position rowid",
    ),
    "currency": ("currencycode waehrung wahrung devise moneda",),
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
        "signupdate signedup registeredat registrationdate registered joined joinedat memberissince"
        " membersince anmeldedatum registrierungsdatum dateinscription fecharegistro",
        "createdat created datecreated",
    ),
    "age_band": ("agegroup agerange altersgruppe trancheage", "age alter edad"),
    "income_band": ("incomegroup incomerange income einkommen",),
    "region": ("state province bundesland land country city",),
    "acquisition_channel": ("channel acquisitionsource source utmsource",),
    "campaign_id": ("campaign campaignname kampagne", "id"),
    "assigned_at": ("assignmentdate sentat date datum timestamp",),
    "treated": ("treatment istreated group contacted",),
    "converted": ("conversion outcome response responded",),
    "recorded_at": ("outcomeat measuredat",),
    "shown_at": ("impressionat timestamp date datetime time",),
    "clicked": ("click isclicked",),
}


class Match(NamedTuple):
    """The column that plays a role, and why."""

    column: str
    how: str


def plain(name: object) -> str:
    """Return a name in lower-case letters and digits, accents dropped: "Kunden-Nr." -> "kundennr"."""
    text = unicodedata.normalize("NFKD", str(name)).lower().replace("ß", "ss")
    return re.sub(r"[^a-z0-9]", "", text)


def recognized(names: list[str], extra: frozenset[str] = frozenset()) -> int:
    """Count the names that are usual for some role (or among `extra`): how much a header it is."""
    return sum(plain(name) in _ALL or name in extra for name in names)


def match(
    frame: pd.DataFrame,
    roles: tuple[str, ...],
    file: str,
    explicit: Mapping[str, str | None] | None = None,
) -> dict[str, Match]:
    """Find the column for each role; a role without one is absent from the result.

    Args:
        frame: The table; its values are looked at only to see whether two candidates are equal.
        roles: Roles to look for.
        file: Name for error messages.
        explicit: Role -> column as told by the reader; None switches a role off.

    Raises:
        ShopError: A column told is not there, or two columns could play one role.
    """
    explicit = dict(explicit or {})
    found: dict[str, Match] = {}
    for role, column in explicit.items():
        if role not in roles or column is None:
            continue
        if column not in frame.columns:
            raise ShopError(
                f"there is no column {column!r} for {role}.{nearest(column, frame.columns)}",
                file=file,
                column=str(column),
                expected=f"one of {_list(frame.columns)}",
                remedy=f'write columns={{"{role}": "..."}} with one of these names',
            )
        found[role] = Match(column, "told by columns=")
    taken = {column for column in explicit.values() if column is not None}
    names = {column: plain(column) for column in frame.columns if column not in taken}
    for role in roles:
        if role not in explicit:
            hit = _candidate(frame, role, names, file)
            if hit:
                found[role] = hit
    return {role: found[role] for role in roles if role in found}


def _candidate(
    frame: pd.DataFrame, role: str, names: dict[str, str], file: str
) -> Match | None:
    """Return the best column for one role, or None; two equally good ones are an error."""
    tiers = _TIERS.get(role, ((plain(role),),))
    by_tier = [[column for column, name in names.items() if name in tier] for tier in tiers]
    ranked = [(rank, tier) for rank, tier in enumerate(by_tier) if tier]
    if not ranked:
        return None
    rank, best = ranked[0]
    others = [column for _, tier in ranked[1:] for column in tier]
    column = best[0]
    exact = [candidate for candidate in best if candidate == role]
    if exact:
        column = exact[0]
    elif len(best) > 1:
        different = [other for other in best[1:] if not frame[other].equals(frame[column])]
        if different:
            raise ShopError(
                f"two columns could be {role}: {column!r} and {different[0]!r}",
                file=file,
                column=column,
                expected=f"one column for {role}",
                remedy=f'say which: columns={{"{role}": "{column}"}} or '
                f'columns={{"{role}": "{different[0]}"}}',
            )
    how = "the name itself" if rank == 0 else "a usual name"
    rest = [other for other in [*best, *others] if other != column]
    if rest:
        how += f", preferred to {_list(rest)}"
    return Match(column, how)


def _list(names: object) -> str:
    names = [repr(str(name)) for name in names]
    return ", ".join(names[:12]) + (f" and {len(names) - 12} more" if len(names) > 12 else "")


_TIERS = {
    role: ((plain(role),), *(frozenset(tier.split()) for tier in tiers))
    for role, tiers in NAMES.items()
}
_ALL = frozenset(name for tiers in _TIERS.values() for tier in tiers for name in tier)
