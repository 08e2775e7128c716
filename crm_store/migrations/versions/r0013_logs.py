"""Colleagues search the log: messages are found by their words, and by how they were understood."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from crm_store.types import Row
from one_to_one.search_words import search_words

revision = "0013"
down_revision = "0014"
branch_labels = None
depends_on = None

TOGETHER = 2_000
"""Messages of before that are read at once."""

MESSAGES = sa.table(
    "message", sa.column("id", Row()), sa.column("text", sa.Text), sa.column("words", sa.Text)
)

INDEXES = {
    "message_at": (["at"], None),
    "message_intent": (["intent", "id"], "intent IS NOT NULL"),
    "message_action": (["action", "id"], "action IS NOT NULL"),
    "message_language": (["language", "id"], "direction = 'in'"),
    "message_channel": (["channel", "id"], "direction = 'in'"),
    "message_guessed": (["id"], "confidence < 0.6"),
    "message_hardly": (["id"], "confidence < 0.4"),
}

FOLLOWS = {
    "added": "AFTER INSERT ON message BEGIN {add} END",
    "gone": "AFTER DELETE ON message BEGIN {drop} END",
    "changed": "AFTER UPDATE OF words ON message BEGIN {drop} {add} END",
}
"""How SQLite's index of words follows the messages."""

ADD = "INSERT INTO message_words(rowid, words) VALUES (new.id, new.words);"
DROP = "INSERT INTO message_words(message_words, rowid, words) VALUES ('delete', old.id, old.words);"


def upgrade() -> None:
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("words", sa.Text(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("ranking", sa.JSON(), nullable=False, server_default="[]"))
    _read_what_there_is(op.get_bind())
    for name, (columns, condition) in INDEXES.items():
        only = None if condition is None else sa.text(condition)
        op.create_index(name, "message", columns, sqlite_where=only, postgresql_where=only)
    op.create_index("contact_recent", "contact", ["last_at", "id"])
    op.create_index("contact_channel", "contact", ["channel", "last_at", "id"])
    op.create_index("complaint_message", "complaint", ["message_id"])
    if on_sqlite:
        _index_on_sqlite()
    else:
        words = "array_to_tsvector(string_to_array(words, ' '))"
        op.execute(f"CREATE INDEX message_words ON message USING gin ({words})")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in FOLLOWS:
            op.execute(f"DROP TRIGGER message_words_{name}")
        op.execute("DROP TABLE message_words")
    else:
        op.drop_index("message_words", "message")
    op.drop_index("complaint_message", "complaint")
    op.drop_index("contact_channel", "contact")
    op.drop_index("contact_recent", "contact")
    for name in INDEXES:
        op.drop_index(name, "message")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_column("ranking")
        batch_op.drop_column("words")


def _read_what_there_is(bind: sa.Connection) -> None:
    """Fill in the words of messages that were written before."""
    write = (
        sa.update(MESSAGES)
        .where(MESSAGES.c.id == sa.bindparam("number"))
        .values(words=sa.bindparam("its_words"))
    )
    last = 0
    while True:
        some = sa.select(MESSAGES.c.id, MESSAGES.c.text).where(MESSAGES.c.id > last).order_by(MESSAGES.c.id)
        rows = bind.execute(some.limit(TOGETHER)).all()
        if not rows:
            return
        last = rows[-1][0]
        found = [{"number": number, "its_words": search_words(text)} for number, text in rows if text]
        if found:
            bind.execute(write, found)


def _index_on_sqlite() -> None:
    """An index that keeps no copy of the words, only which of them are in which message.

    The words are taken as they are: whatever isn't ASCII is part of a word to this tokenizer.
    """
    op.execute(
        "CREATE VIRTUAL TABLE message_words USING fts5(words, content='message', content_rowid='id', "
        "detail='none', columnsize=0, tokenize='ascii')"
    )
    op.execute("INSERT INTO message_words(message_words) VALUES ('rebuild')")
    for name, follows in FOLLOWS.items():
        op.execute(f"CREATE TRIGGER message_words_{name} {follows.format(add=ADD, drop=DROP)}")
