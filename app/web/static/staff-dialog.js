// Shows the page of a step as a dialog over the record, on screens with room for it.
// The form is the page's own and is sent like it; what can't be shown so is simply gone to.
const roomy = matchMedia("(min-width: 60rem)");

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-dialog]");
  if (!link || !roomy.matches || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link);
});

async function open(link) {
  const answer = await fetch(link.href);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = page.querySelector("main form.panel[data-once]");
  if (!answer.ok || !form) return location.assign(link.href);
  const dialog = show(form, page.querySelector("main h1").textContent);
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus();
  });
}

function show(form, title) {
  const dialog = document.createElement("dialog");
  dialog.className = "step";
  dialog.setAttribute("aria-labelledby", "step-h");
  const head = document.createElement("header");
  const heading = document.createElement("h2");
  heading.id = "step-h";
  heading.textContent = title;
  head.append(heading);
  dialog.append(head, form);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target !== dialog && !event.target.closest(".actionbar a")) return;
    event.preventDefault();
    dialog.close();
  });
  dialog.showModal();
  form.querySelector("textarea, select, input:not([type=hidden])")?.focus();
  return dialog;
}
