"""Save a model so that it can be trusted, and refuse one that cannot."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

from packaging.version import Version
from sklearn.pipeline import Pipeline

from helpers.errors import ModelError
from helpers.files import write_whole
from helpers.production.card import Card
from helpers.production.model import Model, Taste
from helpers.production.online import Online

# Beyond what skops trusts by itself: exactly the classes and functions of our own recipe.
TRUSTED = [
    "helpers.features.shrinkage.ShrinkRates",
    "helpers.models.catalogue.Checked",
    "helpers.models.preparation.signed_log1p",
    "helpers.models.preparation.to_numbers",
    "numpy.dtype",
    "sklearn.compose._column_transformer.make_column_selector",
]
LARGEST = 100_000_000  # bytes, unpacked


# what a file holds, by kind of model
BATCH = {"card", "propensity", "segment", "taste"}
ONLINE = {"card", "prior", "clicks", "strength", "levels", "profiles", "categories"}


def save(model: Model | Online, path: str | Path) -> str:
    """Write the model to `path`, its SHA-256 and its card beside it; return the SHA-256.

    Each file is written whole or not at all; after a stop between the two, `load` refuses the
    model, as it would any that does not fit its digest. Keep the digest in another place as well:
    who can change the model's file can change the one beside it.
    """
    path = Path(path)
    names = BATCH if isinstance(model, Model) else ONLINE
    content = {name: getattr(model, name) for name in sorted(names)} | {
        "card": model.card.to_json()
    }
    if isinstance(model, Model):
        content["taste"] = {**model.taste._asdict()}
    import skops.io  # here, as in `read`: it takes longer than the rest of this room

    data = without_addresses(skops.io.dumps(content))
    digest = hashlib.sha256(data).hexdigest()
    write_whole(
        digest_path(path), lambda p: p.write_text(f"{digest}  {path.name}\n", encoding="utf-8")
    )
    write_whole(path, lambda p: p.write_bytes(data))
    write_whole(card_path(path), lambda p: p.write_text(model.card.markdown(), encoding="utf-8"))
    return digest


def without_addresses(data: bytes) -> bytes:
    """The same skops archive, compressed, whenever and wherever in memory it was made: skops calls
    objects and members by their address, and a zip file holds the time. So the same training gives
    the same bytes, and a digest says whether two models are one."""
    numbers: dict[Any, int] = {}

    def number(address: Any) -> int:
        return numbers.setdefault(address, len(numbers))

    def renamed(node: Any) -> Any:
        if isinstance(node, list):
            return [renamed(item) for item in node]
        if not isinstance(node, dict):
            return node
        node = {key: renamed(item) for key, item in node.items()}
        if "__id__" in node:
            node["__id__"] = number(node["__id__"])
        if str(node.get("file")) in members:
            node["file"] = member(node["file"])
        return node

    def member(name: str) -> str:
        return f"{number(name)}{Path(name).suffix}"

    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w") as new:
        members = {name for name in old.namelist() if name != "schema.json"}
        schema = renamed(json.loads(old.read("schema.json")))
        parts = {member(name): old.read(name) for name in members}
        parts["schema.json"] = json.dumps(schema, indent=2).encode()
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name)  # of 1980
            entry.create_system = 3  # as on Linux, everywhere
            new.writestr(entry, parts[name], zipfile.ZIP_DEFLATED)
    return made.getvalue()


def load(path: str | Path, sha256: str | None = None) -> Model | Online:
    """Read a model that `save` wrote.

    Nothing in the file is run: skops builds only what it knows and what `TRUSTED` names, and only
    after the digest was found right.

    Args:
        path: The model's file.
        sha256: The digest that it must have; by default that of the file beside it.

    Raises:
        ModelError: The file is missing, a pickle, damaged, changed, of a foreign make, or of other
            versions; one sentence says which.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise ModelError(
            f"{path.name} cannot be read ({error.strerror}): train a model first"
        ) from error
    check_container(path, data)
    wanted = _digest_beside(path) if sha256 is None else sha256
    if hashlib.sha256(data).hexdigest() != wanted.lower():
        raise ModelError(
            f"{path.name} is not the file that was saved: its SHA-256 differs. It was damaged or "
            "changed."
        )
    content = read(path.name, data)
    card = Card.from_json(content["card"])
    check_versions(card)
    try:
        if set(content) == BATCH:
            model = Model(**(content | {"taste": Taste(**content["taste"]), "card": card}))
            pipelines = (model.propensity, model.segment)
        else:
            model = Online(**(content | {"card": card}))
            pipelines = (model.prior,)
    except Exception as error:  # the parts are there and do not fit together
        raise ModelError(
            f"{path.name} is no whole model ({type(error).__name__}: {error})"
        ) from error
    if not all(isinstance(part, Pipeline) for part in pipelines):
        raise ModelError(f"{path.name} holds no pipelines: it is not a model of this course")
    return model


def check_container(path: Path, data: bytes) -> None:
    """Raise ModelError where the bytes are a pickle, no archive, or one that unpacks to too
    much."""
    if len(data) > LARGEST:
        raise ModelError(
            f"{path.name} is larger than {LARGEST:,} bytes, more than a model needs: refused"
        )
    if data[:1] == b"\x80" or path.suffix in (".pkl", ".pickle", ".joblib"):
        raise ModelError(
            f"{path.name} is a pickle, which can run any command when it is opened: refused. "
            "Ask for a skops file, or train the model yourself."
        )
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise ModelError(f"{path.name} is no skops file, or is cut short")
    try:
        unpacked = sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except zipfile.BadZipFile as error:
        raise ModelError(f"{path.name} is damaged: {error}") from error
    if unpacked > LARGEST:
        raise ModelError(
            f"{path.name} unpacks to {unpacked:,} bytes, more than a model needs: refused"
        )


def read(name: str, data: bytes) -> dict:
    """What a skops file holds. Raises ModelError for types that are not trusted, or other
    content."""
    import skops.io

    try:
        foreign = sorted(set(skops.io.get_untrusted_types(data=data)) - set(TRUSTED))
    except Exception as error:  # whatever a hostile file provokes, it ends here
        raise ModelError(
            f"{name} cannot be read as a skops file ({type(error).__name__})"
        ) from error
    if foreign:
        raise ModelError(
            f"{name} holds {', '.join(foreign)}, which a model of this course never does: refused"
        )
    try:
        content = skops.io.loads(data, trusted=TRUSTED)
    except Exception as error:
        raise ModelError(
            f"{name} cannot be read as a skops file ({type(error).__name__})"
        ) from error
    if not isinstance(content, dict) or set(content) not in (BATCH, ONLINE):
        raise ModelError(f"{name} is a skops file, but not a model that this course saved")
    return content


def check_versions(card: Card) -> None:
    """Raise ModelError where the packages that the model depends on differ in more than the last
    number: scikit-learn promises nothing for these."""
    for package in ("scikit-learn", "numpy"):
        then, now = Version(card.versions.get(package, "0")), Version(metadata.version(package))
        if then.release[:2] != now.release[:2]:
            raise ModelError(
                f"the model was saved with {package} {then}, here is {now}: train it anew, or use "
                "the environment that it was saved with"
            )


def digest_path(path: Path) -> Path:
    """The file beside a model that holds its SHA-256."""
    return path.with_name(path.name + ".sha256")


def card_path(path: Path) -> Path:
    """The file beside a model that shows its card: never the name of a page that was there
    before."""
    return path.with_name(path.name + ".md")


def _digest_beside(path: Path) -> str:
    try:
        return digest_path(path).read_text(encoding="utf-8").split()[0]
    except (OSError, IndexError, UnicodeDecodeError) as error:
        raise ModelError(
            f"{path.name} has no SHA-256 beside it ({digest_path(path).name}): nobody vouches "
            "for it. Pass the digest that its owner gave you (--sha256)."
        ) from error
