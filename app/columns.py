"""The column types every model shares, so that both databases agree on time, money and keys."""

import secrets
from datetime import UTC, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Integer, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

BigInt = BigInteger().with_variant(Integer, "sqlite")
Json = JSON().with_variant(JSONB(), "postgresql")


class UtcDateTime(TypeDecorator[datetime]):
    """Aware UTC in and out; SQLite, which drops the zone, gets it back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a time without a zone: nobody could say which moment it means."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was about to be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_ref() -> str:
    """Return a public id of 96 random bits: no one finds a row by counting."""
    return secrets.token_urlsafe(12)


Pk = Annotated[int, mapped_column(BigInt, primary_key=True)]
Id = Annotated[int, mapped_column(BigInt)]
Ref = Annotated[str, mapped_column(String(24), default=new_ref)]
Name = Annotated[str, mapped_column(String(200))]
Code = Annotated[str, mapped_column(String(64))]
Long = Annotated[str, mapped_column(Text)]
Utc = Annotated[datetime, mapped_column(UtcDateTime)]
Cents = Annotated[int, mapped_column(BigInt)]
Words = Annotated[dict[str, str], mapped_column(Json)]
Data = Annotated[dict[str, Any], mapped_column(Json)]
Items = Annotated[list[Any], mapped_column(Json)]
