"""The application factory: wires recommender, settings, blueprints, and does nothing else."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING

from flask_openapi3.models.info import Info
from flask_openapi3.openapi import OpenAPI

from anirec.web import urls
from anirec.web.about_api import about_api
from anirec.web.anime import anime
from anirec.web.anime_api import anime_api
from anirec.web.api_docs import api_docs
from anirec.web.asked_list import code_to_carry
from anirec.web.compression import register_compression
from anirec.web.context import attach, database, language, settings, simulated
from anirec.web.cross_site import register_cross_site
from anirec.web.errors import invalid, register_errors
from anirec.web.feedback_api import feedback_api
from anirec.web.health import health
from anirec.web.home import home
from anirec.web.kept import kept
from anirec.web.lists import lists
from anirec.web.lists_api import lists_api, register_sites
from anirec.web.metrics import register_metrics
from anirec.web.models import models
from anirec.web.models_api import models_api
from anirec.web.posters import posters
from anirec.web.profiles_api import profiles_api
from anirec.web.rate_limits import register_rate_limits
from anirec.web.recommendations import recommendations
from anirec.web.request_log import register_request_log
from anirec.web.schemas import Problem
from anirec.web.security import register_headers
from anirec.web.settings import Settings
from anirec.web.taste import taste
from anirec.web.taste_api import taste_api
from anirec.web.titles import Language
from anirec.web.together import together
from anirec.web.viewers import viewers
from anirec.web.viewers_api import viewers_api

if TYPE_CHECKING:
    from flask import Flask

    from anirec.recommender import Recommender


def create_app(
    recommender: Recommender, options: Settings | None = None, *, measured: bool = True
) -> Flask:
    """Return the application that answers from ``recommender``.

    Parameters
    ----------
    measured
        Whether requests are counted and logged; those that only try a bundle out are not.
    """
    app = OpenAPI(
        __package__ or __name__,
        info=Info(
            title="anirec",
            version=version("anirec"),
            description="Anime recommendations that say why.",
        ),
        doc_ui=False,
        security_schemes={},
        validation_error_model=Problem,
        validation_error_callback=invalid,
    )
    options = options or Settings()
    app.config["MAX_CONTENT_LENGTH"] = options.max_body_bytes
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    attach(app, recommender, options)
    if measured:
        # Handlers after a request run in reverse: these two see the answer as it leaves.
        register_request_log(app)
        register_metrics(app)
    register_cross_site(app)
    register_compression(app)
    register_headers(app)
    register_rate_limits(app, options)
    register_errors(app)
    pages = (
        home,
        recommendations,
        lists,
        kept,
        together,
        taste,
        models,
        viewers,
        anime,
        posters,
        api_docs,
    )
    for blueprint in pages:
        app.register_blueprint(blueprint)
    register_sites(app, options)
    for api in (
        about_api,
        viewers_api,
        anime_api,
        lists_api,
        taste_api,
        models_api,
        feedback_api,
        profiles_api,
        health,
    ):
        app.register_api(api)
    app.jinja_env.globals.update(urls=urls, languages=list(Language), settings=settings)
    app.context_processor(
        lambda: {
            "language": language(),
            "simulated": simulated(),
            "carried": code_to_carry(),
            "keeps": database().keeps,
        }
    )
    return app
