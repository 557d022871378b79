"""Which version is in force: by the time of submission, and what undone loads leave."""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'

KEYS = {
    'daily_return': ('phase_id', 'area_id', 'report_date'),
    'staffing_return': ('role', 'area_id', 'report_date'),
    'benchmark': ('indicator', 'source', 'area_id', 'window_start', 'window_end', 'cutoff_at'),
    'quality_check': ('check_id',),
    'cleanup_return': ('police_station', 'area_id', 'report_date'),
}
EARLIER = ('version', 'load_id', 'received_at')
KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column('load', sa.Column('rows_stale', sa.BigInteger(), nullable=True))
    op.add_column('daily_return', sa.Column('first_on_time', sa.Boolean(), nullable=True))
    op.add_column(
        'daily_return', sa.Column('is_corrected', sa.Boolean(), nullable=False, server_default=sa.false())
    )
    for table, key in KEYS.items():
        _let_originals_stand(table, key)
    _mark_corrected()


def _let_originals_stand(table: str, key: tuple[str, ...]) -> None:
    """Put in the place of each copy that an undo made the version that it copied; copies leave the history too."""
    connection = op.get_bind()
    same = ' AND '.join(f'h.{name} IS NOT DISTINCT FROM c.{name}' for name in key)
    if connection.dialect.name == 'sqlite':
        same = same.replace('IS NOT DISTINCT FROM', 'IS')
    copies = connection.execute(sa.text(f"""
        SELECT {', '.join(f'c.{name}' for name in key)}, max(h.id) AS original
        FROM {table} AS c JOIN {table}_history AS h ON {same}
        WHERE c.load_id IN (SELECT id FROM load WHERE kind = 'undo')
        AND h.load_id NOT IN (SELECT id FROM load WHERE kind = 'undo')
        AND h.load_id NOT IN (SELECT supersedes FROM load WHERE kind = 'undo' AND supersedes IS NOT NULL)
        GROUP BY {', '.join(f'c.{name}' for name in key)}""")).mappings().all()
    for copy in copies:
        wanted = ' AND '.join(
            f'{name} IS NULL' if copy[name] is None else f'{name} = :{name}' for name in key
        )
        said = {name: value for name, value in copy.items() if value is not None}
        values = ', '.join(
            f'{name} = (SELECT {name} FROM {table}_history WHERE id = :original)' for name in EARLIER
        )
        connection.execute(sa.text(f'UPDATE {table} SET {values} WHERE {wanted}'), said)
        connection.execute(sa.text(f'DELETE FROM {table}_history WHERE id = :original'), said)
    connection.execute(
        sa.text(f"DELETE FROM {table}_history WHERE load_id IN (SELECT id FROM load WHERE kind = 'undo')")
    )


def _mark_corrected() -> None:
    """Mark the returns of which an earlier version stands; the first one's punctuality was kept with each of them."""
    op.get_bind().execute(sa.text("""
        UPDATE daily_return SET first_on_time = on_time, is_corrected = EXISTS (
            SELECT 1 FROM daily_return_history AS h
            WHERE h.phase_id = daily_return.phase_id AND h.area_id = daily_return.area_id
            AND h.report_date = daily_return.report_date
            AND h.load_id NOT IN (SELECT supersedes FROM load WHERE kind = 'undo' AND supersedes IS NOT NULL)
        )"""))


def downgrade() -> None:
    """Take this revision back."""
    op.drop_column('daily_return', 'is_corrected')
    op.drop_column('daily_return', 'first_on_time')
    op.drop_column('load', 'rows_stale')
