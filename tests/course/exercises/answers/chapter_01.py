"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "01.1": {
        "mistakes": [
            ("culprit = 'visits_of_december'", "who visits, buys"),
            ("culprit = 'days_known'", "it is no leak"),
            ("culprit = 'average_order'", "knows nothing of later ones"),
            ("culprit = 'high_value'", "the target itself"),
            ("culprit = offered['loyalty_points']", "one name was asked for"),
            ("culprit = 'points'", "There is no column"),
        ],
        "other": "culprit = ' loyalty_points '",
    },
    "01.2": {
        "mistakes": [
            (
                "splits = list(KFold(5, shuffle=True, random_state=0).split(whose_row))",
                "on both sides",
            ),
            (
                "splits = list(GroupKFold(3).split(whose_row, groups=whose_row))",
                "These are 3 folds",
            ),
            ("splits = GroupKFold(5)", "a list of five pairs"),
            (
                "splits = [(b, a) for a, b in GroupKFold(5).split(whose_row, groups=whose_row)]",
                "scored once",
            ),
            (
                "splits = GroupKFold(5).split(whose_row)",
                "The 'groups' parameter should not be None",
            ),
            ("splits = None", "This is None"),
            (
                "splits = [([(i + 1) % 5] * 48, np.flatnonzero(whose_row % 5 == i)) for i in "
                "range(5)]",
                "four fifths",
            ),
        ],
        # other folds, as masks
        "other": "splits = [(whose_row % 5 != i, whose_row % 5 == i) for i in range(5)]",
    },
    "01.5": {
        "mistakes": [
            ("depth = depths.mean().idxmax()", "has the best mean"),
            ("depth = 2", "the standard error is SD"),
            ("depth = 1", "simplest of all"),
            ("depth = 6", "within one standard error of the best"),
            ("depth = depths", "a whole number"),
            ("depth = 3.9", "a whole number"),
            ("depth = 7", "from 1 to 6"),
        ],
        "other": "depth = '3'",
    },
    "01.4": {
        "mistakes": [
            ("ends = evaluation.mean_interval(differences)[1:]", "independent experiments"),
            (
                "ends = evaluation.corrected_interval(differences, train=4_000, test=16_000)[1:]",
                "exchanged",
            ),
            (
                "ends = evaluation.corrected_interval(differences, train=20_000, test=4_000)[1:]",
                "those of one fold",
            ),
            ("ends = 0.008", "a pair of numbers"),
            ("ends = np.array([np.nan, np.nan])", "This is NaN"),
            (
                "m, s = differences.mean(), differences.std()\nends = m - 1.96 * s, m + 1.96 * s",
                "ddof=0",
            ),
            (
                "m, s = differences.mean(), differences.std(ddof=1)\n"
                "ends = m - 1.96 * s, m + 1.96 * s",
                "spread of single folds",
            ),
            ("ends = [differences.min(), differences.max()]", "smallest and the largest"),
            ("ends = (0.0, 0.1)", "Not this interval"),
            (
                "m, s = differences.mean(), differences.std(ddof=1)\n"
                "ends = m - 1.96 * s * np.sqrt(0.45), m + 1.96 * s * np.sqrt(0.45)",
                "t distribution",
            ),
            (
                "m, s = differences.mean(), differences.std()\n"
                "ends = m - 2.776 * s * np.sqrt(0.45), m + 2.776 * s * np.sqrt(0.45)",
                "ddof=1",
            ),
            ("ends = np.quantile(differences, [0.025, 0.975])", "quantiles"),
            (
                "ends = evaluation.corrected_interval(differences, train=16_000, "
                "test=4_000)[:0:-1]",
                "lower end comes first",
            ),
        ],
        "other": "ends = np.round(evaluation.corrected_interval(differences, 4, 1), 4)[1:]",
    },
    "01.3": {
        "mistakes": [
            ("choice = 'a'", "not ahead"),
            ("choice = 'b'", "mostly luck"),
            ("choice = 'd'", "the same number"),
            ("choice = 'e'", "There is no choice 'e'"),
        ],
        "other": "choice = '(C)'",
    },
}
