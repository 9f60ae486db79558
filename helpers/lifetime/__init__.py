"""What customers will buy, from four numbers: BG/NBD for how often, Gamma-Gamma for how much.

    past = lifetime.history(store, "2025-07-01")     # a row per buyer: repeats, last, age, value
    past = lifetime.history(customers)               # of a table with one row a customer
    counts = lifetime.BetaGeometric.fit(past)
    counts.expected_orders(past, 182)                # in the next 182 days
    values = lifetime.GammaGamma.fit(past)
    counts.expected_orders(past, 182) * values.expected_value(past)

The story of BG/NBD: while a customer is alive, purchases come at random at a rate of their own, and
after each the customer leaves for good with a probability of their own. Rates follow a gamma
distribution (r, alpha), probabilities a beta distribution (a, b). Nothing else enters: no visit, no
season, no price.

Pareto/NBD (`ParetoNBD`) is the older story: customers leave at any moment, at a rate of their own
(s, beta), not only after a purchase. It has the same methods.

Sources, cited below by their initials:
FHL: Fader, Hardie & Lee 2005, "Counting your customers" the easy way, Marketing Science 24:275-284.
FH: Fader & Hardie 2013, The gamma-gamma model of monetary value (brucehardie.com/notes/025).
"""

from helpers.lifetime.beta_geometric import BetaGeometric
from helpers.lifetime.expressions import cohorts, define_cohorts, define_history
from helpers.lifetime.gamma_gamma import GammaGamma
from helpers.lifetime.pareto import ParetoNBD
from helpers.lifetime.past import history, purchase_days, purchases_after

__all__ = [
    "BetaGeometric",
    "GammaGamma",
    "ParetoNBD",
    "cohorts",
    "define_cohorts",
    "define_history",
    "history",
    "purchase_days",
    "purchases_after",
]
