"""What can be wrong with a request, in words for the person who made it."""


class QaError(Exception):
    """Base of every error of this package; its message says what is wrong and what to do."""


class QuestionError(QaError):
    """A question that can't be asked: empty, too long, without a word in it."""


class SettingsError(QaError):
    """A setting that makes no sense."""


class GoldError(QaError):
    """A file of gold questions that can't be used, with the line that is wrong."""


class CitationsError(QaError):
    """A file of citations that can't be read."""


class NoWriter(QaError):
    """Prose is wanted, and no model is set to write it."""

    def __init__(self) -> None:
        super().__init__(
            "no language model is set up to write prose: set CITEWIRE_WRITER_URL and CITEWIRE_WRITER_MODEL"
        )


class WriterError(QaError):
    """A writer that gave nothing that could be used, in words that tell nothing of where it is."""


class UploadError(QaError):
    """No file that could be taken as a job."""


class KindError(UploadError):
    """A file of a kind that can't be read."""
