"""Runs: a plan that somebody confirmed (`confirm`), carried out by the worker in chunks (`carry`), and looked after (`pickup`)."""
