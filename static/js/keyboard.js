// Keys: / or Ctrl-K search, j and k rows, Enter opens, x ticks, ? help; and menus that close on a click elsewhere.
(function () {
  "use strict";

  // A key counts as a shortcut only where nobody is writing, and never with a modifier.
  function isShortcut(event) {
    const isWriting = event.target.closest?.("input:not([type=checkbox]), textarea, select, [contenteditable]");
    const isModified = event.ctrlKey || event.metaKey || event.altKey;
    return !isWriting && !isModified && !document.querySelector("dialog[open]");
  }

  function focusSearch(event) {
    const search = document.getElementById("search");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  }

  function move(step) {
    const rows = [...document.querySelectorAll("[data-rows] [data-row]")].filter((row) => row.offsetParent !== null);
    if (!rows.length) return;
    const current = rows.findIndex((row) => row.hasAttribute("data-cursor"));
    const next = rows[Math.min(Math.max(current + step, 0), rows.length - 1)];
    rows[current]?.removeAttribute("data-cursor");
    next.setAttribute("data-cursor", "");
    next.querySelector("[data-row-link]")?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  function current() {
    return document.querySelector("[data-row][data-cursor]");
  }

  function openHelp() {
    document.querySelectorAll("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
    document.getElementById("help")?.showModal();
  }

  const shortcuts = {
    "/": focusSearch,
    j: () => move(1),
    k: () => move(-1),
    x: () => current()?.querySelector("input[type=checkbox]")?.click(),
    "?": openHelp,
  };

  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return focusSearch(event);
    if (event.key === "Escape") document.querySelectorAll("details.menu[open]").forEach((menu) => menu.removeAttribute("open"));
    if (event.key === "Enter" && event.target === document.body) return current()?.querySelector("[data-row-link]")?.click();
    if (isShortcut(event) && Object.hasOwn(shortcuts, event.key)) shortcuts[event.key](event);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-help]")) openHelp();
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    }
  });

  window.isShortcut = isShortcut;
})();
