"""The one reader of the environment."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from corpus.fetching.addresses import networks
from index.embedding import DEFAULT_MODEL
from qa.errors import SettingsError
from qa.reader import DEFAULT_READER

DEFAULT_MIN_CONFIDENCE = 0.13
"""The least confidence of an answer that is given, where neither a question nor a setting says otherwise."""


def _base(address: str) -> str:
    """An address that others can be made of by adding to its path. What is said of a wrong one does not repeat it."""
    try:
        parts = urlsplit(address)
        fine = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        fine = False
    if not fine or not address.isascii() or not address.isprintable() or any(one in address for one in " @?#\\"):
        raise PydanticCustomError(
            "address", "must be an address such as http://127.0.0.1:11434/v1, without user, password, ? and #"
        )
    return address.rstrip("/")


class Settings(BaseSettings):
    """What can be set by ``CITEWIRE_...`` variables; the command line's options come before them."""

    model_config = SettingsConfigDict(env_prefix="CITEWIRE_", extra="ignore")

    archive: Path = Path("archive")
    """The archive's directory."""
    model: str = DEFAULT_MODEL
    """The embedding model: the packaged one, or any of sentence-transformers by name or path."""
    reader: str = DEFAULT_READER
    """The reader: the shipped one, ``sentences`` (no training, whole sentences), or any of Hugging Face's models for
    extractive question answering by name or path."""
    min_confidence: float | None = Field(default=None, ge=0, le=1)
    """The least confidence of an answer, where a question sets none; None for the default. It weighs wrong answers
    against refusals: the higher, the more is refused, and the less of what is answered is wrong."""
    milvus_uri: str | None = Field(default=None, pattern="^https?://[^@]+$")
    """The address of a Milvus server that holds the indexes, for an archive that one machine can't search; else they
    are files beside the store."""
    milvus_token: str = Field(default="", repr=False)
    """What that server asks for: an API key, or ``user:password``."""
    device: str = "cpu"
    """Where models run: cpu, cuda, mps."""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    hosts: str = ""
    """The names that a server may be called by, set apart by commas: a request with another in its Host header is
    refused. Without keys these and the loopback names; with keys any, where this is empty."""
    workers: int = Field(default=1, ge=1, le=64)
    """Processes that serve; each loads the models."""
    read_key: str = Field(default="", repr=False)
    """Keys that may read, set apart by commas. Where any key is set, every request needs one."""
    write_key: str = Field(default="", repr=False)
    """Keys that may read and write, set apart by commas."""
    insecure: bool = False
    """Serve strangers without keys: something else keeps them out."""
    rate: int | None = Field(default=None, ge=0)
    """Requests a minute that one client may make, 0 for any number; by default 600, and any number for a server on
    loopback without keys."""
    fetch_from: str = ""
    """Networks that may be fetched from beside the public internet, set apart by commas: an intranet's."""
    contact: str = Field(default="", pattern=r"^[!-'*-~]*$")
    """Told to the sites that are fetched from: where they reach whoever fetches, a page or a mailbox."""
    log: Literal["text", "json"] = "text"
    """The form of a server's log."""
    writer_url: Annotated[str, AfterValidator(_base)] | None = None
    """The address of a language model's API in OpenAI's form, up to ``/v1``, that writes prose where a question asks
    for it. The question and the quotes of its answers are sent there."""
    writer_model: str | None = Field(default=None, min_length=1)
    """The model's name there."""
    writer_key: str = Field(default="", repr=False, pattern="^[!-~]*$")
    """What that API asks for, as a bearer token."""
    writer_seconds: float = Field(default=20, gt=0, le=600, allow_inf_nan=False)
    """Seconds that it may take for one answer, from the first byte sent to the last that comes."""

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.writer_url is None) != (self.writer_model is None):
            raise PydanticCustomError("writer", "CITEWIRE_WRITER_URL and CITEWIRE_WRITER_MODEL go together: set both")
        return self

    @field_validator("fetch_from")
    @classmethod
    def _of_networks(cls, value: str) -> str:
        networks(value)
        return value

    @classmethod
    def load(cls, **given: Any) -> "Settings":
        """Read the environment; what is ``given``, other than None, comes before it.

        Raises SettingsError naming the variable that makes no sense.
        """
        try:
            return cls(**{name: value for name, value in given.items() if value is not None})
        except ValidationError as error:
            # What is wrong with several together stands at none of them, and names them itself.
            wrong = (
                f"CITEWIRE_{str(one['loc'][0]).upper()}: {one['msg']}" if one["loc"] else one["msg"]
                for one in error.errors()
            )
            raise SettingsError("; ".join(wrong)) from None
