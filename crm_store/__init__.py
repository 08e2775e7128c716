"""The customer store: tables, repositories, migrations, import, export and erasure."""
