// A live examination that fails leaves the page standing: it says so, and what the last pass knew stays.
(function () {
  "use strict";

  document.addEventListener("htmx:afterRequest", (event) => {
    const region = document.getElementById("examination");
    if (!region || event.detail.target !== region || event.detail.successful) return;
    region.removeAttribute("aria-busy");
    region.querySelector("[data-examination-failed]").hidden = false;
  });
})();
