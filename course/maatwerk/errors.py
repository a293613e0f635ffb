"""What every subcommand raises for the command to say."""


class CommandError(RuntimeError):
    """Why a command cannot be carried out, in the user's language, with what to do."""
