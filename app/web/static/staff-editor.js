// The forms of a workflow while they are being filled in: buttons that add or move a part, lists
// that change what is asked next, and problems, picture and preview that follow every letter.
// Without this each of them is a page of its own; the server does all the work either way.
const PAUSE = 500;
let waiting = 0;
let asked = 0;
let drawing = 0;

document.addEventListener("click", (event) => {
  const button = event.target.closest?.('form[data-editor] button[name="do"]');
  if (!button || button.value === "save") return;
  event.preventDefault();
  redraw(button.form, button.value);
});
document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-editor] [data-redraw]")) redraw(event.target.form, "look");
});
document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-editor]");
  if (!form) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => check(form), PAUSE);
});
// Leads to the line of the YAML text instead of loading the page again.
document.addEventListener("click", (event) => {
  const line = event.target.closest?.("#problems [data-line]")?.dataset.line;
  if (line && leadTo(Number(line))) event.preventDefault();
});
leadTo(Number(new URLSearchParams(location.search).get("line")));
showPlace();
showBeginning();

async function send(form, pressed) {
  const data = new FormData(form);
  data.set("do", pressed);
  const answer = await fetch(form.action || location.href, { method: "POST", body: data });
  if (!answer.ok) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

// Of several asked while somebody types, the newest answer is shown.
async function check(form) {
  if (drawing) return;
  const mine = ++asked;
  const fresh = await send(form, "check");
  if (fresh && mine === asked && !drawing) follow(fresh);
}

async function redraw(form, pressed) {
  clearTimeout(waiting);
  drawing += 1;
  const sent = values(form);
  const fresh = await send(form, pressed).finally(() => { drawing -= 1; });
  const now = fresh?.getElementById("sheet-body");
  if (!now) return;
  const focus = document.activeElement?.id;
  const open = [...form.querySelectorAll("details[open]")].map((one) => place(one));
  for (const one of now.querySelectorAll("details")) one.open ||= open.includes(place(one));
  const later = [...values(form)].filter(([name, value]) => sent.get(name) !== value);
  form.querySelector("#sheet-body").replaceWith(now);
  for (const [name, value] of later) keep(form, name, value);
  follow(fresh);
  if (/^(add|ask):/.test(pressed)) added(form, pressed)?.focus();
  else document.getElementById(focus)?.focus();
  if (later.length) waiting = setTimeout(() => check(form), PAUSE);
}

// What was typed while the server was drawing is not lost.
function values(form) {
  const written = [...form.elements].filter((one) => one.matches("input:not([type=hidden]):not([type=checkbox]), textarea, select"));
  return new Map(written.map((one) => [one.name, one.value]));
}

function keep(form, name, value) {
  const field = form.elements[name];
  if (field && "value" in field) field.value = value;
}

function added(form, pressed) {
  const list = pressed.startsWith("ask:") ? "items" : pressed.slice(4);
  const names = [...form.elements].filter((one) => one.name.startsWith(`${list}.`) && one.type !== "hidden" && one.name !== "do");
  const last = Math.max(...names.map((one) => parseInt(one.name.slice(list.length + 1), 10)));
  return names.find((one) => one.name.startsWith(`${list}.${last}.`));
}

function place(details) {
  const inside = details.querySelector("[name]:not([type=hidden])");
  return inside?.name ?? "";
}

function follow(fresh) {
  for (const old of document.querySelectorAll("[data-live]")) {
    const now = fresh.getElementById(old.id);
    if (now) old.replaceWith(now);
  }
  showBeginning();
}

// A drawing wider than its box begins where the workflow does.
function showBeginning() {
  for (const box of document.querySelectorAll(".diagram-box")) {
    const first = [...box.querySelectorAll("g > rect")].sort((a, b) => a.y.baseVal.value - b.y.baseVal.value)[0];
    if (first) box.scrollLeft = first.x.baseVal.value + first.width.baseVal.value / 2 - box.clientWidth / 2;
  }
}

// What a problem leads to may lie in a part that is folded away.
function showPlace() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let one = target.closest("details"); one; one = one.parentElement.closest("details")) one.open = true;
  target.scrollIntoView({ block: "center" });
  (target.matches("input, select, textarea") ? target : target.querySelector("input:not([type=hidden]), select, textarea"))?.focus();
}
window.addEventListener("hashchange", showPlace);

function leadTo(line) {
  const text = document.querySelector("textarea.code");
  if (!text || !line) return false;
  const lines = text.value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  text.focus();
  text.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  text.scrollTop = Math.max(0, (line - 5) * (text.scrollHeight / lines.length));
  return true;
}
