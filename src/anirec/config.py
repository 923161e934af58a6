"""The base of every typed configuration."""

from pydantic import BaseModel, ConfigDict


class Config(BaseModel):
    """Frozen, typed settings; an unknown key is an error that names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
