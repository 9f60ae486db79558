"""The HTTP side. Annotations are evaluated: the answers that are understood depend on the model."""

import logging
import re
from typing import Annotated, Literal

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi_offline import FastAPIOffline
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from starlette.exceptions import HTTPException as StarletteError
from starlette.middleware.trustedhost import TrustedHostMiddleware

from helpers import production
from helpers.cold_start import GROUPS
from helpers.service.bodies import SmallBodies
from helpers.service.memory import Memory

LOOPBACK = ("127.0.0.1", "localhost", "::1", "[::1]")


def create_app(memory: Memory, host: str = "127.0.0.1"):
    """The service as a FastAPI application, around a memory and its model.

    Only requests that name this machine or `host` are answered: otherwise a web page could give its
    own name this machine's address, and read and teach the service from a browser (DNS rebinding).
    Where `host` is every address of the machine, any name is answered.
    """
    model = memory.model
    strict = ConfigDict(extra="forbid", strict=True)

    def answers(group: str):
        """The questions of a group that the model knows, each with the answers it understands."""
        asked = {
            name: (Annotated[Literal[tuple(model.levels[name])] | None, Field()], None)
            for name in GROUPS[group]
            if name in model.levels
        }
        return create_model(group.capitalize(), __config__=strict, **asked)

    Demographics, Survey, Context = map(answers, ("demographics", "survey", "context"))
    Category = Literal[tuple(model.categories)]
    Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{1,64}$")]

    Whole = Annotated[int, BeforeValidator(_whole)]

    class Visit(BaseModel):
        model_config = strict
        customer_id: Id | None = Field(None, description="without it, nothing is remembered")
        demographics: Demographics = Field(default_factory=Demographics)
        survey: Survey = Field(default_factory=Survey)
        context: Context = Field(default_factory=Context)
        slots: Whole = Field(production.SLOTS, ge=1, le=len(model.categories))

    class Recommendation(BaseModel):
        position: int
        category: Category
        propensity: float = Field(description="the chance of this category at this position")

    class Recommendations(BaseModel):
        decision_id: str
        recommendations: list[Recommendation]

    class Feedback(BaseModel):
        model_config = strict
        decision_id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
        clicked: list[Category] = Field([], max_length=len(model.categories))
        hidden: list[Category] = Field([], max_length=len(model.categories))

    class Thanks(BaseModel):
        learned: bool

    class Health(BaseModel):
        status: Literal["ok"]
        trained_on_data_before: str
        retire_on: str
        customers_remembered: int
        decisions_open: int

    class Problem(BaseModel):
        error: str

    def problems(*codes: int) -> dict:
        return {code: {"model": Problem} for code in codes}

    app: FastAPI = FastAPIOffline(
        title="Recommendations for new customers",
        version=model.card.as_of,
        description=f"{model.card.use} Not for: {model.card.not_for}",
        redoc_url=None,
    )
    app.add_middleware(SmallBodies)
    everywhere = host in ("0.0.0.0", "::")
    named = ["*"] if everywhere else [*LOOPBACK, host]
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=named, www_redirect=False)

    @app.post("/recommend", responses=problems(400, 408, 413, 422, 503))
    async def recommend(visit: Visit) -> Recommendations:
        """Which categories to show this visitor, first one first, and with which chance."""
        known: dict[str, str] = {}
        for group in (visit.demographics, visit.survey, visit.context):
            known |= group.model_dump(exclude_none=True)
        name, chosen = memory.recommend(visit.customer_id, known, visit.slots)
        rows = [
            Recommendation(position=i, category=category, propensity=p)
            for i, (category, p) in enumerate(chosen.items(), start=1)
        ]
        return Recommendations(decision_id=name, recommendations=rows)

    @app.post("/feedback", responses=problems(400, 404, 408, 409, 413, 422, 503))
    async def feedback(answer: Feedback) -> Thanks:
        """What the visitor clicked and hid; once per decision."""
        try:
            memory.feedback(answer.decision_id, answer.clicked, answer.hidden)
        except KeyError:
            raise HTTPException(404, "No such decision, or one that is long ago.") from None
        except FileExistsError:
            raise HTTPException(409, "This decision has its feedback already.") from None
        except ValueError as error:
            raise HTTPException(422, f"{error}.") from None
        return Thanks(learned=True)

    @app.get("/health")
    async def health() -> Health:
        """Whether the service is up, and how old its model is."""
        return Health(
            status="ok",
            trained_on_data_before=model.card.as_of,
            retire_on=model.card.retire_on,
            customers_remembered=len(memory.visitors),
            decisions_open=len(memory.open),
        )

    def problem(status: int, sentence: str, headers=None) -> JSONResponse:
        return JSONResponse({"error": sentence}, status, headers)

    @app.exception_handler(RequestValidationError)
    async def not_valid(request: Request, error: RequestValidationError) -> JSONResponse:
        found = error.errors()[0]
        place = ".".join(str(part) for part in found["loc"] if part != "body") or "the body"
        if found["type"] == "json_invalid":
            return problem(422, f"The body is no JSON: {_plain(found['msg'])}.")
        if place == "the body" and found["type"] != "missing":
            return problem(
                422, "The body must be a JSON object, sent with Content-Type: application/json."
            )
        # what was sent is not sent back: it may be anything
        return problem(422, f"{_plain(place)}: {_plain(found['msg'])}.")

    @app.exception_handler(StarletteError)
    async def refused(request: Request, error: StarletteError) -> JSONResponse:
        return problem(error.status_code, str(error.detail), error.headers)

    @app.exception_handler(OSError)
    async def not_logged(request: Request, error: OSError) -> JSONResponse:
        """What cannot be logged is neither decided nor learned."""
        reason = error.strerror or type(error).__name__
        logging.getLogger(__name__).error("The log cannot be written: %s", reason)
        return problem(503, f"The log cannot be written ({_plain(reason)}): send this again later.")

    @app.exception_handler(Exception)
    async def failed(request: Request, error: Exception) -> JSONResponse:
        return problem(500, "The service failed on this request; its log says why.")

    return app


def _whole(value: object) -> object:
    """1.0 is an integer in JSON; strict types know only 1."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _plain(text: str) -> str:
    """At most 200 printable characters of a text."""
    return re.sub(r"[^\x20-\x7e]", "?", text)[:200]
