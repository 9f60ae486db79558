"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "08.1": {
        "mistakes": [
            (
                "toys = orders.filter(orders.category == 'toys')\n"
                "answer = toys.filter(toys.ordered_at < moment).amount.sum()",
                "canceled before the cut-off",
            ),
            (
                "toys = orders.filter(orders.category == 'toys')\nanswer = toys.amount.sum()",
                "from after the cut-off, too",
            ),
            (
                "toys = orders.filter(orders.category == 'toys')\n"
                "answer = toys.filter(toys.cancelled_at.isnull()).amount.sum()",
                "still in",
            ),
            ("answer = orders", "values, not one"),
            ("answer = 100", "Filter three times"),
        ],
        "other": (
            "lines = shop.load().purchases\n"
            "lines = features.standing(lines, None, moment)\n"
            "answer = lines.loc[lines['category'] == 'toys', 'amount'].sum()"
        ),
    },
    "08.2": {
        "mistakes": [
            ("answer = 0.07 * 0.93 * (1.96 / 0.005) ** 2", "half a point on each side"),
            ("answer = 0.25 * (1.96 / 0.01) ** 2", "where the spread is largest"),
            ("answer = 1.96 * (0.07 * 0.93) ** 0.5 / 0.01", "grows with the square"),
            ("answer = 0.07 * 0.93 / 0.01 ** 2", "1.96 is missing"),
            ("answer = 'many'", "is not a number"),
            ("answer = 10", "solve for n"),
        ],
        "other": "answer = 2500",
    },
    "08.3": {
        "mistakes": [
            ("answer = machines['mean'].mean()", "would weigh as much as 900"),
            ("answer = 900 * 40 + 100 * 90", "the question is their mean"),
            ("answer = (100 * 40 + 900 * 90) / 1000", "weights are exchanged"),
            ("answer = machines", "values, not one"),
            ("answer = None", "This is None"),
        ],
        "other": "answer = np.average(machines['mean'], weights=machines['orders'])",
    },
    "08.4": {
        "mistakes": [
            ("answer = 'a'", "into Parquet once"),
            ("answer = 'b'", "can learn from a part"),
            ("answer = 'd'", "come from a sample"),
        ],
        "other": "answer = 'C'",
    },
}
