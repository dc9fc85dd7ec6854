"""Rows of a world's company, read anew."""

from sqlalchemy import select


def rows(world, model):
    return world.enter().scalars(select(model)).all()
