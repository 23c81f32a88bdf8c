"""What `/api/v1` takes and gives, as models: the ground of its OpenAPI."""
