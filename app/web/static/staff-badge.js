// Keeps the number of waiting requests true on a page that stays open, and says when messages go
// out late; unchanged costs one 304.
const SECONDS = 15;
const address = document.querySelector("script[data-count]")?.dataset.count;
const KEPT = "callout-late";
let tag = "";

if (address) setTimeout(look, SECONDS * 1000);
if (address && sessionStorage.getItem(KEPT)) {
  tell(sessionStorage.getItem(KEPT)); // until the answer, as on the page before
  ask();
}
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

// Says that messages go out late, and why; quiet once they don't.
function tell(late) {
  const notice = document.getElementById("late");
  if (!notice) return;
  notice.hidden = !late;
  const words = notice.querySelector("span > span");
  if (words.textContent !== (late ?? "")) words.textContent = late ?? "";
}

function show({ waiting, label, late }) {
  tell(late);
  if (late) sessionStorage.setItem(KEPT, late);
  else sessionStorage.removeItem(KEPT);
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
