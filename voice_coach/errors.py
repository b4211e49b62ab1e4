"""Faults that are the user's to mend: each is one line that names the thing and the mend."""


class UserError(Exception):
    """A fault with a plain one-line message: what is wrong, then what to do about it.

    Commands print it on stderr and exit with 2. It never carries a traceback to the user.
    """

    def __init__(self, message: str) -> None:
        if not message.strip():
            raise ValueError("a UserError needs a message that names the thing and the mend")
        super().__init__(message)
