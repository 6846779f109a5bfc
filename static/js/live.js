// The one poll of a page, and the freshness that the top bar tells: live, paused (and why), late, failed, signed out.
(function () {
  "use strict";
  const SECONDS = 5;
  const LATE_SECONDS = 60;
  const MOST_SECONDS = 60;
  let madeAt = null;
  let failures = 0;
  let isPausedByUser = false;
  let isSignedOut = false;
  let isWaiting = false;
  let isUnderWay = false;
  let timer = 0;
  let versionBefore = "";
  let told = "";

  const live = () => document.querySelector("[data-live][hx-get]");
  const pill = () => document.getElementById("freshness");
  const word = (name) => pill().dataset["word" + name];

  function pauseReason(region) {
    if (isPausedByUser) return word("ByUser");
    if (document.querySelector("dialog[open]")) return word("Dialog");
    const ticked = region.querySelectorAll("input[type=checkbox]:checked").length;
    if (ticked) return word("Ticked").replace("{n}", ticked);
    const selection = document.getSelection();
    if (selection.type === "Range" && selection.containsNode(region, true)) return word("Selection");
    return "";
  }

  function clock(at) {
    return at.toLocaleTimeString("en-GB");
  }

  // Returns [state, text]: what stops updates comes before how old they are.
  function freshness(region) {
    if (isSignedOut) return ["signed-out", word("SignedOut")];
    const reason = pauseReason(region);
    if (reason) return ["paused", word("Paused").replace("{reason}", reason)];
    if (failures) return ["failed", word("Failed").replace("{time}", clock(madeAt))];
    if ((Date.now() - madeAt) / 1000 > LATE_SECONDS) return ["late", word("Late").replace("{time}", clock(madeAt))];
    if (isWaiting) return ["paused", word("Paused").replace("{reason}", word("Pointer"))];
    return ["live", word("Live").replace("{age}", window.relativeTime(madeAt))];
  }

  function show() {
    const region = live();
    if (!region || !pill()) return;
    const [state, text] = freshness(region);
    const label = pill().querySelector(".freshness-text");
    if (label.textContent !== text) label.textContent = text;
    label.title = madeAt.toLocaleString();
    pill().querySelector(".freshness-link").hidden = state !== "signed-out";
    if (pill().dataset.state !== state) pill().dataset.state = state;
    const isPlain = state === "live" || state === "paused";
    if (!isPlain && told !== state) document.getElementById("announcements").textContent = text;
    told = state;
  }

  function plan() {
    clearTimeout(timer);
    const seconds = Math.min(SECONDS * 2 ** failures, MOST_SECONDS);
    timer = setTimeout(poll, seconds * 1000 * (0.9 + Math.random() / 5));
  }

  function poll() {
    const region = live();
    if (!region || isSignedOut) return;
    if (!document.hidden && !isUnderWay && !pauseReason(region)) htmx.trigger(region, "refresh");
    plan();
  }

  function begin() {
    const region = live();
    const button = pill()?.querySelector(".freshness-button");
    if (button) button.hidden = !region;
    if (!region) return;
    madeAt = new Date(region.dataset.madeAt);
    show();
    plan();
  }

  function turn() {
    const button = pill().querySelector(".freshness-button");
    isPausedByUser = !isPausedByUser;
    button.setAttribute("aria-pressed", isPausedByUser);
    button.setAttribute("aria-label", word(isPausedByUser ? "Resume" : "Pause"));
    show();
    if (!isPausedByUser) poll();
  }

  const isPoll = (event) => event.detail.elt?.matches?.("[data-live]");

  document.addEventListener("htmx:configRequest", (event) => {
    if (!isPoll(event)) return;
    versionBefore = event.detail.elt.dataset.version;
    event.detail.headers["If-None-Match"] = '"' + versionBefore + '"';
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (isPoll(event)) isUnderWay = true;
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    if (event.detail.xhr.status !== 401) return;
    event.preventDefault(); // the answer would lead to the login at once; the reader may still need this page
    isSignedOut = true;
    show();
  });
  document.addEventListener("htmx:beforeSwap", (event) => {
    // Something may have been selected or opened while the answer was on its way.
    if (isPoll(event) && pauseReason(event.detail.elt)) event.detail.shouldSwap = false;
  });
  document.addEventListener("quiet:done", (event) => {
    isWaiting = event.detail.waiting > 0;
    if (isWaiting && live()) live().dataset.version = versionBefore; // so that the next answer brings it again
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!isPoll(event)) return;
    isUnderWay = false;
    failures = event.detail.successful ? 0 : failures + 1;
    const stamp = event.detail.xhr?.getResponseHeader("X-Made-At");
    if (event.detail.successful && stamp) madeAt = new Date(stamp);
    show();
    plan();
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.requestConfig?.elt?.id === "filters") begin();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) poll();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "p" && live() && window.isShortcut(event)) turn();
  });
  // Table heads stick below the bands, whose height only the browser knows.
  function measureBands() {
    const bands = document.getElementById("conditions");
    if (!bands) return;
    const tell = () => document.body.style.setProperty("--bands-height", bands.offsetHeight + "px");
    new ResizeObserver(tell).observe(bands);
  }

  document.addEventListener("DOMContentLoaded", () => {
    measureBands();
    pill()?.querySelector(".freshness-button").addEventListener("click", turn);
    begin();
    setInterval(show, 1000);
  });
})();
