"""What all tables share: the metadata, keys, columns of counts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Integer,
    MetaData,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    }
)

Key = BigInteger().with_variant(Integer, "sqlite")


def counts(names: tuple[str, ...]) -> list[Column[int]]:
    """Return a nullable 64-bit column for each count: NULL is unknown, never zero."""
    return [Column(name, BigInteger) for name in names]


def key(name: str, table: str, **options: Any) -> Column[int]:
    """Return a column that refers to the surrogate key of a table."""
    return Column(name, Key, ForeignKey(f"{table}.id"), **options)
