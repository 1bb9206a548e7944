// Draws the charts of a page, in the colours of its scheme.
"use strict";
const charts = [...document.querySelectorAll(".chart")];
const config = { displaylogo: false, responsive: true };

function colours() {
  const style = getComputedStyle(document.documentElement);
  const [ink, paper, card, rule] = ["--ink", "--paper", "--card", "--rule"]
    .map((name) => style.getPropertyValue(name).trim());
  return {
    "font.color": ink, "paper_bgcolor": paper,
    "hoverlabel.bgcolor": card, "hoverlabel.bordercolor": rule, "hoverlabel.font.color": ink,
    "modebar.bgcolor": paper, "modebar.color": rule, "modebar.activecolor": ink,
  };
}

for (const chart of charts) {
  const { data, layout } = JSON.parse(chart.nextElementSibling.textContent);
  // A finger that moves over a chart scrolls the page.
  if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
  Plotly.newPlot(chart, data, layout, config).then(() => Plotly.relayout(chart, colours()));
}
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
  for (const chart of charts) Plotly.relayout(chart, colours());
});
