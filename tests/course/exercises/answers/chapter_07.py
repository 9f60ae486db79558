"""Typical mistakes (code, a part of the reply) and another right answer, by exercise."""

ANSWERS = {
    "07.1": {
        "mistakes": [
            ("answer = 'tenure'", "because time went by"),
            ("answer = 'visits'", "the same in both tables"),
            ("answer = ['account_age']", "because time went by"),
            ("answer = logged", "one name was asked for"),
            ("answer = None", "This is None"),
        ],
        "other": "answer = [name for name in logged if not logged[name].equals(recomputed[name])]",
    },
    "07.2": {
        "mistakes": [
            ("answer = 0.1", "rule of thumb"),
            ("answer = production.psi_by_chance(500, 500)", "every other week"),
            ("answer = 16.92", "becomes a PSI"),
            ("answer = 16.92 / 500", "Both sides vary"),
            ("answer = 'small'", "is not a number"),
            ("answer = 5", "5 is not it"),
        ],
        "other": (
            "rng = np.random.default_rng(0)\n"
            "answer = np.quantile([production.psi(*rng.normal(size=(2, 500))) for _ in "
            "range(3000)], 0.95)"
        ),
    },
    "07.3": {
        "mistakes": [
            (
                "answer = year[year['contacted']]['profit'].mean() - "
                "year[~year['contacted']]['profit'].mean()",
                "because they buy a lot",
            ),
            (
                "by = year.groupby('group')['profit'].mean()\nanswer = by['challenger'] - "
                "by['champion']",
                "not what both bring",
            ),
            (
                "by = year.groupby('group')['profit'].mean()\nanswer = by['champion'] - "
                "by['hold-out']",
                "belong in too",
            ),
            ("answer = 0", "Compare the mean profit"),
            ("answer = year", "values, not one"),
            ("answer = 100", "Compare the mean profit"),
        ],
        "other": (
            "group = year['group'].replace('challenger', 'champion')\n"
            "answer = production.between(year['profit'], group, 'champion', 'hold-out').estimate "
            "/ 1_000"
        ),
    },
    "07.4": {
        "mistakes": [
            (
                "inside = waiting['first_order_at'] < waiting['scored_at'] + window\nanswer = "
                "waiting['propensity'].mean() - inside.mean()",
                "not ordered *yet*",
            ),
            (
                "answer = waiting['propensity'].mean() - waiting['first_order_at'].notna().mean()",
                "still open, and orders after",
            ),
            (
                "old = waiting[waiting['scored_at'] + window <= now]\nanswer = "
                "old['propensity'].mean() - old['first_order_at'].notna().mean()",
                "came after the window",
            ),
            (
                "end = waiting['scored_at'] + window\ninside = waiting['first_order_at'] < "
                "end\nanswer = (waiting['propensity'] - inside)[inside | (end <= now)].mean()",
                "wait for all, or for none",
            ),
            ("answer = waiting", "values, not one"),
            ("answer = 0.5", "For which rows"),
        ],
        "other": (
            "old = waiting[waiting['scored_at'] < pd.Timestamp('2025-11-05')]\n"
            "days = (old['first_order_at'] - old['scored_at']).dt.days\n"
            "answer = float(np.average(old['propensity']) - np.average(days < 56))"
        ),
    },
    "07.5": {
        "mistakes": [
            ("answer = 'a'", "what chance gives"),
            ("answer = 'b'", "season"),
            ("answer = 'd'", "in the shadow"),
            ("answer = 3", "3 is no letter"),
            ("answer = ['a', 'c']", "choose one"),
        ],
        "other": "answer = '(C)'",
    },
}
