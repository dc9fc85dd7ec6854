// Keeps the number of waiting requests true on a page that stays open; unchanged costs one 304.
const SECONDS = 15;
const address = document.querySelector("script[data-count]")?.dataset.count;
let tag = "";

if (address) setTimeout(look, SECONDS * 1000);
document.addEventListener("visibilitychange", () => {
  if (address && !document.hidden) ask();
});

async function look() {
  if (!document.hidden) await ask();
  setTimeout(look, SECONDS * 1000);
}

async function ask() {
  try {
    const headers = { Accept: "application/json", ...(tag && { "If-None-Match": tag }) };
    const answer = await fetch(address, { headers, cache: "no-store" });
    if (answer.status === 200) {
      tag = answer.headers.get("ETag") ?? "";
      show(await answer.json());
    }
  } catch {
    // Off the net: the page stays as it is and asks again.
  }
}

function show({ waiting, label }) {
  for (const badge of badges()) {
    badge.hidden = !waiting;
    badge.firstChild.data = label;
  }
}

function badges() {
  const found = [...document.querySelectorAll("[data-waiting]")];
  const link = [...document.querySelectorAll(".side-link")].find((one) => one.pathname === "/admin/requests/");
  if (link) found.push(link.querySelector(".count") ?? added(link));
  return found;
}

function added(link) {
  const badge = document.createElement("span");
  badge.className = "count due";
  badge.append("0");
  link.append(badge);
  return badge;
}
