"""The host's parts probed: engine, database, cache, broker, mount; one module a part, each asked in a process of its own."""
