// Draws the charts of a report, and lets its reader choose, sort, filter and print.
"use strict";
const root = document.documentElement;
const look = JSON.parse(document.getElementById("look").textContent);
const config = { displaylogo: false, responsive: true, modeBarButtonsToRemove: ["lasso2d", "select2d"] };
const isCoarse = matchMedia("(pointer: coarse)").matches;
const printWidth = 680; // of an A4 page between its margins, in CSS pixels
// A page is prepared for printing before the styles of print hold.
const onPaper = {
  ink: "#111820", paper: "#ffffff", card: "#f2f4f6", rule: "#c3cbd4", soft: "#46505c",
};
let printing = false;

function colours() {
  if (printing) return onPaper;
  const style = getComputedStyle(root);
  const names = ["ink", "paper", "card", "rule", "soft"];
  return Object.fromEntries(
    names.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

// --- charts ---------------------------------------------------------------------------------

// Error bars, and what is told where one points, of a trace that has `up`, `down` and `n`.
function withIntervals({ up, down, n, x, y, across }, style) {
  if (!up) return {};
  const values = across ? x : y;
  const digits = (value) => Number(value.toPrecision(3));
  const text = values.map((value, index) => {
    const interval = up[index] === null ? "no interval: too few runs"
      : `95 %: ${digits(value - down[index])} to ${digits(value + up[index])} ms`;
    return `${digits(value)} ms (${interval})<br>n = ${n[index] ?? n}`;
  });
  const bars = { type: "data", symmetric: false, array: up, arrayminus: down };
  const side = across ? "error_x" : "error_y";
  return { text, [side]: { ...style[side], ...bars } };
}

class Chart {
  constructor(element) {
    this.element = element;
    this.spec = JSON.parse(element.nextElementSibling.textContent);
    this.view = 0;
    this.isDrawn = false;
  }

  traces() {
    const { traces, shared } = this.spec.views[this.view];
    return traces.map(({ like, up, down, n, across, ...own }) => {
      const style = this.spec.styles[like] ?? {};
      const x = typeof own.x === "string" ? shared[own.x] : own.x;
      const line = { ...style.line, ...own.line };
      return { ...style, ...own, ...withIntervals({ ...own, up, down, n, across }, style), x, line };
    });
  }

  // Axes up, one below the other.
  panels() {
    const { panels = [] } = this.spec.views[this.view];
    const share = 1 / panels.length;
    return Object.fromEntries(panels.map((title, index) => [
      `yaxis${index ? index + 1 : ""}`,
      {
        domain: [1 - (index + 1) * share + (panels.length > 1 ? 0.05 : 0), 1 - index * share],
        title: { text: title, standoff: 6 }, rangemode: "tozero", tickformat: ",~r",
      },
    ]));
  }

  // Phases of a cell as bands with their names, and limits as lines.
  marks({ ink, soft, rule }) {
    const { spans = [], limits = {} } = this.spec.views[this.view];
    const lines = Object.entries(limits).map(([axis, value]) => ({
      type: "line", xref: "paper", x0: 0, x1: 1, yref: axis, y0: value, y1: value,
      line: { color: ink, width: 1.5, dash: "6px,3px" },
    }));
    const bands = spans.map(([, begin, end], index) => ({
      type: "rect", layer: "below", xref: "x", x0: begin, x1: end, yref: "paper", y0: 0, y1: 1,
      fillcolor: rule, opacity: index % 2 ? 0.1 : 0.35, line: { width: 0 },
    }));
    const total = spans.length ? spans.at(-1)[2] - spans[0][1] : 1;
    const names = spans.filter(([, begin, end]) => (end - begin) / total > 0.06)
      .map(([text, begin]) => ({
        text, xref: "x", x: begin, xanchor: "left", yref: "paper", y: 1, yanchor: "bottom",
        showarrow: false, font: { size: 11, color: soft },
      }));
    const told = Object.entries(limits).map(([axis, value]) => ({
      text: `limit ${value} MiB`, xref: "paper", x: 1, xanchor: "right", yref: axis, y: value,
      yanchor: "bottom", showarrow: false, font: { size: 11, color: ink },
    }));
    return lines.length || bands.length
      ? { shapes: [...bands, ...lines], annotations: [...names, ...told] } : {};
  }

  layout() {
    const { ink, paper, card, rule, soft } = colours();
    const own = this.spec.views[this.view].layout;
    return {
      template: look, height: this.height(), ...structuredClone(this.spec.layout),
      ...structuredClone(own), ...this.panels(), ...this.marks({ ink, soft, rule }), ...(isCoarse ? { dragmode: false } : {}),
      ...(printing ? { width: printWidth, autosize: false } : { autosize: true }),
      font: { ...look.layout.font, color: ink }, paper_bgcolor: paper,
      hoverlabel: { bgcolor: card, bordercolor: rule, font: { color: ink } },
      modebar: { ...look.layout.modebar, bgcolor: paper, color: rule, activecolor: ink },
    };
  }

  height() {
    return this.spec.views[this.view].layout.height ?? this.spec.height;
  }

  draw() {
    this.isDrawn = true;
    this.element.style.height = `${this.height()}px`;
    return Plotly.react(this.element, this.traces(), this.layout(), config)
      .then(() => { this.element.dataset.drawn = this.spec.views[this.view].name; });
  }

  show(view) {
    this.view = view;
    return this.draw();
  }
}

const charts = new Map([...document.querySelectorAll(".chart")]
  .map((element) => [element, new Chart(element)]));
const isShown = (element) => element.offsetParent !== null;
const redraw = () => {
  for (const chart of charts.values()) if (chart.isDrawn && isShown(chart.element)) chart.draw();
};

// A page of many charts opens at once: each is drawn when it comes near the window.
const near = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting && !charts.get(target).isDrawn) charts.get(target).draw();
  }
}, { rootMargin: "600px" });
for (const element of charts.keys()) near.observe(element);

for (const select of document.querySelectorAll("select[data-chart]")) {
  const chart = charts.get(document.getElementById(select.dataset.chart));
  select.addEventListener("change", () => chart.show(select.selectedIndex));
}

// --- light, dark and paper ------------------------------------------------------------------

const kept = "btb-report-theme";
const theme = document.getElementById("theme");
function setTheme(name) {
  if (name) root.dataset.theme = name; else delete root.dataset.theme;
  redraw();
}
try { theme.value = localStorage.getItem(kept) ?? ""; } catch { /* a browser may refuse to keep */ }
if (theme.value) setTheme(theme.value);
theme.addEventListener("change", () => {
  try { localStorage.setItem(kept, theme.value); } catch { /* then it is not kept */ }
  setTheme(theme.value);
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);

function setPrinting(value) {
  if (printing === value) return;
  printing = value;
  for (const chart of charts.values()) {
    if (isShown(chart.element) && (value || chart.isDrawn)) chart.draw();
  }
}
addEventListener("beforeprint", () => setPrinting(true));
addEventListener("afterprint", () => setPrinting(false));

// --- one dataset at a time ------------------------------------------------------------------

const profiles = [...document.querySelectorAll(".profile")];
const profile = document.getElementById("profile");
function showProfile(name) {
  for (const part of profiles) part.hidden = part.dataset.profile !== name;
  for (const item of document.querySelectorAll("nav li[data-profile]")) {
    item.hidden = item.dataset.profile !== name;
  }
  redraw();
}
if (profile) {
  profile.addEventListener("change", () => showProfile(profile.value));
  showProfile(profile.value);
}

// --- tables ---------------------------------------------------------------------------------

// What a row is sorted by: a number, a text, or nothing, which is last whichever way one sorts.
function orderOf(cell, isNumber) {
  if (!isNumber) return cell.textContent.trim();
  const told = cell.dataset.v ?? cell.textContent.trim();
  const found = told.match(/^(-?\d+(?: \d{3})*(?:\.\d+)?(?:e[+-]?\d+)?)( MiB| GiB)?$/);
  return found ? Number(found[1].replaceAll(" ", "")) * (found[2] === " GiB" ? 1024 : 1) : null;
}

function sortRows(table, index, isNumber, sign) {
  const body = table.tBodies[0];
  const rows = [...body.rows].map((row) => [orderOf(row.cells[index], isNumber), row]);
  rows.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (isNumber ? a - b : a.localeCompare(b, "en", { numeric: true }));
  });
  body.append(...rows.map(([, row]) => row));
}

function makeSortable(table) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const sign = head.getAttribute("aria-sort") === "ascending" ? -1 : 1;
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", sign > 0 ? "ascending" : "descending");
      sortRows(table, index, head.classList.contains("n"), sign);
    });
  });
}

function makeSelect(name, options, label) {
  const select = document.createElement("select");
  for (const option of ["", ...options]) select.add(new Option(option || `all`, option));
  const wrapped = document.createElement("label");
  select.setAttribute("aria-label", `${name}, ${label}`);
  wrapped.append(`${name} `, select);
  return [wrapped, select];
}

// The Tab key stops at one cell of a grid: where its row is not shown, at the first that is.
function keepReachable(table) {
  const stop = table.querySelector("td[tabindex='0']");
  if (stop && !stop.parentElement.hidden) return;
  const row = [...table.tBodies[0].rows].find((one) => !one.hidden);
  if (!row) return;
  if (stop) stop.tabIndex = -1;
  row.cells[1].tabIndex = 0;
}

function makeFilter(table, controls) {
  const rows = [...table.tBodies[0].rows];
  const label = table.caption.textContent.trim();
  const heads = [...table.tHead.rows[0].cells];
  const tests = [];
  const count = document.createElement("span");
  count.className = "hint";
  count.setAttribute("role", "status");
  const apply = () => {
    let shown = 0;
    for (const row of rows) {
      row.hidden = !tests.every((test) => test(row));
      shown += !row.hidden;
    }
    count.textContent = shown === rows.length ? `${shown} rows` : `${shown} of ${rows.length} rows`;
    if (table.classList.contains("grid")) keepReachable(table);
  };
  for (const name of (table.dataset.choices ?? "").split("|").filter(Boolean)) {
    const index = heads.findIndex((head) => head.dataset.name === name);
    const options = [...new Set(rows.map((row) => row.cells[index].textContent.trim()))];
    if (options.length < 2) continue;
    const [wrapped, select] = makeSelect(name, options, label);
    tests.push((row) => !select.value || row.cells[index].textContent.trim() === select.value);
    select.addEventListener("change", apply);
    controls.append(wrapped);
  }
  const search = document.createElement("input");
  search.type = "search";
  search.placeholder = "filter rows";
  search.setAttribute("aria-label", `Filter rows of: ${label}`);
  tests.push((row) => row.textContent.toLowerCase().includes(search.value.trim().toLowerCase()));
  search.addEventListener("input", apply);
  controls.append(search, count);
  apply();
}

for (const box of document.querySelectorAll(".table")) {
  const table = box.querySelector("table");
  if (table.tBodies[0].rows.length < 2) continue;
  makeSortable(table);
  if (table.tBodies[0].rows.length > (table.dataset.choices ? 5 : 12)) makeFilter(table, box.querySelector(".controls"));
}

// --- the grid: one stop of the Tab key, arrows from cell to cell, and each tells its detail ---

// All that another table has of a cell, by the names of its columns.
function detailsOf(table) {
  const source = document.getElementById(table.dataset.details ?? "");
  const found = new Map();
  if (!source) return () => "";
  const names = [...source.tHead.rows[0].cells].map((head) => head.dataset.name);
  for (const row of source.tBodies[0].rows) {
    const texts = [...row.cells].map((cell) => cell.textContent.trim());
    const told = texts.map((text, index) => (text ? `${names[index]} ${text}` : "")).filter(Boolean);
    found.set(texts.slice(0, 3).join("|"), told.join(", "));
  }
  return (cell) => {
    const row = cell.parentElement;
    const column = table.tHead.rows[0].cells[cell.cellIndex].dataset.name;
    return found.get([row.cells[0].textContent, row.cells[1].textContent, column].join("|")) ?? "";
  };
}

function makeGrid(table, told) {
  let details;
  const cellsOf = (row) => [...row.cells].slice(1);
  const shownRows = () => [...table.tBodies[0].rows].filter((row) => !row.hidden);
  const tell = (cell) => {
    details ??= detailsOf(table);
    told.textContent = cell.dataset.t ?? details(cell);
  };
  for (const cell of table.querySelectorAll("tbody td")) cell.tabIndex = -1;
  keepReachable(table);
  const move = (from, down, right) => {
    const rows = shownRows();
    const y = rows.indexOf(from.parentElement) + down;
    const cells = cellsOf(rows[Math.max(0, Math.min(rows.length - 1, y))]);
    const x = cellsOf(from.parentElement).indexOf(from) + right;
    const to = cells[Math.max(0, Math.min(cells.length - 1, x))];
    to.focus();
  };
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || !(event.key in steps)) return;
    event.preventDefault();
    move(cell, ...steps[event.key]);
  });
  table.addEventListener("focusin", (event) => {
    const cell = event.target.closest("td");
    if (!cell) return;
    for (const other of table.querySelectorAll("td[tabindex='0']")) other.tabIndex = -1;
    cell.tabIndex = 0;
    tell(cell);
  });
  table.addEventListener("pointerover", (event) => {
    const cell = event.target.closest("tbody td");
    if (cell) tell(cell);
  });
}
for (const table of document.querySelectorAll("table.grid")) {
  makeGrid(table, table.closest(".table").querySelector("output.told"));
}

// --- where one is in the page ----------------------------------------------------------------

const links = new Map([...document.querySelectorAll("nav a")]
  .map((link) => [link.getAttribute("href").slice(1), link]));
const reading = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) {
    if (!isIntersecting) continue;
    for (const link of links.values()) link.removeAttribute("aria-current");
    links.get(target.id)?.setAttribute("aria-current", "true");
  }
}, { rootMargin: "-10% 0px -80%" });
for (const section of document.querySelectorAll("section[id]")) reading.observe(section);
