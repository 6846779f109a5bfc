// Ticked rows: how many there are stands in the bar of actions; shift-click ticks all between, the head all on the page.
(function () {
  "use strict";
  let last = null;

  const ticks = () => [...document.querySelectorAll("[data-tick]")];

  function show() {
    const count = document.querySelector("[data-ticked]");
    if (!count) return;
    const number = ticks().filter((tick) => tick.checked).length;
    count.textContent = number ? count.dataset.wordSome.replace("{n}", number) : count.dataset.wordNone;
    nameAct(number);
    const all = document.querySelector("[data-tick-all]");
    if (all) {
      all.checked = number > 0 && number === ticks().length;
      all.indeterminate = number > 0 && !all.checked;
    }
  }

  // The button says what it will do to how many: "Reset 3 sessions …".
  function nameAct(number) {
    const button = document.querySelector("[data-act]");
    const chosen = document.querySelector("[data-acts-action]").selectedOptions[0];
    button.disabled = number === 0;
    if (number === 0) button.textContent = button.dataset.wordNone;
    else button.textContent = number === 1 ? chosen.dataset.one : chosen.dataset.several.replace("{n}", number);
  }

  function tickBetween(first, second, isTicked) {
    const list = ticks();
    const [begin, end] = [list.indexOf(first), list.indexOf(second)].sort((a, b) => a - b);
    if (begin < 0) return;
    for (const tick of list.slice(begin, end + 1)) tick.checked = isTicked;
  }

  document.addEventListener("click", (event) => {
    const tick = event.target.closest("[data-tick]");
    if (!tick) return;
    if (event.shiftKey && last) tickBetween(last, tick, tick.checked);
    last = tick;
    show();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) for (const tick of ticks()) tick.checked = event.target.checked;
    show();
  });
  // The filter may have changed the list, and with it what "all that match" means.
  document.addEventListener("htmx:afterSettle", () => {
    const query = document.querySelector("[data-acts-query]");
    if (query) query.value = location.search.slice(1);
    const back = document.querySelector("[data-acts-back]");
    if (back) back.value = location.pathname + location.search;
    show();
  });
  document.addEventListener("quiet:done", show);
  document.addEventListener("DOMContentLoaded", show);
})();
