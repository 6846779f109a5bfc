"""The alert rounds over a real database."""
