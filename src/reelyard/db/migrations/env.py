"""Alembic's entry: works on the connection that it is handed, never on an address of its own."""

from __future__ import annotations

from alembic import context


def run() -> None:
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        render_as_batch=True,
        transactional_ddl=True,
        include_name=lambda name, kind, _parents: (
            not (kind == "table" and str(name).startswith("transcripts_text"))
        ),
    )
    with context.begin_transaction():
        context.run_migrations()


run()
