// Whether long sequences are paused: open pages ask now and then, and show the band when it comes or goes.
(function () {
  "use strict";
  const SECONDS = 10;
  const canHover = window.matchMedia("(hover: hover)");
  let isUnderWay = false;

  // A band that comes moves the page: it waits while something is pointed at.
  const isPointedAt = () =>
    canHover.matches && document.querySelector("main a:hover, main button:hover, main summary:hover, main label:hover") !== null;

  function show(old, text) {
    const fresh = new DOMParser().parseFromString(text, "text/html").getElementById("pause-band");
    if (!fresh || isPointedAt()) return;
    const height = old.offsetHeight;
    old.replaceWith(fresh);
    const grown = fresh.offsetHeight - height;
    if (grown && window.scrollY > 0) window.scrollBy({ top: grown, behavior: "instant" });
    const title = fresh.querySelector("strong")?.textContent;
    if (title) document.getElementById("announcements").textContent = title;
  }

  async function look() {
    const band = document.getElementById("pause-band");
    if (!band || document.hidden || isUnderWay) return;
    isUnderWay = true;
    try {
      const address = band.dataset.url + "?version=" + encodeURIComponent(band.dataset.version);
      const answer = await fetch(address, { redirect: "manual" }); // a redirect leads to the login
      if (answer.status === 200) show(band, await answer.text());
    } catch {
      // What does not answer is told by the freshness in the top bar.
    } finally {
      isUnderWay = false;
    }
  }

  document.addEventListener("visibilitychange", look);
  setInterval(look, SECONDS * 1000);
})();
