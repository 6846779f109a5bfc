// Keeps relative times current, and tells the server the browser's time zone for the next page.
(function () {
  "use strict";
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  let words = {};

  function pad(number) {
    return String(number).padStart(2, "0");
  }

  function day(at) {
    return at.getFullYear() + "-" + pad(at.getMonth() + 1) + "-" + pad(at.getDate());
  }

  function relative(at) {
    const seconds = (Date.now() - at.getTime()) / 1000;
    const size = Math.abs(seconds);
    if (size >= 30 * 86400) return day(at);
    if (seconds >= 0 && seconds < 1) return words.now;
    if (seconds >= 3600 && seconds < 36000 && seconds % 3600 >= 60) {
      return words.h_min.replace("{n}", Math.floor(seconds / 3600)).replace("{m}", Math.floor((seconds % 3600) / 60));
    }
    const [name, length] = units.find(([unit, seconds]) => size >= seconds || unit === "s");
    const phrase = words[seconds > 0 ? name : "in_" + name];
    return phrase.replace("{n}", Math.floor(size / length));
  }

  function refresh(within) {
    for (const element of within.querySelectorAll("time[data-relative]")) {
      const text = relative(new Date(element.dateTime));
      if (element.textContent !== text) element.textContent = text;
    }
  }

  function nameZone() {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const cookie = "time_zone=" + encodeURIComponent(zone);
    if (!zone || document.cookie.split("; ").includes(cookie)) return;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = cookie + "; path=/; max-age=31536000; samesite=lax" + secure;
  }

  document.addEventListener("DOMContentLoaded", () => {
    words = JSON.parse(document.body.dataset.timeWords || "{}");
    nameZone();
    if (!words.now) return;
    refresh(document);
    setInterval(() => {
      const isSelecting = document.getSelection().type === "Range";
      if (!document.hidden && !isSelecting) refresh(document);
    }, 5000);
    document.addEventListener("htmx:afterSettle", () => refresh(document));
  });

  window.relativeTime = relative;
})();
