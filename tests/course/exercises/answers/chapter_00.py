"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "00.1": {
        "mistakes": [
            ('buyers = int((store.purchases["ordered_at"] < "2025-01-01").sum())', "order lines"),
            ('buyers = store.purchases["customer_id"].nunique()', "all buyers"),
            ("buyers = 'many'", "one whole number"),
            ("buyers = store.purchases['customer_id'].unique()", "count them"),
        ],
        "other": "buyers = len(set(store.purchases.query('ordered_at < "
        "\"2025-01-01\"')['customer_id']))",
    },
}
