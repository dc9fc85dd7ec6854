"""Numbers given out one after the other in a company, without gaps."""

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from app.db import is_sqlite
from app.models import Counter
from app.tenancy import NoCompany, current_company


def take(session: Session, series: str) -> int:
    """Return the next number of a series of the company in scope, 1 at first.

    The counter's row stays locked until the transaction ends: whoever undoes theirs gives the
    number back, whoever comes next waits for it. Raises NoCompany.
    """
    company_id = current_company(session)
    if company_id is None:
        raise NoCompany(f"no company in scope for a number of {series}")
    insert = (sqlite if is_sqlite(session) else postgresql).insert(Counter)
    statement = (
        insert.values(company_id=company_id, name=series, value=1)
        .on_conflict_do_update(
            index_elements=[Counter.company_id, Counter.name], set_={"value": Counter.value + 1}
        )
        .returning(Counter.value)
    )
    number: int = session.connection().execute(statement).scalar_one()
    return number
