// Photos of the request form: preview, drop, remove. The plain file field works without this.
const form = document.querySelector("form[data-photos]");
if (form) start(form.querySelector("input[type=file][name=photos]"));

function start(input) {
  if (!input) return;
  const words = input.dataset;
  const grid = document.getElementById(words.grid);
  const status = document.getElementById(words.status);
  let chosen = [];

  grid.append(adder());
  grid.hidden = false;
  input.closest(".field").hidden = true;
  input.addEventListener("change", () => add([...input.files]));
  for (const kind of ["dragover", "drop"]) {
    grid.addEventListener(kind, (event) => {
      event.preventDefault();
      if (kind === "drop") add([...event.dataTransfer.files]);
    });
  }
  grid.addEventListener("change", limit); // a kept photo was taken out or put back
  limit();

  function adder() {
    const label = document.getElementById(words.adder).content.firstElementChild.cloneNode(true);
    const picker = label.querySelector("input");
    picker.addEventListener("change", () => {
      add([...picker.files]);
      picker.value = "";
    });
    return label;
  }

  function add(files) {
    const fresh = files.filter((file) => !chosen.some((one) => same(one, file)));
    const fitting = fresh.slice(0, Math.max(0, room()));
    chosen = chosen.concat(fitting);
    status.textContent = fitting.length < fresh.length ? words.full : "";
    draw();
  }

  function room() {
    const kept = grid.querySelectorAll("[name=kept_photos]:checked").length;
    return Number(words.max) - kept - chosen.length;
  }

  function limit() {
    grid.querySelector(".add").hidden = room() <= 0;
  }

  function draw() {
    const files = new DataTransfer();
    chosen.forEach((file) => files.items.add(file));
    input.files = files.files;
    grid.querySelectorAll("[data-chosen]").forEach((tile) => {
      URL.revokeObjectURL(tile.dataset.chosen);
      tile.remove();
    });
    chosen.forEach((file, index) => grid.querySelector(".add").before(tile(file, index)));
    limit();
  }

  function tile(file, index) {
    const box = document.getElementById(words.tile).content.firstElementChild.cloneNode(true);
    const image = box.querySelector("img");
    box.dataset.chosen = image.src = URL.createObjectURL(file);
    image.alt = file.name;
    // Some formats that phones make can be sent but not shown here: the name stands in.
    image.addEventListener("error", () => image.replaceWith(file.name));
    const remove = box.querySelector("button");
    remove.setAttribute("aria-label", `${words.remove} ${file.name}`);
    remove.addEventListener("click", () => {
      chosen.splice(index, 1);
      status.textContent = "";
      draw();
      grid.querySelector(".add input").focus();
    });
    return box;
  }
}

function same(one, other) {
  return one.name === other.name && one.size === other.size && one.lastModified === other.lastModified;
}
