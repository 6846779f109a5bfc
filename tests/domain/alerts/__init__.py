"""The alert rules' course, without a database."""
