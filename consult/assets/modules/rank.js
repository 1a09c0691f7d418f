// Lets the ranking's own buttons act in place; focus stays with the moved row.
import { fill } from "./meter.js";

for (const rank of document.querySelectorAll('[data-module="rank"]')) {
  const { field, ordinals, saysPlaced, saysRemoved, most } = rank.dataset;
  const places = ordinals.split("|");
  const chosen = rank.querySelector("[data-rank-chosen]");
  const rest = rank.querySelector("[data-rank-rest]");
  const says = rank.querySelector("[data-rank-says]");
  const shownFirst = [...rank.querySelectorAll("[data-option]")].map((row) => row.dataset.option);

  const button = (row, action) => row.querySelector(`[name="${field}-${action}"]`);

  /** Make every row tell its place, offer the right buttons and post the right fields. */
  const settle = () => {
    const rows = [...chosen.children];
    const full = rows.length >= Number(most);
    for (const row of [...rows, ...rest.children]) {
      const place = rows.indexOf(row) + 1;
      const mark = row.querySelector(".fm-rank__place");
      mark.textContent = place || "–";
      mark.classList.toggle("fm-rank__place--none", !place);
      button(row, "add").hidden = place > 0 || full;
      button(row, "up").hidden = place < 2;
      button(row, "down").hidden = !place || place === rows.length;
      button(row, "remove").hidden = !place;
      row.querySelector('input[type="hidden"]')?.remove();
      if (place) {
        const kept = document.createElement("input");
        kept.type = "hidden";
        kept.name = field;
        kept.value = row.dataset.option;
        row.querySelector(".fm-rank__buttons").append(kept);
      }
    }
    chosen.hidden = !rows.length;
    rest.hidden = !rest.children.length;
    rank.querySelector("[data-rank-empty]").hidden = rows.length > 0;
    rank.querySelector("[data-rank-full]").hidden = rest.children.length > 0;
  };

  const moves = {
    add: (row) => chosen.append(row),
    up: (row) => row.previousElementSibling?.before(row),
    down: (row) => row.nextElementSibling?.after(row),
    // Back to where it was first shown, so the list does not reshuffle.
    remove: (row) => {
      const later = [...rest.children].find((other) => shownFirst.indexOf(other.dataset.option) > shownFirst.indexOf(row.dataset.option));
      rest.insertBefore(row, later ?? null);
    },
  };

  rank.addEventListener("click", (event) => {
    const pressed = event.target.closest("button");
    const action = pressed?.name.slice(field.length + 1);
    if (!pressed || !moves[action]) return;
    event.preventDefault();
    const row = pressed.closest("[data-option]");
    moves[action](row);
    settle();
    const place = [...chosen.children].indexOf(row);
    const option = row.dataset.name;
    says.textContent = place < 0 ? fill(saysRemoved, { option }) : fill(saysPlaced, { option, place: places[place] });
    // The same button if it is still there, so Up can be pressed again; else the row.
    (pressed.hidden ? row : pressed).focus();
  });
}
