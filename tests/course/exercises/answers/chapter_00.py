"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "00.1": {
        "mistakes": [
            ('buyers = int((store.purchases["ordered_at"] < "2025-01-01").sum())', "order lines"),
            ('buyers = store.purchases["customer_id"].nunique()', "all buyers"),
            ("buyers = 'many'", "'many' is not a number"),
            ("buyers = store.purchases['customer_id'].unique()", "values, not one: count"),
        ],
        "other": "buyers = len(set(store.purchases.query('ordered_at < "
        "\"2025-01-01\"')['customer_id']))",
    },
}
