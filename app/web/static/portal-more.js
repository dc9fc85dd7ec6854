// Older jobs join the list where they belong; without this the link opens them on a page.
const history = document.getElementById("history");
history?.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-older]");
  if (!link) return;
  event.preventDefault();
  try {
    const answer = await fetch(link.href, { redirect: "error" });
    if (!answer.ok) throw new Error(String(answer.status));
    join(new DOMParser().parseFromString(await answer.text(), "text/html"), link);
  } catch {
    location.assign(link.href);
  }
});

function join(fresh, link) {
  const years = [...fresh.querySelectorAll("#history > section")];
  const first = years[0].querySelector("a");
  for (const year of years) {
    const known = document.getElementById(year.getAttribute("aria-labelledby"))?.closest("section");
    if (known) known.querySelector(".list").append(...year.querySelector(".list").children);
    else link.before(year);
  }
  const next = fresh.querySelector("[data-older]");
  if (next) link.href = next.href;
  else link.remove();
  first.focus();
}
