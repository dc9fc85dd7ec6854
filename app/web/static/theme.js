// Switches between light and dark without loading the page again.
for (const form of document.querySelectorAll(".theme-form")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const data = new FormData(form, event.submitter);
    document.documentElement.dataset.theme = data.get("theme");
    fetch(form.action, { method: "POST", body: data, redirect: "manual" });
    form.querySelector(`button:not([value="${data.get("theme")}"])`)?.focus();
  });
}
