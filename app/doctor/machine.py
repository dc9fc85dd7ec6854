"""Is everything around the database there: queue, mail, folders, files, fonts?"""

import shutil
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import config
from app.doctor.findings import Finding, note
from app.errors import GatewayError
from app.gateways import queue
from app.gateways.media import StoreNotSupported, open_store
from app.workers.delivery import lines

MIN_FREE_BYTES: Final = 500 * 1024 * 1024
FRONT_END: Final = Path(__file__).parents[1] / "web" / "static" / "vendor"
TRANSLATIONS: Final = Path(__file__).parents[1] / "translations"
FONTS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
# File names of fonts that have Chinese, Japanese and Korean letters.
_CJK: Final = ("cjk", "wqy", "unifont", "droidsansfallback", "ipa", "nanum")


def examine(settings: config.Settings) -> Iterator[Finding]:
    """Yield what is wrong around the program, and what is worth knowing."""
    yield from _queue(settings)
    yield from _mail(settings)
    yield from _media(settings)
    yield from _space(settings)
    yield from _files()
    yield from _openness(settings)
    yield from _pdf()


def _queue(settings: config.Settings) -> Iterator[Finding]:
    url = settings.redis_url or queue.published_address(settings.var_dir)
    if queue.is_up(url):
        return
    if settings.redis_url:
        yield Finding("The queue server in REDIS_URL does not answer, so mail goes out late.")
    else:
        yield Finding("No queue server runs. Set REDIS_URL, or start everything with: make demo")


def _mail(settings: config.Settings) -> Iterator[Finding]:
    if settings.mail_server is None and settings.is_demo:
        yield note("No MAIL_SERVER: mail is kept and shown in the demo inbox.")
    elif settings.mail_server is None:
        yield Finding("MAIL_SERVER is missing, so no mail leaves this machine.")
    for channel, line in lines(settings).items():
        try:
            line.connect()
        except GatewayError as error:
            yield Finding(f"No {channel} can go out. {error.reason}")
        finally:
            line.close()


def _media(settings: config.Settings) -> Iterator[Finding]:
    try:
        store = open_store(settings.media_url)
    except StoreNotSupported as error:
        yield Finding(str(error))
        return
    if not _takes_files(store.root):
        yield Finding(f"The folder for photos can't be written to: {store.root}")


def _space(settings: config.Settings) -> Iterator[Finding]:
    if not _takes_files(settings.var_dir):
        yield Finding(f"The folder VAR_DIR can't be written to: {settings.var_dir}")
    folders = [settings.var_dir, Path(settings.media_url)]
    volumes = {folder.stat().st_dev: folder for folder in reversed(folders) if folder.is_dir()}
    for folder in volumes.values():
        free = shutil.disk_usage(folder).free
        if free < MIN_FREE_BYTES:
            yield Finding(f"Only {free // 1024**2} MB are free where {folder} is.")


def _takes_files(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def _files() -> Iterator[Finding]:
    if not (FRONT_END / "htmx.min.js").is_file():
        yield Finding("The front-end files are missing. Run: make setup")
    sources = TRANSLATIONS.glob("*/LC_MESSAGES/*.po")
    if any(not source.with_suffix(".mo").is_file() for source in sources):
        yield Finding("The translations are not compiled. Run: make setup")


def _openness(settings: config.Settings) -> Iterator[Finding]:
    if settings.app_env != "production":
        yield note(f"APP_ENV is {settings.app_env}: not for real customers.")
    if settings.is_demo and "127.0.0.1" not in settings.public_url:
        yield Finding("The demo answers at a public address: everybody can read its inbox.")
    for name in ("secret_key", "demo_password"):
        kept = settings.var_dir / name
        if kept.is_file() and kept.stat().st_mode & 0o077:
            yield Finding(f"Others on this machine can read {kept}. Run: chmod 600 {kept}")


def _pdf() -> Iterator[Finding]:
    if not shutil.which("wkhtmltopdf") and not _has_pango():
        yield note("No PDF engine: install wkhtmltopdf, or Pango for WeasyPrint.")
    fonts = (path.name.lower() for folder in FONTS for path in folder.rglob("*.[to]t[fc]"))
    if not any(mark in name for name in fonts for mark in _CJK):
        yield note("No font with Chinese, Japanese and Korean letters: PDFs would show boxes.")


def _has_pango() -> bool:
    from ctypes.util import find_library

    return find_spec("weasyprint") is not None and find_library("pango-1.0") is not None
