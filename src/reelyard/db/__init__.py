"""The database: base of the models, types that hold on SQLite and PostgreSQL alike, transactions, migrations."""
