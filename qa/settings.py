"""The settings. The only module that reads the environment."""

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
"""The default minimum confidence of an answer, if neither a question nor a setting gives one."""


def _base(address: str) -> str:
    """An address whose path can be extended. The message about a wrong one doesn't repeat it."""
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
    """The settings from ``CITEWIRE_...`` variables; the command line's options take precedence."""

    model_config = SettingsConfigDict(env_prefix="CITEWIRE_", extra="ignore")

    archive: Path = Path("archive")
    """The archive's directory."""
    model: str = DEFAULT_MODEL
    """The embedding model: the packaged one, or any of sentence-transformers by name or path."""
    reader: str = DEFAULT_READER
    """The reader: the shipped one, ``sentences`` (no training, whole sentences), or any of Hugging Face's models for
    extractive question answering by name or path."""
    min_confidence: float | None = Field(default=None, ge=0, le=1)
    """The minimum confidence of an answer, if a question sets none; None for the default. It weighs wrong answers
    against refusals: the higher it is, the more is refused, and the fewer answers are wrong."""
    milvus_uri: str | None = Field(default=None, pattern="^https?://[^@]+$")
    """The address of a Milvus server that holds the indexes, for an archive that one machine can't search; without it
    they are files beside the store."""
    milvus_token: str = Field(default="", repr=False)
    """The credentials for that server: an API key, or ``user:password``."""
    device: str = "cpu"
    """The device for the models: cpu, cuda or mps."""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    hosts: str = ""
    """The accepted host names, separated by commas: a request with another one in its Host header is refused. Without
    keys, these and the loopback names are accepted; with keys, any, if this is empty."""
    workers: int = Field(default=1, ge=1, le=64)
    """Number of server processes; each loads the models."""
    read_key: str = Field(default="", repr=False)
    """Read keys, separated by commas. If any key is set, every request needs one."""
    write_key: str = Field(default="", repr=False)
    """Write keys, which may also read, separated by commas."""
    insecure: bool = False
    """Accept other machines without keys, if something else controls access."""
    rate: int | None = Field(default=None, ge=0)
    """Rate limit in requests per minute for one client, 0 for any number; by default 600, and any number for a server
    on loopback without keys."""
    fetch_from: str = ""
    """Networks that may be fetched from besides the public internet, separated by commas, such as an intranet."""
    contact: str = Field(default="", pattern=r"^[!-'*-~]*$")
    """Your contact for the sites that are fetched from: the address of a page or a mailbox."""
    log: Literal["text", "json"] = "text"
    """The form of a server's log."""
    writer_url: Annotated[str, AfterValidator(_base)] | None = None
    """The address of a language model's API in OpenAI's format, up to ``/v1``, which writes prose if a question asks
    for it. The question and the quotes of its answers are sent there."""
    writer_model: str | None = Field(default=None, min_length=1)
    """The model's name there."""
    writer_key: str = Field(default="", repr=False, pattern="^[!-~]*$")
    """The key for that API, sent as a bearer token."""
    writer_seconds: float = Field(default=20, gt=0, le=600, allow_inf_nan=False)
    """Seconds that one answer may take, from the first byte sent to the last one received."""

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
        """Read the environment; ``given`` values other than None take precedence.

        Raises SettingsError naming the variable that is not valid.
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
