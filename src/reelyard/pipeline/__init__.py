"""How work is described: a pipeline is a settings model and a few stages; a stage gets a context and returns facts."""
