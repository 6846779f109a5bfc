"""The labelled corpus: states of rows and files, each with the diagnosis that causes.md gives it."""
