// Single keys for the queue. They work outside fields only and can be switched off per person.
const on = document.querySelector("script[data-keys]")?.dataset.keys === "on";
const sheet = document.getElementById("keys");
let begun = ""; // the first of two keys, such as G then R

document.querySelector("[data-card][aria-current]")?.scrollIntoView({ block: "nearest" });
// After a step the record it led to is read out next.
if (document.querySelector(".toast")) document.getElementById("opened-title")?.focus({ preventScroll: true });
if (on) document.addEventListener("keydown", press);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.form?.querySelector("[data-submit]")?.click();
  }
});

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, select, textarea, dialog")) return;
  const key = event.key.toLowerCase();
  const places = { r: "/admin/requests/", j: "/admin/jobs/", c: "/admin/customers/" };
  if (begun === "g" && places[key]) return location.assign(places[key]);
  begun = key === "g" ? "g" : "";
  if (event.key === "?") return sheet?.showModal();
  if (event.key === "/") return focus(event, document.querySelector('main input[type="search"]'));
  const button = document.querySelector(`main [data-key="${CSS.escape(key)}"]`);
  if (button) {
    event.preventDefault();
    return button.click();
  }
  if (key === "j" || key === "k") move(event, key === "j" ? 1 : -1);
}

function move(event, by) {
  const cards = [...document.querySelectorAll("[data-card]")];
  const here = cards.indexOf(document.activeElement);
  focus(event, cards[Math.max(0, here + by)] ?? cards.at(-1));
}

function focus(event, target) {
  if (!target) return;
  event.preventDefault();
  target.focus();
}
