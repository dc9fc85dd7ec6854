// Keeps a part of the page up to date by asking again; an unchanged answer costs one 304.
for (const part of document.querySelectorAll("[data-live]")) keep(part);

function keep(part) {
  let tag = part.dataset.tag || "";
  const pause = Number(part.dataset.seconds || 20) * 1000;
  let timer = setTimeout(look, pause);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) {
      clearTimeout(timer);
      look();
    }
  });

  async function look() {
    if (!document.hidden) await ask();
    timer = setTimeout(look, pause);
  }

  async function ask() {
    try {
      const headers = tag ? { "If-None-Match": tag } : {};
      const answer = await fetch(part.dataset.live, { headers, redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect") location.reload(); // signed out meanwhile
      if (answer.status === 200) show(await answer.text(), answer.headers.get("ETag"));
    } catch {
      // Off the net: the page stays as it is and asks again.
    }
  }

  function show(text, newTag) {
    const focused = part.contains(document.activeElement) && document.activeElement.getAttribute("href");
    const fresh = new DOMParser().parseFromString(text, "text/html");
    part.replaceChildren(...fresh.body.childNodes);
    tag = newTag || "";
    if (focused) part.querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
    const status = document.getElementById(part.dataset.says);
    if (status) status.textContent = status.dataset.changed;
  }
}
