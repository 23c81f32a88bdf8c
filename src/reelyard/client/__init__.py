"""A typed Python client of /api/v1: `Client` uploads files, orders batches, follows them and takes results away."""
