"""The product against the demo host: real commands, real processes, real passes, real pages."""
