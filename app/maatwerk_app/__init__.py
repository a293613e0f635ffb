"""The ways in: the command, JupyterLab, Voilà, JupyterHub."""
