"""Every exercise, as a reader meets it: unanswered, wrong in typical ways, right in another way,
right by its solution. The notebook runs to the end with each of them."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from nbclient import NotebookClient
from sklearn.cluster import KMeans

from helpers import exercises, segments, simulator

ROOT = Path(__file__).resolve().parent.parent

# number: ((a typical mistake, a part of the reply), …) and another right answer
ANSWERS = {
    "00.1": {
        "mistakes": [
            ('buyers = int((store.purchases["ordered_at"] < "2025-01-01").sum())', "order lines"),
            ('buyers = store.purchases["customer_id"].nunique()', "all buyers"),
            ("buyers = 'many'", "one whole number"),
        ],
        "other": "buyers = len(set(store.purchases.query('ordered_at < \"2025-01-01\"')['customer_id']))",
    },
    "05.1": {
        "mistakes": [
            ("clean = dirty.drop_duplicates('customer_id')", "still missing"),
            ("clean = dirty.dropna()", "still negative"),
            ("clean = dirty.fillna(dirty[columns].median()).query('recency >= 0 and monetary >= 0')", "or the median"),
            ("clean = dirty.dropna()\nclean[columns] = clean[columns].abs()", "that -5 means 5"),
            ("clean = dirty.dropna().query('recency >= 0 and 0 <= monetary < 100_000').drop_duplicates()", "stand twice"),
            ("clean = dirty.dropna().query('recency >= 0 and monetary >= 0').drop_duplicates('customer_id')", "wholesaler"),
            ("clean = 5", "a DataFrame"),
        ],
        # another order of rows and columns, the last of the doubles kept, the wholesaler cut off by
        # spend, customer_id as index
        "other": (
            "clean = dirty[dirty.columns[::-1]].dropna().drop_duplicates('customer_id', keep='last')\n"
            "clean = clean.query('recency >= 0 and 0 <= monetary < 100_000')\n"
            "clean = clean.set_index('customer_id').sort_values('monetary')"
        ),
    },
    "05.2": {
        "mistakes": [
            ("my_segments = KMeans(4, n_init=10, random_state=0).fit_predict(behavior[columns])", "raw units"),
            ("my_segments = behavior['segment']", "without the logarithm"),
            ("my_segments = KMeans(4, n_init=10).fit_predict(np.log1p(behavior[columns]))", "logged without scaling"),
            ("my_segments = segments.model(3).fit_predict(behavior[columns])", "segments here is 3"),
            ("my_segments = segments.model(4)", "This is a model"),
            ("my_segments = behavior[columns]", "one label per customer"),
            ("my_segments = simulator.load_truth('customer_behavior')['segment']", "no shop has them"),
        ],
        "other": (
            "my_segments = segments.model(4, algorithm='mixture', seed=7).fit_predict(behavior[columns])\n"
            "my_segments = pd.Series(my_segments).map(dict(enumerate('abcd')))"
        ),
    },
    "05.3": {
        "mistakes": [
            ("kept = (first == second).mean()", "match them first"),
            ("kept = adjusted_rand_score(first, second)", "This is the ARI"),
            ("kept = 97", "between 0 and 1"),
            ("kept = 'most'", "could not be examined"),
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


def test_every_exercise_has_its_answers_here():
    known = [number for chapter in exercises.chapters() for number in exercises.exercises(chapter)]
    assert sorted(known) == sorted(ANSWERS)
    for number, answers in ANSWERS.items():
        assert len(answers["mistakes"]) >= 2, number


@pytest.fixture(scope="module", params=exercises.chapters())
def replies(request, tmp_path_factory) -> dict[str, dict[str, str]]:
    """Run a chapter once, each exercise in all variants: number -> variant -> the printed reply."""
    [path] = (ROOT / "notebooks").glob(f"{request.param}_*.ipynb")
    notebook = nbformat.read(path, as_version=4)
    cells, asked = [], {}
    for cell in notebook.cells:
        number = next((n for n in ANSWERS if f'check("{n}"' in cell.source), None)
        if number is None:
            cells.append(cell)
            continue
        exercise, lines = exercises.find(number), cell.source.splitlines()
        [place] = [i for i, line in enumerate(lines) if line.endswith("= ...")]
        variants = {"nothing": lines[place], "other": ANSWERS[number]["other"]}
        variants |= {reply: code for code, reply in ANSWERS[number]["mistakes"]}
        variants["solution"] = exercise.solution
        for name, code in variants.items():
            changed = copy.deepcopy(cell)
            changed.id = f"{cell.id}-{len(asked)}"
            changed.source = "\n".join([*lines[:place], code, *lines[place + 1 :]])
            asked[changed.id] = (number, name)
            cells.append(changed)
    notebook.cells = cells
    progress = tmp_path_factory.mktemp("progress") / "my_progress.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COURSE_PROGRESS", str(progress))
        NotebookClient(
            notebook, timeout=300, resources={"metadata": {"path": str(ROOT / "notebooks")}}
        ).execute()
    found: dict[str, dict[str, str]] = {"progress": json.loads(progress.read_text())}
    for cell in notebook.cells:
        if cell.id in asked:
            number, name = asked[cell.id]
            text = "".join(o.get("text", "") for o in cell.outputs if o.output_type == "stream")
            found.setdefault(number, {})[name] = text
    return found


def test_every_answer_gets_its_reply(replies):
    kept = replies["progress"]
    numbers = [number for number in replies if number != "progress"]
    assert numbers
    for number in numbers:
        for name, text in replies[number].items():
            if name in ("solution", "other"):
                assert f"{number}: right. " in text, (number, name, text)
            elif name == "nothing":
                assert "not answered yet" in text, (number, text)
            else:
                assert name in text and "right." not in text, (number, name, text)
        assert kept[number] == "right"


def test_hints_come_one_at_a_time_and_start_again(capsys):
    count = len(exercises.find("05.1").hints)
    said = []
    for _ in range(count + 1):
        exercises.hint("05.1")
        said.append(capsys.readouterr().out)
    assert len(set(said[:count])) == count and said[count] == said[0]


def test_the_solution_is_shown_as_code(capsys):
    exercises.solution("05.3")
    assert capsys.readouterr().out.startswith("kept = ")


def test_an_unknown_number_is_named():
    with pytest.raises(ValueError, match="00.1"):
        exercises.check("99.9", 1)


def test_progress_counts_and_right_stays_right(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "my_progress.json"))
    assert exercises.progress()["right"].sum() == 0
    exercises.check("05.5", "a")
    assert exercises.progress().loc["05", "tried"] == 1
    exercises.check("05.5", "c")
    exercises.check("05.5", "a")
    row = exercises.progress().loc["05"]
    assert (row["right"], row["tried"]) == (1, 0)
    (tmp_path / "my_progress.json").write_text("not json")
    assert exercises.progress()["right"].sum() == 0
    capsys.readouterr()


def test_progress_that_cannot_be_kept_is_only_said(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("COURSE_PROGRESS", str(tmp_path / "no such folder" / "p.json"))
    exercises.check("05.5", "c")
    said = capsys.readouterr().out
    assert "right." in said and "could not be kept" in said


def judged(number: str, answer: object) -> str:
    """The reply of a check, "right" before it where the answer is right."""
    try:
        return "right: " + exercises.find(number).check(answer)
    except exercises.Wrong as mistake:
        return str(mistake)


@pytest.fixture(scope="module")
def dirty() -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / "customer_behavior_dirty.csv")


@pytest.fixture(scope="module")
def figures() -> pd.DataFrame:
    return pd.read_csv(ROOT / "data" / "customer_behavior.csv")[segments.FEATURES]


def usable(table: pd.DataFrame) -> pd.DataFrame:
    return table.dropna().query("recency >= 0 and monetary >= 0 and frequency < 900")


@pytest.mark.parametrize(
    "clean",
    [
        lambda d: usable(d).drop_duplicates("customer_id"),
        lambda d: usable(d).drop_duplicates("customer_id", keep="last"),
        lambda d: usable(d).drop_duplicates("customer_id", keep=False),
        lambda d: usable(d.drop_duplicates()).drop_duplicates("customer_id", keep=False),
        lambda d: usable(d).groupby("customer_id").max(),
        lambda d: usable(d).drop_duplicates("customer_id").sample(frac=1, random_state=0).iloc[:, ::-1],
    ],
)
def test_05_1_accepts_every_way_of_dropping(dirty, clean):
    assert judged("05.1", clean(dirty)).startswith("right")


@pytest.mark.parametrize(
    ("clean", "reply"),
    [
        (lambda d: absolute(d.fillna(0)).query("frequency < 900"), "recency is 0"),
        (lambda d: d.fillna(d[segments.FEATURES].median()).query("recency >= 0 and monetary >= 0"), "the median"),
        (lambda d: absolute(d.dropna()).query("frequency < 900"), "-5 means 5"),
        (lambda d: d.dropna().assign(recency=lambda t: t["recency"].clip(0)).query("monetary >= 0"), "-5 means 5"),
        (lambda d: d.dropna().query("recency >= 0 and monetary >= 0").assign(frequency=lambda t: t["frequency"].clip(upper=100)), "1,250,000"),
        (lambda d: usable(d).groupby("customer_id").mean(), "20 customers have figures"),
        (lambda d: usable(d).drop_duplicates("customer_id").assign(monetary=lambda t: np.log1p(t["monetary"])), "come later"),
        (lambda d: usable(d).drop_duplicates("customer_id").assign(customer_id=lambda t: "X" + t["customer_id"]), "not in the file"),
        (lambda d: usable(d).drop_duplicates("customer_id").head(3_700), "Only 3,700"),
        (lambda d: usable(d).drop(columns="customer_id"), "lost the columns customer_id"),
    ],
)  # fmt: skip
def test_05_1_refuses_what_is_invented_or_changed(dirty, clean, reply):
    said = judged("05.1", clean(dirty))
    assert reply in said and not said.startswith("right")


def absolute(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**table[segments.FEATURES].abs()).drop_duplicates("customer_id")


def test_05_1_refuses_the_clean_file():
    said = judged("05.1", pd.read_csv(ROOT / "data" / "customer_behavior.csv"))
    assert "120 customers with a missing value" in said


def test_05_2_refuses_the_truth_and_what_leaves_a_step_out(figures):
    truth = simulator.load_truth("customer_behavior")["segment"]
    assert "no shop has them" in judged("05.2", truth)
    assert "logged without scaling" in judged(
        "05.2", KMeans(4, n_init=10, random_state=1).fit_predict(np.log1p(figures))
    )
    recipe = segments.assign(figures, 4, "standardize")
    assert judged("05.2", recipe).startswith("ARI to the truth is 0.47. These were standardized")
    shuffled = np.random.default_rng(0).permutation(truth)
    assert "in the order of the file" in judged("05.2", shuffled)
    assert "one label per customer" in judged("05.2", recipe[:-1])
    assert "segments here is 5" in judged("05.2", segments.assign(figures, 5))
    assert "no label" in judged("05.2", pd.Series(recipe).where(recipe < 3))


@pytest.mark.parametrize("kind", [list, pd.Series, pd.Categorical, np.asarray, pd.DataFrame])
@pytest.mark.parametrize("names", [[3, 2, 1, 0], ["vip", "new", "lapsed", "bargain"]])
def test_05_2_takes_labels_of_any_kind(figures, kind, names):
    labels = segments.assign(figures, 4)
    assert judged("05.2", kind([names[label] for label in labels])).startswith("right")


def test_05_2_takes_another_algorithm_without_the_logarithm(figures):
    assert judged("05.2", segments.assign(figures, 4, "standardize", "ward")).startswith("right")


@pytest.mark.parametrize("answer", [1, 1.0, np.int64(1), np.float64(1)])
def test_05_4_takes_every_one(answer):
    assert judged("05.4", answer).startswith("right")


@pytest.mark.parametrize("answer", [0, 0.0, np.int64(0), None, "none", "None"])
def test_05_4_tells_how_to_say_none(answer):
    assert "No segments is k = 1" in judged("05.4", answer)


@pytest.mark.parametrize("answer", [True, "1 or 2", 1.5, 11, -1, float("nan"), [1]])
def test_05_4_asks_for_a_whole_number(answer):
    assert "a whole number from 1 to 10" in judged("05.4", answer)


def test_05_4_is_about_a_file_without_segments_whose_elbow_says_four():
    mystery = pd.read_csv(ROOT / "data" / "colleague.csv")[segments.FEATURES]
    assert segments.knee(segments.inertias(mystery, transform="standardize")) == 4
    assert segments.choose_k(segments.gap(mystery, references=5)) == 1
    assert all("never say 1" in judged("05.4", np.int64(k)) for k in range(2, 11))
