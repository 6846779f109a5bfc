// Copy buttons: [data-copy] holds the text; where the clipboard is forbidden (plain http) an old way is taken.
(function () {
  "use strict";

  function copyTheOldWay(text) {
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "visually-hidden";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }

  async function copy(text) {
    if (!navigator.clipboard) return copyTheOldWay(text);
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      return copyTheOldWay(text);
    }
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    event.preventDefault();
    if (!(await copy(button.dataset.copy))) return;
    button.dataset.copied = "";
    button.focus();
    const announcements = document.getElementById("announcements");
    if (announcements) announcements.textContent = button.dataset.wordDone || "";
    setTimeout(() => delete button.dataset.copied, 1600);
  });
})();
