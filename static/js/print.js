// The button that prints the page (without scripts it is not shown, and the browser's own menu does the same), and paper
// is always light.
const root = document.documentElement;
let theme = "";

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
window.addEventListener("beforeprint", () => {
  theme = root.dataset.bsTheme;
  root.dataset.bsTheme = "light";
});
window.addEventListener("afterprint", () => {
  root.dataset.bsTheme = theme;
});
