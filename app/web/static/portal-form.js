// Dates beyond the first are shown when asked for; without this they all stand there.
for (const list of document.querySelectorAll("[data-more]")) {
  const rows = [...list.children].slice(1);
  const spare = rows.filter((row) => !row.querySelector("input").value && !row.querySelector(".error"));
  if (!spare.length) continue;
  const more = document.createElement("button");
  more.type = "button";
  more.className = "btn btn-quiet";
  more.textContent = list.dataset.more;
  more.addEventListener("click", () => {
    const row = spare.shift();
    row.hidden = false;
    row.querySelector("input").focus();
    more.hidden = !spare.length;
  });
  spare.forEach((row) => { row.hidden = true; });
  list.after(more);
}

// A form that is being sent says so and can't be pressed again; the server has its own guard.
for (const form of document.querySelectorAll("form[data-once]")) {
  const button = form.querySelector("[type=submit]");
  const words = [...button.childNodes];
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    button.setAttribute("aria-disabled", "true");
    button.textContent = form.dataset.once;
  });
  // Coming back with the Back button shows the page as it was left.
  window.addEventListener("pageshow", () => {
    delete form.dataset.sent;
    button.removeAttribute("aria-disabled");
    button.replaceChildren(...words);
  });
}
