// Shows the page of a step as a dialog over the record, on screens with room for it.
// The page itself is the truth: what can't be shown so is simply gone to.
const roomy = matchMedia("(min-width: 60rem)");

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link || !roomy.matches || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(link);
});

async function open(link) {
  const step = await load(link.href);
  if (!step) return location.assign(link.href);
  const dialog = document.createElement("dialog");
  dialog.className = "step";
  dialog.setAttribute("aria-labelledby", "step-h");
  fill(dialog, step);
  document.body.append(dialog);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
  dialog.addEventListener("submit", (event) => send(event, dialog));
  dialog.addEventListener("click", (event) => press(event, dialog));
  dialog.showModal();
  dialog.querySelector("textarea, select, input:not([type=hidden])")?.focus();
}

async function load(address, options) {
  const answer = await fetch(address, options);
  if (options && answer.redirected) return location.assign(answer.url);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("main form.panel[data-once]");
  return form && { form, title: page.querySelector("main h1").textContent };
}

function fill(dialog, { form, title }) {
  const head = document.createElement("header");
  const heading = document.createElement("h2");
  heading.id = "step-h";
  heading.textContent = title;
  head.append(heading);
  dialog.replaceChildren(head, form);
}

async function send(event, dialog) {
  event.preventDefault();
  const { form } = dialog.querySelector("[data-submit]");
  const button = event.submitter;
  if (form.dataset.sent) return;
  form.dataset.sent = "yes";
  const data = new FormData(form, button?.name ? button : null);
  const step = await load(form.action, { method: "POST", body: data });
  if (step) {
    fill(dialog, step);
    dialog.querySelector("[aria-invalid=true], textarea")?.focus();
  } else if (step === null) {
    form.dataset.sent = "";
    form.submit(); // such as «somebody was faster»: its page says it best
  }
}

function press(event, dialog) {
  if (event.target === dialog || event.target.closest(".actionbar a")) {
    event.preventDefault();
    dialog.close();
  }
}
