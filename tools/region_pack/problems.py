"""The one error of this tool."""


class PackError(Exception):
    """A source or a pack is not as it must be. The text says what is wrong and where."""


def require(condition: bool, message: str) -> None:
    """Stop with the message unless the condition holds."""
    if not condition:
        raise PackError(message)
