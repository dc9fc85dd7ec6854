"""Gunicorn's settings: it reads this file by path, as ``gunicorn --config``."""

# By names: gunicorn takes a module called config for its own setting of that name.
from config import is_sqlite, load

_settings = load()

wsgi_app = "wsgi:app"
bind = f"127.0.0.1:{_settings.port}"
# gthread: twenty half-open connections would stop the sync workers.
worker_class = "gthread"
# SQLite takes one writer at a time, and threads of one process queue for it fairly.
workers = 1 if is_sqlite(_settings.database_url) else 2
threads = 8
timeout = 30
graceful_timeout = 5
keepalive = 5
# Its path may be longer than the kernel allows under a deep VAR_DIR, and nobody uses it.
control_socket_disable = True
forwarded_allow_ips = "127.0.0.1,::1"
