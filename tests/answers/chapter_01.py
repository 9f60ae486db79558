"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "01.1": {
        "mistakes": [
            ("culprit = 'visits_of_december'", "who visits, buys"),
            ("culprit = 'days_known'", "it is no leak"),
            ("culprit = 'average_order'", "knows nothing of later ones"),
            ("culprit = 'high_value'", "the target itself"),
            ("culprit = offered['loyalty_points']", "the name of one column"),
            ("culprit = 'points'", "no such column"),
        ],
        "other": "culprit = ' loyalty_points '",
    },
    "01.2": {
        "mistakes": [
            ("splits = list(KFold(5, shuffle=True, random_state=0).split(whose_row))", "on both sides"),
            ("splits = list(GroupKFold(3).split(whose_row, groups=whose_row))", "These are 3 folds"),
            ("splits = GroupKFold(5)", "a list of five pairs"),
            ("splits = [(b, a) for a, b in GroupKFold(5).split(whose_row, groups=whose_row)]", "scored once"),
            ("splits = None", "a list of five pairs"),
        ],
        # other folds, as masks
        "other": "splits = [(whose_row % 5 != i, whose_row % 5 == i) for i in range(5)]",
    },
    "01.3": {
        "mistakes": [
            ("depth = depths.mean().idxmax()", "has the best mean"),
            ("depth = 2", "the standard error is SD"),
            ("depth = 1", "simplest of all"),
            ("depth = 6", "less its standard error"),
            ("depth = depths", "a whole number"),
        ],
        "other": "depth = '3'",
    },
    "01.4": {
        "mistakes": [
            ("ends = evaluation.mean_interval(differences)[1:]", "independent experiments"),
            ("ends = evaluation.corrected_interval(differences, train=4_000, test=16_000)[1:]", "exchanged"),
            ("ends = evaluation.corrected_interval(differences, train=20_000, test=4_000)[1:]", "those of one fold"),
            ("ends = 0.008", "a pair of numbers"),
            ("ends = evaluation.corrected_interval(differences, train=16_000, test=4_000)[:0:-1]", "lower end comes first"),
        ],
        "other": "ends = np.round(evaluation.corrected_interval(differences, 4, 1), 4)[1:]",
    },
    "01.5": {
        "mistakes": [
            ("choice = 'a'", "not ahead"),
            ("choice = 'b'", "mostly luck"),
            ("choice = 'd'", "the same number"),
            ("choice = 'e'", "one letter"),
        ],
        "other": "choice = '(C)'",
    },
}
