// A live examination that fails leaves the page standing: it says so, and what the last pass knew stays. Where it was
// asked for with what the client says, whoever works by keyboard or ear is led to what came of it.
(function () {
  "use strict";

  document.addEventListener("htmx:afterRequest", (event) => {
    const region = document.getElementById("examination");
    if (!region || event.detail.target !== region || event.detail.successful) return;
    region.removeAttribute("aria-busy");
    region.querySelector("[data-examination-failed]").hidden = false;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    const asked = event.detail.requestConfig && event.detail.requestConfig.elt;
    const report = document.getElementById("client-report");
    if (!report || !asked || !asked.matches("form.pasted")) return;
    (report.querySelector("[aria-invalid]") || report).focus();
  });
})();
