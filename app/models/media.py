"""Files: photos of requests and jobs, logos; the bytes live in the media store."""

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.columns import Code, Id, Name, Pk, Ref, Utc
from app.db import Base
from app.tenancy import Owned, belongs_to, owned


class MediaFile(Base, Owned):
    """One stored file and its thumbnail; names in the store are random."""

    __tablename__ = "media_file"
    __table_args__ = owned(
        belongs_to("request"),
        belongs_to("job"),
        CheckConstraint("size_bytes > 0", name="not_empty"),
        Index(None, "company_id", "request_id"),  # a request's photos
        Index(None, "company_id", "job_id"),  # a job's photos
    )

    id: Mapped[Pk]
    ref: Mapped[Ref] = mapped_column(unique=True)
    request_id: Mapped[Id | None]
    job_id: Mapped[Id | None]
    kind: Mapped[Code]  # photo or logo
    storage_key: Mapped[Name]
    thumb_key: Mapped[Name | None]
    content_type: Mapped[Code]
    sha256: Mapped[Code]
    size_bytes: Mapped[int]
    width: Mapped[int]
    height: Mapped[int]
    original_name: Mapped[Name]
    created_at: Mapped[Utc]
