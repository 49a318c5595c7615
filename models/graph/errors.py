"""What can be wrong with a user's file or inputs."""

from convert.errors import ConvertError


class ModelFileError(ConvertError):
    """The file, or what it holds, cannot be used; exit code 1."""

    exit_code = 1

    def __init__(self, message: str, hint: str, detail: str = "") -> None:
        """Keep the sentences, and in `detail` what torch said."""
        super().__init__(message, hint)
        self.detail = detail


class InputError(ModelFileError):
    """The inputs do not fit the model; exit code 2."""

    exit_code = 2
