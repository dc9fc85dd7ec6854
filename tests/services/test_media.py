"""Photos taken in, attached, shown to those who may, kept for a form, thrown away."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app import clock
from app.errors import GatewayError, NotFound
from app.models import Job, MediaFile
from app.services import media, photos
from tests.harness.world import World
from tests.services.pictures import FakeUpload, bomb, photo

pytestmark = pytest.mark.feature("D20")
COLOURS = ("red", "green", "blue", "yellow", "black")


class Shelf:
    """A store in memory."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def put(self, key: str, data: bytes) -> None:
        self.files[key] = data


class FullShelf:
    """A store on a full disk."""

    def put(self, key: str, data: bytes) -> None:
        raise GatewayError("The disk is full.")


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def uploads(count: int) -> list[FakeUpload]:
    return [FakeUpload(f"{colour}.jpg", photo(colour=colour)) for colour in COLOURS[:count]]


def prepare(store, given, *, limit=3, kept=()):
    return media.prepare(given, store, 7, limit=limit, kept=kept)


def refusal(store, given, **rest) -> media.PhotosRefused:
    with pytest.raises(media.PhotosRefused) as caught:
        prepare(store, given, **rest)
    return caught.value


def stored(world: World, **changes) -> media.StoredPhoto:
    made = media.StoredPhoto(
        f"c{world.company_id}/ab/1.jpg", f"c{world.company_id}/ab/1.thumb.jpg",
        "sha", 10, 64, 48, "tap.jpg",
    )  # fmt: skip
    return replace(made, **changes)


def attached(world: World) -> MediaFile:
    request = world.hand_in()
    world.session.flush()
    [file] = media.attach(world.session, request, [stored(world)], at=clock.now())
    world.session.flush()
    return file


@pytest.mark.feature(24)
def test_a_photo_is_stored_with_its_thumbnail_under_names_nobody_can_guess(shelf):
    [kept] = prepare(shelf, [FakeUpload("../../etc/tap.jpg", photo())])

    assert set(shelf.files) == {kept.storage_key, kept.thumb_key}
    assert kept.storage_key.startswith("c7/")
    assert "tap" not in kept.storage_key
    assert kept.original_name == "tap.jpg"


@pytest.mark.feature(25)
def test_one_more_than_the_limit_is_refused_and_the_others_are_kept(shelf):
    error = refusal(shelf, uploads(4))

    assert error.fields["photos"].public == "Please send no more than 3 photos."
    assert len(error.kept) == 3


def test_thousands_are_refused_without_looking_at_them_all(shelf):
    data = photo()
    given = [FakeUpload("a.jpg", data) for _ in range(2000)]

    assert refusal(shelf, given).fields["photos"].public == "Please send no more than 3 photos."
    assert sum(upload.stream.tell() > 0 for upload in given) <= 6


def test_photos_kept_from_an_earlier_try_count(shelf):
    kept = prepare(shelf, uploads(2))

    error = refusal(
        shelf, [FakeUpload("a.jpg", photo(colour=c)) for c in ("pink", "gold")], kept=kept
    )

    assert len(error.kept) == 3


def test_the_same_photo_twice_counts_once(shelf):
    data = photo()

    assert len(prepare(shelf, [FakeUpload("a.jpg", data), FakeUpload("b.jpg", data)])) == 1


def test_the_same_photo_sent_again_beside_a_kept_one_counts_once(shelf):
    kept = prepare(shelf, uploads(3))

    assert prepare(shelf, uploads(1), kept=kept) == kept


def test_an_empty_field_is_no_photo(shelf):
    assert prepare(shelf, [FakeUpload("", b""), FakeUpload(None, b"")]) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "“x.jpg” is empty."),
        (b"<svg/>", "“x.jpg” is not a photo we can read. Please send JPEG, PNG, WebP or HEIC."),
        (b"\0" * (photos.MAX_BYTES + 1),
         "“x.jpg” is larger than 15 MB. Please send a smaller photo."),
        (bomb(), "“x.jpg” has more than 50 megapixels. Please send a smaller photo."),
    ],
)  # fmt: skip
def test_a_bad_photo_is_named_with_the_limit_and_the_good_ones_stay(shelf, data, said):
    error = refusal(shelf, [*uploads(2), FakeUpload("x.jpg", data)])

    assert error.fields["photos"].public == said
    assert [kept.original_name for kept in error.kept] == ["red.jpg", "green.jpg"]


def test_no_more_of_a_file_is_read_than_the_limit(shelf):
    upload = FakeUpload("x.jpg", b"\0" * (photos.MAX_BYTES + 1000))

    refusal(shelf, [upload])

    assert upload.stream.tell() == photos.MAX_BYTES + 1


def test_a_full_disk_is_told_in_words(shelf):
    error = refusal(FullShelf(), uploads(1))

    assert "can't keep photos just now" in error.fields["photos"].public


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("C:\\photos\\tap.jpg", "tap.jpg"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\r\nb\0.jpg", "ab.jpg"),
        ("x" * 300 + ".jpg", "x" * 116 + ".jpg"),
        ("/", "?"),
    ],
)
def test_hostile_names_are_shown_without_their_tricks(shelf, name, shown):
    assert prepare(shelf, [FakeUpload(name, photo())])[0].original_name == shown


def test_attaching_the_same_photo_twice_stores_one_row(world):
    request = world.hand_in()
    world.session.flush()
    for _ in range(2):
        media.attach(world.session, request, [stored(world), stored(world)], at=clock.now())
        world.session.flush()

    assert len(world.session.scalars(select(MediaFile)).all()) == 1


def test_its_own_customer_and_the_office_see_a_photo(world):
    file = attached(world)

    for person in (world.customer, world.owner, world.dispatcher):
        assert media.open_photo(world.session, file.ref, person) is file


def test_another_customer_of_the_company_does_not(world):
    file = attached(world)

    with pytest.raises(NotFound):
        media.open_photo(world.session, file.ref, replace(world.customer, id=world.customer.id + 1))


@pytest.mark.feature(182, 184)
def test_another_company_does_not(world, stranger):
    file = attached(world)
    world.session.commit()
    stranger.enter()

    for person in (stranger.owner, stranger.customer):
        with pytest.raises(NotFound):
            media.open_photo(stranger.session, file.ref, person)


def test_a_technician_sees_the_photos_of_their_own_jobs_only(world):
    file = attached(world)
    with pytest.raises(NotFound):
        media.open_photo(world.session, file.ref, world.technician)

    world.session.add(
        Job(
            ref="j1", customer_id=world.customer.id, request_id=file.request_id, title="Tap",
            technician_id=world.technician.id, workflow_version_id=some_version(world),
            state="scheduled", state_since=clock.now(), created_at=clock.now(),
        )
    )  # fmt: skip
    world.session.flush()

    assert media.open_photo(world.session, file.ref, world.technician) is file


def some_version(world) -> int:
    found: int = world.hand_in().workflow_version_id
    return found


def test_a_logo_is_no_photo(world):
    file = attached(world)
    file.kind = "logo"
    world.session.flush()

    with pytest.raises(NotFound):
        media.open_photo(world.session, file.ref, world.owner)


def test_a_form_that_failed_keeps_its_photo(world):
    kept, at = stored(world), clock.now()

    token = media.seal(kept, at=at)

    assert media.unseal(token, world.company_id, at=at + timedelta(hours=2)) == kept


@pytest.mark.parametrize("trouble", ["changed", "old", "another company's", "nonsense", "é"])
def test_a_token_that_is_not_ours_any_more_brings_nothing(world, trouble):
    at = clock.now()
    token, company_id, then = media.seal(stored(world), at=at), world.company_id, at
    if trouble == "changed":
        token = "A" + token[1:]
    elif trouble == "old":
        then = at + timedelta(hours=23, minutes=30)
    elif trouble == "another company's":
        company_id += 1
    else:
        token = trouble

    assert media.unseal(token, company_id, at=then) is None


def test_only_what_no_row_speaks_of_is_thrown_away(world):
    file = attached(world)
    lost = f"c{world.company_id}/ab/lost.jpg"

    keys = [file.storage_key, file.thumb_key or "", lost]

    assert media.unclaimed(world.session, keys) == {lost}
