"""The model that answers, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask_openapi3.blueprint import APIBlueprint
from flask_openapi3.models.tag import Tag
from pydantic import BaseModel, ConfigDict, Field

from anirec.web import urls
from anirec.web.context import recommender
from anirec.web.models_view import models_view, reports
from anirec.web.revalidation import NOT_MODIFIED, may_be_kept


class FigureOut(BaseModel):
    """A figure of one model with its 95 % interval over viewers."""

    model_config = ConfigDict(title="Figure")

    model: str
    mean: float
    low: float
    high: float


class MeasuredOut(BaseModel):
    """What one protocol of the evaluation measured on viewers whom no model had seen."""

    model_config = ConfigDict(title="Measured")

    protocol: str
    title: str
    metric: str
    viewers: int
    figures: list[FigureOut] = Field(
        description="Of what answers, of the best other model and of popularity."
    )


class ModelsOut(BaseModel):
    """The bundle that answers."""

    model_config = ConfigDict(title="Models")

    answers: str = Field(description="What answers where a request names no weights.")
    manifest: dict[str, Any] = Field(description="What the bundle is and where it comes from.")
    measured: list[MeasuredOut] = Field(description="Empty where the bundle holds no reports.")
    card: str | None = Field(description="The model card, in Markdown.")
    report: str | None = Field(
        description="The address of the evaluation report, a page; null without one."
    )


class ReportOut(BaseModel):
    """All that was measured of the bundle that answers."""

    model_config = ConfigDict(title="EvaluationReport")

    reports: dict[str, dict[str, Any]] = Field(
        description="By protocol what `anirec evaluate` wrote: every model with intervals, by group "
        "of viewers, and its margins; nothing of single viewers. Empty where the bundle holds no reports."
    )


models_api = APIBlueprint(
    "models_api", __name__, url_prefix="/api/v1", abp_tags=[Tag(name="about")]
)


models_api.after_request(may_be_kept)


@models_api.get("/models", responses={200: ModelsOut, 304: NOT_MODIFIED})
def current() -> dict[str, Any]:
    """Return the model card, figures and origin of the bundle that answers."""
    view = models_view()
    return {
        "answers": view.answers,
        "manifest": recommender().manifest.summary(),
        "measured": [asdict(one) for one in view.measured],
        "card": view.card,
        "report": urls.evaluation_report() if view.has_report else None,
    }


@models_api.get("/models/report", responses={200: ReportOut, 304: NOT_MODIFIED})
def report() -> dict[str, Any]:
    """Return the evaluation reports of the bundle that answers."""
    return {"reports": reports()}
