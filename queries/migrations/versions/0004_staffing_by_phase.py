"""Staffing by phase: posts filled, and every rate over the same units."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'

REBUILD = True  # the rows of staffing follow from the returns and the frames

KEY = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
BEFORE = (
    'units', 'units_reported', 'required', 'required_known', 'shortfall', 'surplus', 'qualified',
    'hh_uncovered',
)
COUNTS = (
    'units', 'units_reported', 'units_required', 'units_in_post', 'units_judged', 'required',
    'required_known', 'in_post_known', 'posts_filled', 'shortfall', 'surplus', 'qualified',
    'qualified_filled', 'qualified_required', 'units_active', 'active', 'units_covered', 'hh_uncovered',
    'eds_weighed', 'trained_judged', 'passed_judged', 'certified_judged', 'confid_signed_judged',
    'insured_judged', 'age_u50_judged', 'edu_senior_plus_judged', 'in_post_trained', 'in_post_passed',
    'in_post_certified', 'in_post_confid_signed', 'in_post_insured', 'in_post_age_u50',
    'in_post_edu_senior_plus', 'passed_tested', 'tested_passed', 'leavers_joined', 'intake_left',
    'replaced_left', 'leavers_replaced', 'eds_staffed', 'persons_staffed', 'households_staffed',
    'in_post_eds', 'in_post_persons', 'in_post_households',
)
OF_RETURNS = (
    'recruited', 'seconded', 'rehired', 'substituted', 'withdrawn', 'dismissed', 'transferred_out',
    'reason_personal', 'reason_workload', 'reason_health', 'reason_discipline', 'reason_responsibility',
    'reason_competence', 'reason_recalled', 'source_cadre', 'source_retiree', 'source_group_leader',
    'source_activist', 'source_unemployed', 'source_government', 'source_guard', 'source_party_member',
    'source_volunteer', 'source_other', 'session_count', 'person_times', 'need', 'in_post', 'trained',
    'tested', 'passed', 'certified', 'confid_signed', 'insured', 'publicised', 'reserve_available',
    'eds_total', 'eds_uncovered', 'eds_shared', 'age_u50', 'edu_senior_plus', 'edu_below_junior',
    'absent_today', 'replaced_today',
)


def upgrade() -> None:
    """Bring the schema to this revision; the rows are built anew."""
    _lay_out(COUNTS, by_phase=True)


def downgrade() -> None:
    """Take the schema back to the revision before; its `rebuild` fills the rows."""
    _lay_out(BEFORE, by_phase=False)


def _lay_out(names: tuple[str, ...], *, by_phase: bool) -> None:
    keys = ['phase_id', 'role', 'area_id', 'date'] if by_phase else ['role', 'area_id', 'date']
    op.drop_index('ix_staffing_progress_parent', 'staffing_progress')
    op.drop_table('staffing_progress')
    op.create_table('staffing_progress',
    *([sa.Column('phase_id', KEY, nullable=False)] if by_phase else []),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('area_id', KEY, nullable=False),
    sa.Column('date', sa.Date(), nullable=False),
    sa.Column('parent_id', KEY, nullable=True),
    sa.Column('value_date', sa.Date(), nullable=True),
    *(sa.Column(name, sa.BigInteger(), nullable=True) for name in (*names, *OF_RETURNS)),
    sa.PrimaryKeyConstraint(*keys, name=op.f('pk_staffing_progress'))
    )
    found = ['role', 'parent_id', 'phase_id', 'date'] if by_phase else ['role', 'parent_id', 'date']
    op.create_index('ix_staffing_progress_parent', 'staffing_progress', found, unique=False)
