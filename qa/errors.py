"""Errors of requests, with messages for the person who made them."""


class QaError(Exception):
    """Base of every error of this package; its message says what is wrong and what to do."""


class QuestionError(QaError):
    """A question that can't be asked: empty, too long or without words."""


class FilterError(QaError):
    """A filter that nothing can pass: an outlet that no article has, or a first day after the last."""


class SettingsError(QaError):
    """A setting that is not valid."""


class GoldError(QaError):
    """A file of gold questions that can't be used, with the line that is wrong."""


class CitationsError(QaError):
    """A file of citations that can't be read."""


class NoWriter(QaError):
    """Prose was requested, but no model is set up to write it."""

    def __init__(self) -> None:
        super().__init__(
            "no language model is set up to write prose: set CITEWIRE_WRITER_URL and CITEWIRE_WRITER_MODEL"
        )


class WriterError(QaError):
    """The writer gave no usable answer; the message doesn't reveal its address."""


class UploadError(QaError):
    """An upload without a file that can become a job."""


class KindError(UploadError):
    """A file of a kind that can't be read."""
