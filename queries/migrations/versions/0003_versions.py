"""Which version is in force: by the time of submission, and what undone loads leave."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, time
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'

REBUILD = True  # whether a return is corrected follows from the versions that stand

KEYS = {
    'daily_return': ('phase_id', 'area_id', 'report_date'),
    'staffing_return': ('role', 'area_id', 'report_date'),
    'benchmark': ('indicator', 'source', 'area_id', 'window_start', 'window_end', 'cutoff_at'),
    'quality_check': ('check_id',),
    'cleanup_return': ('police_station', 'area_id', 'report_date'),
}
AREA_CONTENT = ('kind', 'name_en', 'name_zh_hans', 'name_zh_hant', 'urban_rural', 'lon', 'lat')
EARLIER = ('version', 'load_id', 'received_at')
KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')


def upgrade() -> None:
    """Bring the schema to this revision."""
    op.add_column('load', sa.Column('rows_stale', sa.BigInteger(), nullable=True))
    op.add_column('daily_return', sa.Column('first_on_time', sa.Boolean(), nullable=True))
    op.add_column(
        'daily_return', sa.Column('is_corrected', sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_table('basis_version',
    sa.Column('id', KEY, nullable=False),
    sa.Column('subject', sa.String(length=12), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('subject_id', KEY, nullable=True),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('load_id', KEY, nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_basis_version'))
    )
    op.create_index('ix_basis_version_subject_key', 'basis_version', ['subject', 'key'])
    op.create_index('ix_basis_version_load_id', 'basis_version', ['load_id'])
    _keep_basis()
    for table, key in KEYS.items():
        _let_originals_stand(table, key)
    _mark_corrected()


def _keep_basis() -> None:
    """Keep what stands of areas, calendars, boundaries and settings as said before any load that can be undone."""
    connection = op.get_bind()
    tables = sa.MetaData()
    tables.reflect(connection, only=['area', 'phase', 'phase_area', 'boundary', 'setting'])
    area, phase, own, boundary, setting = (
        tables.tables[name] for name in ('area', 'phase', 'phase_area', 'boundary', 'setting')
    )
    rows = []

    def keep(subject: str, key: str, subject_id: int | None, content: object) -> None:
        rows.append({'subject': subject, 'key': key, 'subject_id': subject_id, 'content': content, 'load_id': None})

    paths = {}
    codes = {}
    for row in connection.execute(sa.select(area).order_by(area.c.first)).mappings():
        paths[row['id']] = row['path']
        keep('area', row['path'], row['id'], {name: row[name] for name in AREA_CONTENT})
    for row in connection.execute(sa.select(phase).order_by(phase.c.id)).mappings():
        codes[row['id']] = row['code']
        keep('phase', row['code'], row['id'], _plain(row, 'id'))
    for row in connection.execute(sa.select(own)).mappings():
        keep('phase_area', f"{codes[row['phase_id']]} {paths[row['area_id']]}", row['area_id'], _plain(row))
    for row in connection.execute(sa.select(boundary)).mappings():
        keep('boundary', paths[row['area_id']], row['area_id'], _read(row['geometry']))
    for row in connection.execute(sa.select(setting)).mappings():
        keep('setting', row['key'], None, _read(row['value']))
    if rows:
        kept = sa.table('basis_version', *(sa.column(name) for name in ('subject', 'key', 'subject_id', 'load_id')),
                        sa.column('content', sa.JSON()))
        connection.execute(sa.insert(kept), rows)


def _plain(row: Mapping[str, Any], *left_out: str) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if name not in left_out}
    for name, value in values.items():
        if name in ('working_days', 'curve'):
            values[name] = _read(value)
        elif isinstance(value, date | time):
            values[name] = value.isoformat()
    return values


def _read(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


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
    op.drop_table('basis_version')
    op.drop_column('daily_return', 'is_corrected')
    op.drop_column('daily_return', 'first_on_time')
    op.drop_column('load', 'rows_stale')
