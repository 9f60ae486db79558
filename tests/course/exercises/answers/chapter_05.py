"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "05.1": {
        "mistakes": [
            ("clean = dirty.drop_duplicates('customer_id')", "still missing"),
            ("clean = dirty.dropna()", "still negative"),
            (
                "clean = dirty.fillna(dirty[columns].median()).query('recency >= 0 and monetary "
                ">= 0')",
                "or the median",
            ),
            ("clean = dirty.dropna()\nclean[columns] = clean[columns].abs()", "that -5 means 5"),
            (
                "clean = dirty.dropna().query('recency >= 0 and 0 <= monetary < "
                "100_000').drop_duplicates()",
                "stand twice",
            ),
            (
                "clean = dirty.dropna().query('recency >= 0 and monetary >= "
                "0').drop_duplicates('customer_id')",
                "wholesaler",
            ),
            ("clean = dirty.dropna().astype({'monetary': str})", "text or objects"),
            ("clean = 5", "a DataFrame"),
        ],
        # another order of rows and columns, the last of the doubles kept, the wholesaler cut off by
        # spend, customer_id as index
        "other": (
            "clean = dirty[dirty.columns[::-1]].dropna().drop_duplicates('customer_id', "
            "keep='last')\nclean = clean.query('recency >= 0 and 0 <= monetary < 100_000')\n"
            "clean = clean.set_index('customer_id').sort_values('monetary')"
        ),
    },
    "05.2": {
        "mistakes": [
            (
                "my_segments = KMeans(4, n_init=10, random_state=0).fit_predict(behavior[columns])",
                "raw units",
            ),
            ("my_segments = behavior['segment']", "without the logarithm"),
            (
                "my_segments = KMeans(4, n_init=10).fit_predict(np.log1p(behavior[columns]))",
                "logged without scaling",
            ),
            (
                "my_segments = segments.model(3).fit_predict(behavior[columns])",
                "segments here is 3",
            ),
            ("my_segments = segments.model(4)", "This is a model"),
            ("my_segments = behavior[columns]", "This has 4,000 × 4 values"),
            (
                "my_segments = simulator.load_truth('customer_behavior')['segment']",
                "no shop has them",
            ),
        ],
        "other": (
            "my_segments = segments.model(4, algorithm='mixture', "
            "seed=7).fit_predict(behavior[columns])\nmy_segments = "
            "pd.Series(my_segments).map(dict(enumerate('abcd')))"
        ),
    },
    "05.3": {
        "mistakes": [
            ("kept = (first == second).mean()", "match them first"),
            ("kept = adjusted_rand_score(first, second)", "This is the ARI"),
            ("kept = 97", "lies above 1"),
            ("kept = 'most'", "is not a number"),
            ("kept = first == segments.match(first, second)", "2,000 values, not one"),
        ],
        "other": "kept = round(float(np.mean(segments.match(second, first) == second)), 3)",
    },
    "05.4": {
        "mistakes": [
            ("k = segments.knee(segments.inertias(mystery))", "never say 1"),
            ("k = 'four'", "a whole number"),
            ("k = None", "No segments is k = 1"),
        ],
        "other": "k = float(segments.choose_k(segments.gap(mystery, references=10, seed=3)))",
    },
    "05.5": {
        "mistakes": [
            ("choice = 'a'", "risk is not effect"),
            ("choice = 'b'", "nobody knows"),
            ("choice = 'd'", "many of whom buy anyway"),
            ("choice = 'e'", "one letter"),
        ],
        "other": "choice = '(C)'",
    },
}
