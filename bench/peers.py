"""What the queue page is measured against: a bare page of the same rows, and Flask-Admin's own."""

from typing import Any, Final

import flask_admin
from flask import Flask, render_template_string, request
from flask_admin.contrib.sqla import ModelView
from flask_babel import Babel
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import MetaData, Table, create_engine, select, tuple_

import config

PAGE_ROWS: Final = 30
_PAGE: Final = """<!doctype html><html lang="en"><head><title>Requests</title></head><body>
<h1>Requests</h1><ul>
{% for row in rows %}<li><a href="/requests/{{ row.id }}">{{ row.name }}</a> {{ row.street }}
<span>{{ row.label.en }}</span> <span>{{ row.urgency }}</span>
<time>{{ row.submitted_at.isoformat() }}</time><p>{{ row.description }}</p></li>
{% endfor %}</ul><a href="?after={{ rows[-1].id }}">Next</a></body></html>"""


def bare() -> Flask:
    """Return Flask and Jinja over one keyset query: nobody signs in, nothing is counted."""
    app = Flask(__name__)
    engine = create_engine(config.load().database_url)
    tables = _tables(engine)
    rows, customer, place, category = (
        tables[name] for name in ("request", "customer", "location", "service_category")
    )
    statement = (
        select(rows, customer.c.name, place.c.street, category.c.label)
        .join(customer, customer.c.id == rows.c.customer_id)
        .join(place, place.c.id == rows.c.location_id)
        .join(category, category.c.id == rows.c.category_id)
        .where(rows.c.company_id == 1, rows.c.waiting_on == "dispatcher")
        .order_by(rows.c.submitted_at, rows.c.id)
        .limit(PAGE_ROWS)
    )

    @app.get("/")
    def page() -> str:
        asked = statement
        if after := request.args.get("after"):
            asked = asked.where(tuple_(rows.c.submitted_at, rows.c.id) > tuple(after.split("~")))
        with engine.connect() as connection:
            return render_template_string(_PAGE, rows=connection.execute(asked).all())

    return app


def stock() -> Flask:
    """Return Flask-Admin as it comes, with a view of the same table."""
    app = Flask(__name__)
    app.config.update(SQLALCHEMY_DATABASE_URI=config.load().database_url, SECRET_KEY="bench")
    db: Any = SQLAlchemy()
    db.init_app(app)
    Babel(app)
    with app.app_context():
        table = _tables(db.engine)["request"]
        model = type("Request", (db.Model,), {"__table__": table})
    admin = flask_admin.Admin(app, name="Stock", url="/")
    admin.add_view(ModelView(model, db, endpoint="stock", url="/stock"))
    return app


def _tables(engine: Any) -> dict[str, Table]:
    metadata = MetaData()
    metadata.reflect(engine, only=["request", "customer", "location", "service_category"])
    return dict(metadata.tables)
