// Chooses the theme before anything is painted, and turns the switch: as the system, light, dark.
(function () {
  "use strict";
  const root = document.documentElement;
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const order = ["auto", "light", "dark"];

  function chosen() {
    try {
      const stored = localStorage.getItem("theme");
      return order.includes(stored) ? stored : "auto";
    } catch {
      return "auto"; // storage can be forbidden
    }
  }

  function apply(choice) {
    const dark = choice === "dark" || (choice === "auto" && system.matches);
    root.dataset.bsTheme = dark ? "dark" : "light";
    root.dataset.themeChoice = choice;
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      const word = button.dataset["word" + choice[0].toUpperCase() + choice.slice(1)];
      button.setAttribute("aria-label", word);
      button.title = word;
    }
  }

  function turn() {
    const next = order[(order.indexOf(root.dataset.themeChoice) + 1) % order.length];
    try {
      localStorage.setItem("theme", next);
    } catch {
      // then the choice lasts as long as the page
    }
    apply(next);
  }

  root.classList.add("scripted");
  apply(chosen());
  system.addEventListener("change", () => apply(root.dataset.themeChoice));
  document.addEventListener("DOMContentLoaded", () => apply(chosen()));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-theme-switch]")) turn();
  });
})();
