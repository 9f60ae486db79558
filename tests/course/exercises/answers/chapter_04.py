"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "04.1": {
        "mistakes": [
            ("leaked = joined['answered_at'].notna().sum()", "all who ever answered"),
            ("leaked = (joined['answered_at'] < joined['moment']).sum()", "there in time"),
            ("leaked = (~(joined['answered_at'] < joined['moment'])).sum()", "never answered"),
            ("leaked = (joined['answered_at'] >= joined['moment']).mean()", "a share"),
            ("leaked = joined", "values, not one"),
            ("leaked = early['moment'].lt(joined['answered_at']).sum()", "Their indexes differ"),
        ],
        "other": "leaked = len(joined.query('answered_at > moment'))",
    },
    "04.2": {
        "mistakes": [
            (
                "probabilities = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)",
                "bare shares",
            ),
            (
                "probabilities = (counts + priors) / (counts.sum(axis=1, keepdims=True) + 1)",
                "worth one visit",
            ),
            (
                "probabilities = (counts + 1) / (counts.sum(axis=1, keepdims=True) + 6)",
                "the same prior",
            ),
            ("probabilities = (counts + 6 * priors) / 6", "do not sum to one"),
            ("probabilities = priors", "These are the priors"),
            (
                "probabilities = 100 * cold_start.posterior_mean(counts, priors, 6)",
                "These are percents",
            ),
            ("probabilities = priors[0]", "This has 6 values, not 3 × 6"),
        ],
        "other": (
            "probabilities = cold_start.posterior_mean(counts, priors, 6)\n"
            "probabilities = pd.DataFrame(probabilities, "
            "columns=cold_start.categories(table)).round(3)"
        ),
    },
    "04.3": {
        "mistakes": [
            ("rows = table[table['signed_up_at'] < '2025-01-01']", "is not enough"),
            ("rows = table.sample(frac=0.8, random_state=0)", "had not happened yet"),
            ("rows = table[table['moment'] < '2024-07-01']", "to learn from"),
            ("rows = pd.concat([table[table['moment'] < '2025-01-01']] * 2)", "stand twice"),
            ("rows = table['moment'] < '2025-01-01'", "a DataFrame"),
        ],
        "other": "rows = cold_start.split(table, '2025-01-01')[0].sample(frac=1, random_state=0)",
    },
    "04.4": {
        "mistakes": [
            ("strengths = cold_start.fit_strength(histories, priors_at_start)", "a pair"),
            (
                "strengths = [cold_start.fit_strength(histories[r], priors_at_start[r]) for r in "
                "(~told_us, told_us)]",
                "The other way around",
            ),
            (
                "strengths = [cold_start.fit_strength(histories[r], popularity) for r in "
                "(told_us, ~told_us)]",
                "strength of popularity",
            ),
            ("strengths = (hybrid.strength_, hybrid.strength_)", "Both are the same"),
            ("strengths = (100, 1)", "for told_us and ~told_us"),
            ("strengths = None", "a pair"),
        ],
        "other": (
            "grid = np.arange(2, 15, 0.1)\n"
            "strengths = np.array([grid[np.argmax([log_likelihood(M, histories[r], "
            "priors_at_start[r]) for M in grid])] for r in (told_us, ~told_us)])"
        ),
    },
    "04.5": {
        "mistakes": [
            ("choice = 'a'", "More than half of the gap"),
            ("choice = 'b'", "proxies"),
            ("choice = 'd'", "Equal shares"),
            ("choice = None", "one letter"),
        ],
        "other": "choice = ' (C).'",
    },
}
