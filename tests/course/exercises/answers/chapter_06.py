"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "06.1": {
        "mistakes": [
            ("weeks = 2", "shared by two arms"),
            ("weeks = experiments.plan(0.04, 0.08, daily=6_000).days", "are days"),
            ("weeks = 2 * experiments.arm_size(0.04, 0.08) / 6_000 / 7", "Whole weeks, rounded up"),
            ("weeks = experiments.arm_size(0.04, 0.08)", "customers per arm"),
            ("weeks = experiments.plan(0.04, 0.08, daily=3_000)", "both arms: all 6,000"),
            ("weeks = 12", "12 weeks is not it"),
            ("weeks = 2 * experiments.arm_size(0.04, 0.08) / 6_000", "are days"),
            ("weeks = 'three'", "is not a number"),
            ("weeks = None", "This is None"),
        ],
        "other": "weeks = experiments.plan(0.04, 0.08, daily=6_000)",
    },
    "06.2": {
        "mistakes": [
            ("usable = list(candidates)", "visits_in_april counts visits"),
            (
                "usable = ['spend_before', 'visits_before', 'tenure', 'recency_at_readout']",
                "every order that the voucher brought",
            ),
            ("usable = 'spend_before'", "may be used"),
            ("usable = ['spend_before', 'age']", "no column 'age'"),
            ("usable = 3", "a list of column names"),
            ("usable = [candidates['tenure']]", "not names"),
            ("usable = []", "Known by 1 April as well"),
        ],
        "other": "usable = candidates.columns.drop(['visits_in_april', "
        "'recency_at_readout'])[::-1]",
    },
    "06.3": {
        "mistakes": [
            (
                "p_value = experiments.compare(visits['cart'], "
                "visits['customer_id'].map(wish)).p_value",
                "the colleague's",
            ),
            ("p_value = experiments.compare(own['sum'], wish).p_value", "carts per customer"),
            (
                "p_value = experiments.compare(own['sum'] / own['size'], wish).p_value",
                "customers' own rates",
            ),
            (
                "p_value = 1 - experiments.compare_ratio(own['sum'], own['size'], wish).p_value",
                "This is 1 − p",
            ),
            (
                "p_value = experiments.compare_ratio(own['sum'], own['size'], wish).p_value / 2",
                "one side only",
            ),
            ("p_value = 26", "lies above 1"),
            ("p_value = 'no'", "is not a number"),
            ("p_value = 0.5", "Which two sums"),
        ],
        # a bootstrap by customer instead of the delta method
        "other": (
            "rng, drawn = np.random.default_rng(1), []\n"
            "for _ in range(1_000):\n"
            "    rows = rng.integers(len(own), size=len(own))\n"
            "    one, green = own.iloc[rows], wish.to_numpy()[rows]\n"
            "    rates = [one['sum'][g].sum() / one['size'][g].sum() for g in (green, ~green)]\n"
            "    drawn.append(rates[0] - rates[1])\n"
            "p_value = 2 * stats.norm.sf(abs(np.mean(drawn)) / np.std(drawn))"
        ),
    },
    "06.4": {
        "mistakes": [
            ("clicks = shown['clicked'].mean()", "under the policy that ran"),
            ("clicks = ((1 / 6 + share) / 2 * rate).sum()", "to those who like it"),
            ("clicks = uniform", "uniform policy alone"),
            (
                "clicks = experiments.snips(shown['clicked'], shown['propensity'], wanted)",
                "popular policy alone",
            ),
            ("clicks = 7.8", "lies above 1"),
            ("clicks = 0.2", "Weight each impression"),
            ("clicks = shown", "values, not one"),
            (
                "mine = share * shown['clicked'].reset_index(drop=True)\nclicks = mine.mean()",
                "whose indexes differ",
            ),
        ],
        "other": (
            "clicks = experiments.ips(shown['clicked'], shown['propensity'], "
            "shown['category'].map((1 / 6 + share) / 2), shown['customer_id'])"
        ),
    },
    "06.5": {
        "mistakes": [
            ("choice = 'a'", "on some day"),
            ("choice = 'b'", "one more look"),
            ("choice = 'd'", "different people"),
            ("choice = 'e'", "one letter"),
            ("choice = 'wait'", "one letter"),
        ],
        "other": "choice = ['(C) wait for the planned end']",
    },
}
