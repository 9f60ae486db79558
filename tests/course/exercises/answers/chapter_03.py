"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "03.1": {
        "mistakes": [
            ("invited = p > 0.5", "next to nobody"),
            ("invited = p > 2 / 30", "old prices"),
            ("invited = p >= np.quantile(p, 0.92)", "not a share"),
            ("invited = p", "These are numbers, not True"),
            ("invited = p < 4 / 50", "the others"),
            ("invited = p > 0.2", "by another rule"),
            (
                "invited = np.random.default_rng(0).permutation(p) > 0.08",
                "but to others",
            ),
            (
                "invited = pd.Series(p > 0.08, index=X_test.index[::-1])",
                "The rule is right row by row",
            ),
            ("invited = np.where(p > 0.08, 'letter', 'none')", "neither yes nor no"),
            ("invited = 1_500", "one value, not one for each row"),
            ("invited = X_test", "This has 20,000 × 10 values"),
            ("invited = None", "This is None"),
            ("invited = [None] * len(X_test)", "missing"),
            ("invited = [[True], [True, False]]", "unlike length"),
        ],
        # the model itself, in another order, in words
        "other": (
            "q = model.predict_proba(X_test)[:, 1]\n"
            "q = pd.Series(q, index=X_test.index).sample(frac=1, random_state=0)\n"
            "invited = (q > 4 / 50).map({True: 'Yes', False: 'no'})"
        ),
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
            ("leak = table", "several values"),
        ],
        "other": "leak = ['reminders']",
    },
    "03.3": {
        "mistakes": [
            ("honest_auc = roc_auc_score(y_wrong, p_wrong)", "near copies"),
            ("honest_auc = 0.82", "above the ceiling"),
            ("honest_auc = 0.5", "Hardly more than chance"),
            (
                "q = cross_val_predict(RandomForestClassifier(30, random_state=0), X_few, "
                "y_few, cv=5, method='predict_proba')[:, 1]\nhonest_auc = roc_auc_score(y_few, q)",
                "A forest without SMOTE",
            ),
            ("honest_auc = 70", "lies above 1"),
            ("honest_auc = None", "This is None"),
            ("honest_auc = p_wrong", "values, not one"),
        ],
        # the helper, another forest, another seed
        "other": (
            "model = models.rebalance(models.model('random forest', seed=3, n_estimators=20), "
            "'SMOTE', seed=5)\nq = cross_val_predict(model, X_few, y_few, cv=3, "
            "method='predict_proba')[:, 1]\nhonest_auc = float(roc_auc_score(y_few, q))"
        ),
    },
    "03.4": {
        "mistakes": [
            ("probability = 0.8", "balanced world"),
            ("probability = 0.8 * 0.02", "its odds are multiplied"),
            ("probability = 4 * 0.02 / 0.98", "These are the odds"),
            ("probability = 0.02", "That is the prevalence"),
            ("probability = 7.5", "lies above 1"),
            ("probability = 0.4", "Turn 0.8 into odds"),
            ("probability = 'low'", "is not a number"),
            ("probability = np.array([0.1, 0.2])", "2 values"),
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
