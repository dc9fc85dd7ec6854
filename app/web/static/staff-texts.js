// Message texts: placeholders to pick while one types or by a click, and the mail as it looks.

const list = document.getElementById("completion");
const said = document.getElementById("completion-said");
const known = [...document.querySelectorAll("#names [data-name]")].map((item) => ({
  name: item.dataset.name,
  words: item.querySelector("span").textContent.trim(),
}));
let field = document.querySelector("textarea[data-names]");
let found = [];
let chosen = 0;

document.querySelector("[data-plain]")?.remove(); // the preview follows by itself

// A click puts a placeholder where the cursor last was.
for (const item of document.querySelectorAll("#names [data-name]")) {
  const button = document.createElement("button");
  button.type = "button";
  const deed = document.createElement("span");
  deed.className = "sr-only";
  deed.textContent = `, ${said.dataset.insert}: ${item.querySelector("span").textContent}`;
  button.append(item.querySelector("code"), deed);
  item.append(button);
  button.addEventListener("click", () => insert(item.dataset.name, field.selectionStart));
}

for (const each of document.querySelectorAll("[data-names]")) {
  each.setAttribute("aria-autocomplete", "list");
  each.setAttribute("aria-controls", list.id);
  each.setAttribute("aria-haspopup", "listbox");
  each.addEventListener("focus", () => (field = each));
  each.addEventListener("input", offer);
  each.addEventListener("keydown", steer);
  each.addEventListener("blur", () => setTimeout(close, 150));
}
list.addEventListener("pointerdown", (event) => {
  event.preventDefault(); // the field keeps the cursor
  const item = event.target.closest("[role=option]");
  if (item) take(Number(item.dataset.number));
});

function begun() {
  const before = field.value.slice(0, field.selectionStart);
  return before.match(/\{\{\s*([a-z0-9_.]*)$/i);
}

function offer() {
  const match = begun();
  if (!match) return close();
  const typed = match[1].toLowerCase();
  found = known.filter((one) => one.name.includes(typed) || one.words.toLowerCase().includes(typed));
  if (!found.length) return close();
  list.replaceChildren(...found.map(drawn));
  place();
  list.hidden = false;
  mark(0);
  said.textContent = `${found.length} ${said.dataset.words}`;
}

function drawn(one, number) {
  const item = document.createElement("li");
  item.id = `completion-${number}`;
  item.role = "option";
  item.dataset.number = number;
  const code = document.createElement("code");
  code.textContent = one.name;
  item.append(one.words, code);
  return item;
}

function place() {
  const box = field.getBoundingClientRect();
  const wide = document.documentElement.clientWidth;
  list.style.insetBlockStart = `${box.bottom + window.scrollY + 4}px`;
  list.style.left = `${Math.max(8, Math.min(box.left, wide - 24 * 16 - 8))}px`;
}

function steer(event) {
  if (list.hidden) return;
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) mark((chosen + steps[event.key] + found.length) % found.length);
  else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) take(chosen);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function mark(number) {
  chosen = number;
  for (const item of list.children) item.setAttribute("aria-selected", item.dataset.number == number);
  list.children[number].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", `completion-${number}`);
}

function take(number) {
  insert(found[number].name, field.selectionStart - begun()[0].length);
  close();
}

function insert(name, from) {
  const after = field.value.slice(field.selectionEnd).replace(/^\s*\}\}/, "");
  const written = `${field.value.slice(0, from)}{{${name}}}`;
  field.value = written + after;
  field.focus();
  field.setSelectionRange(written.length, written.length);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function close() {
  list.hidden = true;
  said.textContent = "";
  field.removeAttribute("aria-activedescendant");
}

// The mail's own page is asked for by the form itself, so that what is typed is stored nowhere.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "shown") return;
  const frame = document.querySelector("iframe[name=letter]");
  frame.hidden = event.target.querySelector("[data-channel]").dataset.channel !== "email";
  const button = document.getElementById("show-letter");
  if (!frame.hidden) button.form.requestSubmit(button);
});
