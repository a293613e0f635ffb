"""The subcommands of ``maatwerk``, a module each."""
