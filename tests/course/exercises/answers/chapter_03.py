"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "03.1": {
        "mistakes": [
            ("invited = p['xgboost'] > 0.5", "next to nobody"),
            ("invited = p['xgboost'] > 2 / 30", "old prices"),
            ("invited = p['xgboost'] >= np.quantile(p['xgboost'], 0.92)", "not a share"),
            ("invited = p['xgboost']", "These are numbers"),
            ("invited = p['xgboost'] < 4 / 50", "the others"),
            ("invited = p['xgboost'] > 0.2", "p · gain > cost"),
            ("invited = 1_500", "yes or no for each"),
            ("invited = X_test", "one True or False"),
            ("invited = None", "yes or no"),
            ("invited = [None] * len(X_test)", "True for whoever"),
            ("invited = [[True], [True, False]]", "one True or False"),
        ],
        "other": "invited = pd.Series([50 * q - 4 > 0 for q in p['xgboost']], "
        "index=X_test.index[::-1])",
    },
    "03.2": {
        "mistakes": [
            (
                "leak = pd.Series({n: roc_auc_score(renewed, table[n]) for n in table}).idxmax()",
                "a good column",
            ),
            ("leak = 'support_calls'", "betrays nothing"),
            ("leak = list(table)", "the name of one column"),
            ("leak = 7", "name of one"),
            ("leak = table", "the name of one column: "),
        ],
        "other": "leak = ['reminders']",
    },
    "03.3": {
        "mistakes": [
            ("auc = roc_auc_score(y_smote, q)", "near copies"),
            ("auc = 0.82", "above the ceiling"),
            ("auc = 0.5", "Little more than chance"),
            ("auc = 70", "between 0 and 1"),
            ("auc = None", "one number"),
            ("auc = q", "The answer is one number"),
        ],
        # the helper, another forest, another seed
        "other": (
            "model = models.rebalance(models.model('random forest', seed=3, n_estimators=20), "
            "'SMOTE', seed=5)\nq = cross_val_predict(model, X[:3_000], y[:3_000], cv=3, "
            "method='predict_proba')[:, 1]\nauc = float(roc_auc_score(y[:3_000], q))"
        ),
    },
    "03.4": {
        "mistakes": [
            ("probability = 0.8", "balanced world"),
            ("probability = 0.8 * 0.02", "its odds are multiplied"),
            ("probability = 4 * 0.02 / 0.98", "These are the odds"),
            ("probability = 0.02", "That is the prevalence"),
            ("probability = 7.5", "a percentage"),
            ("probability = 0.4", "Turn .8 into odds"),
            ("probability = 'low'", "one number"),
            ("probability = np.array([0.1, 0.2])", "one number"),
        ],
        "other": "odds = 4 * 0.02 / 0.98\nprobability = np.array([round(odds / (1 + odds), 3)])",
    },
    "03.5": {
        "mistakes": [
            ("choice = 'a'", "the floor fell"),
            ("choice = 'b'", "cannot be compared either"),
            ("choice = 'd'", "invent the very customers"),
            ("choice = 'e'", "one letter"),
        ],
        "other": "choice = '(C)'",
    },
}
