"""Days without returns in the calendar, and both sides of every rate over the same units.

Revision ID: 0005
Revises: 0004
"""

import json

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

REBUILD = True  # what is derived of the calendar and the returns is built anew

COUNTS = (
    "leaves_off", "leaves_unasked", "framed_carried", "framed_persons", "framed_away", "framed_refused",
    "framed_noncontact", "framed_long", "frame_of_vacant", "frame_of_away", "frame_of_refused",
    "frame_of_noncontact", "frame_of_long", "listed_ed_done", "listed_ed_total", "housed_persons",
    "housing_persons", "housed_living", "housing_living", "done_self", "done_of_self",
)  # fmt: skip


def upgrade() -> None:
    """Let a return be due on the working days; what is derived is built anew after the last revision."""
    for table in ("phase", "phase_area"):
        for name in ("return_days", "days_off"):
            op.add_column(table, sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
        op.execute(f"UPDATE {table} SET return_days = working_days")
    _complete_earlier_calendars()
    op.execute("DELETE FROM progress")
    for name in COUNTS:
        op.add_column("progress", sa.Column(name, sa.BigInteger(), nullable=True))


def _complete_earlier_calendars() -> None:
    """Give what is kept of earlier calendars the days that they meant."""
    kept = sa.table("basis_version", sa.column("id"), sa.column("subject"), sa.column("content", sa.JSON()))
    connection = op.get_bind()
    calendars = sa.select(kept.c.id, kept.c.content).where(kept.c.subject.in_(["phase", "phase_area"]))
    for key, content in connection.execute(calendars).all():
        said = json.loads(content) if isinstance(content, str) else content
        said = {**said, "return_days": said["working_days"], "days_off": []}
        connection.execute(sa.update(kept).where(kept.c.id == key).values(content=said))


def downgrade() -> None:
    """Take the schema back to the revision before: a return is due on every day of a phase again."""
    for name in COUNTS:
        op.drop_column("progress", name)
    op.execute(sa.text("UPDATE phase_day SET is_open = :due").bindparams(sa.bindparam("due", True, sa.Boolean())))
    for table in ("phase", "phase_area"):
        for name in ("return_days", "days_off"):
            op.drop_column(table, name)
