"""Actions that change only a row: what each does, and what it leaves alone."""
