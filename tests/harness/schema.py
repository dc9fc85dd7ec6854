"""``python -m tests.harness.schema``: migrations and models say the same (``flask db check``)."""

import tempfile
from pathlib import Path

from flask_migrate import check

from tests.harness.databases import KINDS, make_store, settings_for


def main() -> None:
    """Check on both databases; end with a sentence and exit code 1 where they differ."""
    from wsgi import create_app

    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder) / kind
            place.mkdir()
            store = make_store(kind, place)
            try:
                with create_app(settings_for(Path(folder), **store.environment)).app_context():
                    check()
            finally:
                store.close()


if __name__ == "__main__":
    main()
