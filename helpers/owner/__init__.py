"""A shop owner's questions, answered from orders alone.

    owner.best(store, as_of)         # who the best customers are
    owner.slipping(store, as_of)     # which regulars are slipping away; came_back tries the list
    owner.next_buyers(store, as_of)  # who will buy next; bought_next tries the list
    owner.coming(store, as_of)       # how many orders will come, beside six forecasts of the past
    owner.groups(store, as_of)       # RFM groups by name, and what each did next
    owner.money(store)               # how the lines of the file become the money that counts
    owner.head(store, moment)        # the first figures; reach says what the orders cannot tell
    owner.know(store, as_of)         # then owner.one(known, customer): all about one customer
    owner.page(store, as_of)         # all of it as one HTML page

Who is slipping away, who will buy next and how many orders will come are tried on the shop's own
past. Where its orders cannot give an answer, a sentence says so.
"""

from helpers.owner.buyers import buyers
from helpers.owner.customers import best
from helpers.owner.first_figures import Head, head, in_percent, orders_ahead, reach
from helpers.owner.forecast import Coming, TooShort, coming
from helpers.owner.mail import bought_next, next_buyers
from helpers.owner.money import money
from helpers.owner.named_groups import groups
from helpers.owner.one_customer import know, one
from helpers.owner.partner_page import answers, as_page, page
from helpers.owner.rhythm import came_back, came_back_at, slipping

__all__ = [
    "Coming",
    "Head",
    "TooShort",
    "answers",
    "as_page",
    "best",
    "bought_next",
    "buyers",
    "came_back",
    "came_back_at",
    "coming",
    "groups",
    "head",
    "in_percent",
    "know",
    "money",
    "next_buyers",
    "one",
    "orders_ahead",
    "page",
    "reach",
    "slipping",
]
