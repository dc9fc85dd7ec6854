// Questions that belong to some answers only are shown with those. Without this all stand there
// and may stay blank; the server looks at the answers either way.
const form = document.querySelector("form:has([data-when])");
const HOURS = 3600e3;
const COMPARE = {
  is: (a, b) => same(a, b),
  is_not: (a, b) => !same(a, b),
  less: (a, b) => a !== "" && order(a, b) < 0,
  at_most: (a, b) => a !== "" && order(a, b) <= 0,
  more: (a, b) => a !== "" && order(a, b) > 0,
  at_least: (a, b) => a !== "" && order(a, b) >= 0,
  contains: (a, b) => a.includes(b),
  is_blank: (a) => a === "",
  is_filled: (a) => a !== "",
  is_true: (a) => a === "yes",
  is_false: (a) => a !== "yes",
  in_future: (a) => new Date(a) > new Date(),
  in_past: (a) => new Date(a) < new Date(),
  older_than: (a, b) => new Date(a) < new Date(Date.now() - b * HOURS),
};

if (form) {
  form.addEventListener("input", show);
  show();
}

function show() {
  for (const part of form.querySelectorAll("[data-when]")) {
    part.hidden = !holds(JSON.parse(part.dataset.when));
  }
}

function holds(rule) {
  if ("holds" in rule) return rule.holds;
  if (rule.rows) return rule.join === "any" ? rule.rows.some(holds) : rule.rows.every(holds);
  return COMPARE[rule.operator](answer(rule.field), rule.value);
}

// The answer of a question that is not shown itself is none.
function answer(name) {
  const fields = [...form.elements].filter((one) => one.name === name && !one.closest("[data-when][hidden]"));
  const chosen = fields.find((one) => (one.type === "radio" || one.type === "checkbox" ? one.checked : true));
  return (chosen?.value ?? "").trim();
}

function same(a, b) {
  return typeof b === "number" ? a !== "" && number(a) === b : a === String(b);
}

function order(a, b) {
  return typeof b === "number" ? number(a) - b : new Date(a) - new Date(b);
}

function number(text) {
  return Number(text.replace(",", "."));
}
