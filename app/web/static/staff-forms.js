// What forms do a little quicker with a script; each of them works without one.

// A form that is being sent can't be sent again; the server has its own guard.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.once || event.submitter?.name) return; // or it only looks something up
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  form.querySelector("[data-submit]")?.setAttribute("aria-disabled", "true");
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
    form.querySelector("[data-submit]")?.removeAttribute("aria-disabled");
  }
});

// A grey button explains itself instead of doing something.
document.addEventListener("click", (event) => {
  const button = event.target.closest?.('button[aria-disabled="true"]');
  if (button && !button.form?.dataset.sent) event.preventDefault();
});

// Picking a customer brings their places, people and assets, with everything typed in place.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-refresh]")) refresh(event.target.form, event.target.id);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.('button[name="_find"], button[name="_line"], button[name^="_suggest_"]');
  if (!button) return;
  event.preventDefault();
  refresh(button.form, button.id || null, [button.name, button.value]);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.name === "customer_search") {
    event.preventDefault();
    refresh(event.target.form, "customer");
  }
});

async function refresh(form, focus, pressed = ["_find", "customer"]) {
  const data = new FormData(form);
  data.set(...pressed);
  const answer = await fetch(form.action, { method: "POST", body: data });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  const old = form.querySelector("#job-fields, .panel-body");
  const now = fresh.getElementById(form.id)?.querySelector("#job-fields, .panel-body")
    ?? fresh.querySelector(`form[data-once] .panel-body`);
  if (!answer.ok || !now) return form.submit();
  old.replaceWith(now);
  (document.getElementById(focus) ?? now.querySelector("textarea"))?.focus();
}

// Being opened by somebody who may review is a step of its own, taken once the page is seen.
const opened = document.querySelector("form[data-opened]");
if (opened) {
  fetch(opened.action, { method: "POST", body: new FormData(opened) }).then(async (answer) => {
    if (!answer.ok || !answer.redirected) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of [".split-open", ".split-list"]) {
      const now = fresh.querySelector(part);
      const old = document.querySelector(part);
      const top = old?.querySelector("ol")?.scrollTop;
      if (now && old) old.replaceWith(now);
      if (top) now.querySelector("ol")?.scrollTo(0, top);
    }
  });
}

// What can be taken back only for a moment goes when the moment is over.
for (const bar of document.querySelectorAll("[data-until]")) {
  setTimeout(() => bar.remove(), Math.max(0, Date.parse(bar.dataset.until) - Date.now()));
}
