"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "02.1": {
        "mistakes": [
            (
                "frequency = orders[orders['ordered_at'] < "
                "april].groupby('customer_id')['order_id'].nunique()",
                "everybody knew",
            ),
            (
                "frequency = orders[(orders['ordered_at'] < april) & "
                "orders['cancelled_at'].isna()].groupby('customer_id')['order_id'].nunique()",
                "nobody knew it yet",
            ),
            (
                "frequency = orders[(orders['ordered_at'] < april) & ~(orders['cancelled_at'] < "
                "april)].groupby('customer_id').size()",
                "order lines",
            ),
            (
                "next_day = april + pd.Timedelta('1D')\n"
                "frequency = orders[(orders['ordered_at'] < next_day) & "
                "~(orders['cancelled_at'] < "
                "next_day)].groupby('customer_id')['order_id'].nunique()",
                "the cut-off day itself",
            ),
            (
                "frequency = orders.groupby('customer_id')['order_id'].nunique()",
                "where is the cut-off",
            ),
            ("frequency = 10_000", "a Series of numbers"),
        ],
        # with the customers who never bought, in another order
        "other": "frequency = features.build(store, april)['frequency'].sort_values()",
    },
    "02.2": {
        "mistakes": [
            ("n = 1", "as counted"),
            ("n = 10", "not yet above"),
            (
                "n = next(n for n in range(1, 100) if (n + beta) / (n + alpha + beta) > 7 / 8)",
                "changed places",
            ),
            ("n = 40", "fewer are enough"),
            ("n = 10.5", "a whole number"),
            ("n = 'many'", "The text 'many' is not a number"),
            ("n = np.nan", "NaN"),
        ],
        "other": "n = np.ceil((7 / 8 * (alpha + beta) - alpha) * 8)",
    },
    "02.3": {
        "mistakes": [
            ("leaks = []", "3 more"),
            ("leaks = ['voucher_revenue']", "2 more"),
            ("leaks = ['orders_placed', 'money_kept']", "orders_placed does not leak"),
            ("leaks = ['spend']", "There is no column"),
            ("leaks = 3", "a list of column names"),
        ],
        "other": "leaks = {'price_attitude', 'money_kept', 'voucher_revenue'}",
    },
    "02.4": {
        "mistakes": [
            ("column = code['code'].map(means)", "naive encoding"),
            (
                "column = TargetEncoder().fit(code, y).transform(code)",
                "only fit_transform() leaves",
            ),
            ("column = y", "the target itself"),
            ("column = TargetEncoder()", "This is a model"),
            ("column = np.full(len(y), y.mean())", "encodes nothing"),
            ("column = code", "lies between"),
            ("column = np.random.default_rng(1).random(len(y))", "hardly follows"),
            ("column = TargetEncoder().fit_transform(code, y)[::-1]", "hardly follows"),
            ("column = ['a'] * len(y)", "not numbers"),
        ],
        # by hand: the mean of the level over the other half of the rows
        "other": (
            "half = np.arange(len(y)) % 2 == 0\n"
            "column = np.full(len(y), y.mean())\n"
            "for here in (half, ~half):\n"
            "    others = y[~here].groupby(code.loc[~here, 'code']).mean()\n"
            "    column[here] = code.loc[here, 'code'].map(others).fillna(y.mean())"
        ),
    },
    "02.5": {
        "mistakes": [
            ("choice = 'a'", "more often"),
            ("choice = 'b'", "the same leak"),
            ("choice = 'd'", "different there"),
            ("choice = 7", "one letter"),
        ],
        "other": "choice = '(C)'",
    },
}
