"""Each rule finds exactly its fault, in the right line, and says what to do."""

import copy

import pytest

from tests.workflows.conftest import SMALL, defined
from workflows import document
from workflows.verifier import check, verify

TEXT = {"en": "Text"}
MESSAGE = {"email": {"en": {"subject": "Hello", "body": "Hello"}}}
TELL = {"send_message": {"message": "told", "to": "customer"}}


def state(name, **changes):
    return {"name": name, "label": TEXT, "customer_label": {"en": "Received"}, **changes}


def step(trigger, source, dest, *roles, **changes):
    named = {"trigger": trigger, "label": TEXT, "source": source, "dest": dest}
    return {**named, "roles": list(roles or ["dispatcher"]), **changes}


def asks(expression):
    return [{"if": expression, "message": TEXT}]


def field(name, **changes):
    return {"name": name, "type": "text", "label": TEXT, **changes}


def put(data, path, value):
    here = data
    for part in path[:-1]:
        here = here[part]
    if path[-1] == "+":
        here.append(value)
    else:
        here[path[-1]] = value


# For each rule: what is changed in a sound definition, and a word of the sentence.
FAULTS = [
    ("E01", [(("initial",), "nowhere")], "nowhere"),
    ("E01", [(("initial",), None)], "initial"),
    ("E02", [(("transitions", "+"), step("go", "submitted", "nowhere"))], "nowhere"),
    ("E02", [(("transitions", "+"), step("go", ["submitted", "nowhere"], "approved"))], "nowhere"),
    (
        "E02",
        [(("timers",), [{"name": "t", "while": ["nowhere"], "after": "PT1H", "effects": [TELL]}]),
         (("messages",), {"told": MESSAGE})],
        "nowhere",
    ),
    ("E02", [(("tests",), [{"name": "t", "then": {"state": "nowhere"}}])], "nowhere"),
    ("E03", [(("states", "+"), state("island")),
             (("transitions", "+"), step("go", "island", "approved"))], "island"),
    ("E04", [(("transitions", "+"), step("reopen", "approved", "submitted"))], "reopen"),
    (
        "E05",
        [(("states", 1, "timers"), [{"name": "t", "after": "PT1H", "effects": [TELL]}]),
         (("messages",), {"told": MESSAGE})],
        "approved",
    ),
    (
        "E05",
        [(("timers",), [{"name": "t", "while": ["submitted", "declined"], "after": "PT1H",
                         "effects": [TELL]}]),
         (("messages",), {"told": MESSAGE})],
        "declined",
    ),
    ("E06", [(("states", "+"), state("stuck")),
             (("transitions", "+"), step("go", "submitted", "stuck"))], "stuck"),
    ("E07", [(("states", "+"), state("round")),
             (("transitions", "+"), step("go", "submitted", "round")),
             (("transitions", "+"), step("on", "round", "round"))], "round"),
    ("E08", [(("states", 0, "waiting_on"), "customer"),
             (("states", 0, "timers"), [{"name": "t", "after": "PT1H", "fire": "lapse"}]),
             (("transitions", "+"), step("lapse", "submitted", "declined", "system"))],
     "no button"),
    ("E09", [(("states", "+"), state("limbo")),
             (("transitions", "+"), step("go", "submitted", "limbo")),
             (("transitions", "+"), step("lapse", "limbo", "declined", "system"))], "limbo"),
    ("E10", [(("languages",), ["en", "de"]), (("transitions",), []), (("states",), [
        {"name": "submitted", "final": True, "label": {"en": "A", "de": "A"},
         "customer_label": {"en": "A", "de": " "}}]),
        (("title",), {"en": "A", "de": "A"})], "'de'"),
    ("E10", [(("transitions", 0, "conditions"), [
        {"if": "request.photos > 0", "message": {"de": "Nein"}}])], "'en'"),
    ("E10", [(("request_form", "+"), field("floor", label={"de": "Stock"}))], "'en'"),
    ("E10", [(("transitions", 1, "fields", 0, "help"), {"de": "Hilfe"})], "'en'"),
    ("E11", [(("states", 0, "timers"), [{"name": "t", "after": "PT1H", "fire": "approve"}])],
     "can't take 'approve'"),
    ("E11", [(("timers",), [{"name": "t", "while": ["submitted"], "after": "PT1H",
                             "fire": "explode"}])], "can't take 'explode'"),
    ("E11", [(("transitions", 1, "roles"), ["dispatcher", "system"]),
             (("states", 0, "timers"), [{"name": "t", "after": "PT1H", "fire": "decline"}])],
     "answer 'reason'"),
    ("E11", [(("transitions", 1, "when_opened"), True)], "answer 'reason'"),
    ("E12", [(("transitions", "+"), step("approve", "submitted", "declined"))], "two things"),
    ("E12", [(("transitions", 0, "conditions"), asks("facts.slot_free")),
             (("transitions", "+"), step("approve", "submitted", "declined",
                                         conditions=asks("facts.slot_free")))], "two things"),
    ("E12", [(("transitions", 0, "conditions"), asks("facts.slot_free")),
             (("transitions", "+"), step("approve", "submitted", "declined", conditions=[
                 *asks("facts.slot_free"), *asks("facts.has_active_plan")]))], "two things"),
    ("E13", [(("transitions", 0, "conditions"), asks("request.photos >"))], "not a condition"),
    ("E13", [(("transitions", 0, "conditions"), asks("os.system('true')"))], "no function"),
    ("E13", [(("transitions", 0, "conditions"), asks("request.photos > 'many'"))], "compare"),
    ("E13", [(("transitions", 0, "conditions"), asks("request.photos"))], "yes or no"),
    ("E13", [(("transitions", 0, "conditions"), asks("1 == 2"))], "never changes"),
    ("E13", [(("submit", "conditions"), asks("{{ 1 }}"))], "no place"),
    ("E14", [(("transitions", 0, "conditions"), asks("request.foto > 1"))], "did you mean"),
    ("E14", [(("transitions", 0, "conditions"), asks("facts.moon_full"))], "facts.moon_full"),
    ("E14", [(("transitions", 0, "conditions"), asks("request.__class__ != null"))], "__class__"),
    ("E15", [(("transitions", 0, "conditions"), asks("input.reason != null"))], "input.reason"),
    ("E15", [(("transitions", 1, "validators"), [
        {"if": "input.reason != 'x'", "field": "note", "message": TEXT}])], "input.note"),
    ("E15", [(("transitions", 1, "validators"), [
        {"if": "input.note != 'x'", "field": "reason", "message": TEXT}])], "input.note"),
    ("E15", [(("transitions", 1, "fields"), [
        field("one", visible_if="input.two == 'x'"), field("two", visible_if="input.one == 'x'"),
    ])], "input.two"),
    ("E15", [(("request_form", "+"), field("one", visible_if="input.two == 'x'")),
             (("request_form", "+"), field("two"))], "input.two"),
    ("E15", [(("transitions", 0, "effects"), [{"propose_time": {"at": "input.when"}}])], "when"),
    ("E15", [(("transitions", 0, "effects"), [TELL]), (("messages",), {
        "told": {"email": {"en": {"subject": "Hi", "body": "{{input.reason}}"}}}})],
     "input.reason"),
    ("E16", [(("transitions", 0, "effects"), [{"os.system": {}}])], None),
    ("E16", [(("transitions", 0, "effects"), [{"creat_job": {}}])], "did you mean 'create_job'"),
    ("E16", [(("transitions", 0, "effects"), [{"create_job": {"colour": "x"}}])], "no parameter"),
    ("E16", [(("transitions", 0, "effects"), [{"propose_time": {}}])], "needs the parameter"),
    ("E16", [(("transitions", 0, "effects"), [{"number_invoice": {}}])], "no meaning"),
    ("E16", [(("transitions", 1, "effects"), [{"propose_time": {"at": "input.reason"}}])],
     "is needed"),
    ("E16", [(("transitions", 0, "form"), "evil_form")], "no form"),
    ("E16", [(("transitions", 0, "effects"), [{"send_message": {"message": "told",
                                                                "to": "everybody"}}]),
             (("messages",), {"told": MESSAGE})], "no recipient"),
    ("E17", [(("transitions", 0, "effects"), [TELL])], "told"),
    ("E18", [(("transitions", 0, "effects"), [TELL]), (("messages",), {"told": {}})], "no words"),
    ("E18", [(("messages",), {"told": {"email": {"de": {"subject": "A", "body": "B"}}}})], "'en'"),
    ("E18", [(("messages",), {"told": {"email": {"en": {"subject": "A", "body": " "}}}})], "'en'"),
    ("E19", [(("transitions", 0, "effects"), [TELL]), (("messages",), {
        "told": {"email": {"en": {"subject": "Hi", "body": "{{admin.request_link}}"}}}})],
     "may not go"),
    ("E19", [(("transitions", 0, "effects"), [
        {"send_message": {"message": "told", "to": "technician"}}]), (("messages",), {
            "told": {"email": {"en": {"subject": "Hi", "body": "{{admin.request_link}}"}}}})],
     "may not go"),
    ("E19", [(("transitions", 0, "effects"), [
        {"send_message": {"message": "told", "to": ["customer", "dispatchers"]}}]), (
            ("messages",), {"told": {"email": {"en": {
                "subject": "Hi", "body": "{{portal.request_link}}"}}}})], "may not go"),
    ("E19", [(("transitions", 0, "effects"), [TELL]), (("messages",), {
        "told": {"email": {"en": {"subject": "Hi", "body": "{{action.decline}}"}}}})],
     "may not go"),
    ("E19", [(("submit", "effects"), [
        {"send_message": {"message": "told", "to": "customer", "actions": ["approve"]}}]),
        (("messages",), {"told": MESSAGE})], "can't take 'approve'"),
    ("E20", [(("transitions", 0, "roles"), ["dispatcher", "wizard"])], "wizard"),
    ("E20", [(("submit", "roles"), ["wizard"])], "wizard"),
    ("E20", [(("states", 0, "waiting_on"), "wizard")], "wizard"),
    ("E20", [(("roles", "boss"), {"kind": "system"})], "own kind"),
    ("E20", [(("roles", "customer"), {"kind": "staff"})], "own kind"),
    ("E20", [(("tests",), [{"name": "t", "when": [{"approve": {"as": "wizard"}}],
                            "then": {"state": "submitted"}}])], "wizard"),
    ("E21", [(("messages",), {"told": {"email": {"en": {
        "subject": "Hi", "body": "{{customer.password}}"}}}})], "customer.password"),
    ("E21", [(("messages",), {"told": {"email": {"en": {
        "subject": "{% for x in y %}", "body": "Hi"}}}})], "braces"),
    ("E21", [(("messages",), {"told": {"email": {"en": {
        "subject": "Hi", "body": "{{ config.items() }}"}}}})], "braces"),
    ("E21", [(("messages",), {"told": {"sms": {"en": {"body": "{{customer.name"}}}})], "braces"),
    ("E22", [(("tests",), [{"name": "t", "then": {"state": "approved"}}])], "red"),
    ("E30", [(("states", "+"), state("submitted"))], "twice"),
    ("E30", [(("transitions", 1, "fields", "+"), field("reason"))], "twice"),
    ("E30", [(("request_form", "+"), {"field": "description"})], "twice"),
    ("E30", [(("request_form", "+"), field("plan", type="file", required=True))], "photos"),
    ("W01", [(("states", "+"), state("asked", waiting_on="customer")),
             (("transitions", "+"), step("ask", "submitted", "asked")),
             (("transitions", "+"), step("answer", "asked", "approved", "customer"))], "timer"),
    ("W02", [(("transitions", 0, "bulk"), True), (("transitions", 0, "fields"), [
        field("day", type="date", required=True)])], "bulk"),
    ("W02", [(("transitions", 0, "bulk"), True), (("transitions", 0, "form"), "create_job")],
     "bulk"),
    ("W03", [(("states", 1, "customer_label"), {"en": "Confirmed"})], "no message"),
]  # fmt: skip


def broken(changes):
    data = copy.deepcopy(SMALL)
    for path, value in changes:
        put(data, path, value)
    return data


@pytest.mark.parametrize(("rule", "changes", "words"), FAULTS)
def test_a_rule_finds_its_fault_and_no_other(rule, changes, words):
    found = document.read_data(broken(changes))
    if found.definition is None:  # a name like os.system is refused before there is a definition
        assert words is None
        assert {one.rule for one in found.problems} == {"E30"}
        return

    problems = verify(found.definition)

    assert {problem.rule for problem in problems} == {rule}
    assert any(words in problem.sentence for problem in problems)


def test_the_sound_definition_has_no_problem():
    assert verify(defined(SMALL)) == []


def test_every_rule_of_the_language_has_a_fault_here():
    numbers = (*range(1, 23), 30)
    expected = {f"E{number:02}" for number in numbers} | {"W01", "W02", "W03"}

    assert {rule for rule, _, _ in FAULTS} == expected


def test_a_role_without_members_is_found_when_publishing():
    definition = defined(SMALL)

    assert [one.rule for one in verify(definition, members={"dispatcher": 0})] == ["E40"]
    assert verify(definition, members={"dispatcher": 1}) == []


def test_one_of_two_roles_is_enough_to_publish():
    data = broken([(("roles", "owner"), {"kind": "staff"}),
                   (("transitions", 0, "roles"), ["dispatcher", "owner"]),
                   (("transitions", 1, "roles"), ["dispatcher", "owner"])])  # fmt: skip

    assert verify(defined(data), members={"owner": 1}) == []


def test_a_problem_has_the_line_of_its_fault():
    text = document.write(defined(SMALL))
    assert "dest: declined" in text
    text = text.replace("dest: declined", "dest: nowhere")
    line = text.splitlines().index("  dest: nowhere") + 1

    wrong = [problem for problem in check(text) if problem.rule == "E02"]

    assert [problem.line for problem in wrong] == [line]


def test_a_file_that_is_no_definition_is_reported_not_raised():
    assert [problem.rule for problem in check("a: *x")] == ["E31"]


def test_a_loop_of_visible_if_can_not_be_written():
    data = broken([(("transitions", 1, "fields"), [field("one", visible_if="input.one == 'x'")])])

    assert "E15" in {problem.rule for problem in verify(defined(data))}


def test_silent_says_that_no_message_is_meant():
    data = broken([(("states", 1, "customer_label"), {"en": "Confirmed"}),
                   (("transitions", 0, "silent"), True)])  # fmt: skip

    assert verify(defined(data)) == []
