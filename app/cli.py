"""Commands for the people who run Callout: ``flask --app wsgi COMMAND``."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

import config
from app import actor, clock, languages, site
from app.actor import STAFF_ROLES
from app.db import db, transaction
from app.errors import DomainError, Invalid
from app.gateways.media import open_store
from app.services import access, companies, passwords, staff_members
from app.tenancy import company_scope
from workflows.commands import workflow

_ROLES: Final = click.Choice(STAFF_ROLES)
_LANGUAGES: Final = click.Choice(list(languages.SHIPPED))

demo = AppGroup("demo", help="The demo companies.")
company = AppGroup("company", help="Companies.")
staff = AppGroup("staff", help="The people who work for a company.")
outbox = AppGroup("outbox", help="What must go out.")
timers = AppGroup("timers", help="What happens by itself.")


def register(app: Flask) -> None:
    """Give ``app`` its commands."""
    for command in (demo, company, staff, outbox, timers, workflow, worker, run_clock, doctor):
        app.cli.add_command(command)


@demo.command("load")
def load_demo() -> None:
    """Load the demo companies that are not there yet, the same every time."""
    from app.demo import load as demo_load

    settings = _settings()
    password = settings.demo_password or secrets.token_urlsafe(9)
    stored = passwords.hash_password(password)
    around = demo_load.Circumstances(password, stored, open_store(settings.media_url), clock.now())
    for slug in demo_load.SLUGS:
        with _in_words(), transaction() as session:
            is_new = demo_load.load(session, slug, around)
        click.echo(f"{slug}: {'loaded' if is_new else 'is there already'}")
    click.echo(f"Staff sign in with the password {password}")


@company.command("create")
@click.option("--name", prompt=True, help="What customers know it by.")
@click.option("--slug", prompt=True, help="The end of its portal's address.")
@click.option("--owner-name", prompt=True)
@click.option("--owner-email", prompt=True)
@click.option("--language", default="en", type=_LANGUAGES, show_default=True)
@click.option("--timezone", default="UTC", show_default=True, help="Such as Europe/Berlin.")
@click.option("--preset", default="", help="Its way of taking requests; the usual one if blank.")
def create_company(**raw: str) -> None:
    """Found a company that works at once, and invite its owner by mail."""
    with _in_words(), transaction() as session:
        made = companies.create(session, raw, at=clock.now())
    click.echo(f"{made.name} is there: {site.current().portal_url(made.slug)}/")
    click.echo(f"An invitation is on its way to {raw['owner_email']}.")


@staff.command("create")
@click.option("--company", "slug", prompt=True, help="The company's slug.")
@click.option("--name", prompt=True)
@click.option("--email", prompt=True)
@click.option("--role", prompt=True, type=_ROLES)
@click.option("--language", default="en", type=_LANGUAGES, show_default=True)
def create_staff(slug: str, **raw: str) -> None:
    """Invite a person to a company by mail."""
    with _in_words(), transaction() as session:
        there = companies.find(session, slug)
        with company_scope(session, there.id):
            system = actor.system(there.id)
            invited = staff_members.invite(session, system, raw, at=clock.now())
    click.echo(f"An invitation is on its way to {invited.email}.")


@staff.command("link")
@click.option("--company", "slug", prompt=True, help="The company's slug.")
@click.option("--email", prompt=True)
def show_link(slug: str, email: str) -> None:
    """Print a fresh invitation link, for when mail can't go out yet; older ones end."""
    with _in_words(), transaction() as session:
        there = companies.find(session, slug)
        with company_scope(session, there.id):
            person = staff_members.find(session, email)
            link = access.invite_staff(session, person, at=clock.now())
            way_in = access.link_url(link, there)
    click.echo(way_in)


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Deliver what the queue rings for, until told to stop."""
    from app.workers import listening

    listening.work()


@click.command("clock")
@with_appcontext
def run_clock() -> None:
    """Ring for what is due and fire timers, until told to stop."""
    from app.workers import clock as ticking

    ticking.run()


@outbox.command("deliver")
def deliver() -> None:
    """Deliver everything that is due, once."""
    from app.workers import delivery

    tally = delivery.deliver_due()
    click.echo(
        f"{tally.sent} delivered, {tally.put_off} to be tried again, {tally.gave_up} given up"
    )


@timers.command("run")
def run_timers() -> None:
    """Fire everything that is due, once."""
    from app.workers import timers as firing

    click.echo(f"{firing.fire_due()} fired")


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say what is missing or wrong; exit 1 if anything is."""
    from app import doctor as examination

    findings = list(examination.examine(_settings(), db.engine))
    for finding in findings:
        click.echo(finding)
    problems = sum(finding.is_problem for finding in findings)
    if problems:
        raise click.ClickException(f"{problems} to mend.")
    click.echo("Everything needed is there.")


def _settings() -> config.Settings:
    settings: config.Settings = current_app.config["SETTINGS"]
    return settings


@contextmanager
def _in_words() -> Iterator[None]:
    """Turn a refusal into the sentence a person at a terminal needs."""
    try:
        yield
    except Invalid as error:
        lines = [f"{name}: {wrong.public}" for name, wrong in error.fields.items()]
        raise click.ClickException("\n".join(lines)) from error
    except DomainError as error:
        raise click.ClickException(error.public) from error
