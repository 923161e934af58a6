"""Bodies are taken as their description says: a number is a number, not text or a truth value."""

from __future__ import annotations

import json
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict
from werkzeug.exceptions import BadRequest

from anirec.data.schema import Status


def _no_truth_value(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("Input should be a number")
    return value


StatusCode = Annotated[Status, BeforeValidator(_no_truth_value)]
"""Even strictly, true is taken for the status 1."""


TOO_DEEP: Final = "the body is nested too deeply"


class JsonBody(BaseModel):
    """The body of a request; addresses hold text only and are read more leniently."""

    model_config = ConfigDict(extra="forbid", strict=True)

    @classmethod
    def model_validate(cls, obj: Any, **options: Any) -> Self:
        """Validate what was read from JSON, as strictly as JSON allows.

        Raises
        ------
        ValidationError
            If it does not fit.
        BadRequest
            If it is nested too deeply to be looked at.
        """
        try:
            text = json.dumps(_whole(obj))
        except RecursionError:
            raise BadRequest(TOO_DEEP) from None
        return cls.model_validate_json(text, **options)


def _whole(value: Any) -> Any:
    """Write 7.0 as 7: JSON knows one kind of number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [_whole(one) for one in value]
    if isinstance(value, dict):
        return {name: _whole(one) for name, one in value.items()}
    return value
