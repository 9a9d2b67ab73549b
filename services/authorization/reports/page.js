"use strict";
const form = document.querySelector("form");
const rows = [...document.querySelectorAll(".grid tbody tr")];
const heads = [...document.querySelectorAll(".grid thead th")].slice(1);
const count = document.querySelector("#count");

function filter() {
  const wanted = form.elements.text.value.trim().toLowerCase();
  const only = form.elements.only.checked;
  const outcomes = new Set([...form.querySelectorAll("[name=outcome]:checked")].map((box) => box.value));
  const shownColumns = new Set();
  let shown = 0;
  for (const row of rows) {
    const rowFits = row.dataset.text.includes(wanted);
    let any = false;
    [...row.cells].slice(1).forEach((cell, index) => {
      const fits = cell.dataset.outcome && outcomes.has(cell.dataset.outcome)
        && (!only || cell.dataset.strange === "yes")
        && (rowFits || heads[index].dataset.text.includes(wanted));
      cell.firstElementChild?.toggleAttribute("hidden", !fits);
      cell.classList.toggle("off", !fits); // a colour without its word says nothing
      if (fits) { any = true; shown += 1; shownColumns.add(index); }
    });
    row.hidden = !any;
  }
  heads.forEach((head, index) => { head.hidden = !shownColumns.has(index); });
  for (const row of rows) {
    [...row.cells].slice(1).forEach((cell, index) => { cell.hidden = !shownColumns.has(index); });
  }
  count.textContent = `${shown} of ${count.dataset.all} cells shown`;
}

form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", (event) => event.preventDefault());
filter();
