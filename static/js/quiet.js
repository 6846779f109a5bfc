// The htmx swap "quiet": puts a polled answer into the page piece by piece, without disturbing who reads it.
// What is equal stays as it is (open details, focus, ticks); a list under the pointer waits for the next answer.
(function () {
  "use strict";
  const kept = new Set(["open", "data-cursor", "data-copied", "checked"]);
  const canHover = window.matchMedia("(hover: hover)");
  let waiting = 0;

  function isBusy(element) {
    const selection = document.getSelection();
    const isSelected = selection.type === "Range" && selection.containsNode(element, true);
    const hasFocus = element.contains(document.activeElement);
    return isSelected || hasFocus || (canHover.matches && element.matches(":hover"));
  }

  // The bands stand above everything: putting one in moves the page, so it waits while something is pointed at.
  function mustWait(element) {
    if (element.id === "conditions") {
      return canHover.matches && document.querySelector("main a:hover, main button:hover, main summary:hover, main label:hover") !== null;
    }
    return element.hasAttribute("data-hold") && isBusy(element);
  }

  // A band that comes or goes would push the page: the scroll position makes up for it.
  function patchInPlace(old, fresh) {
    const height = old.offsetHeight;
    patch(old, fresh);
    const grown = old.offsetHeight - height;
    if (old.id === "conditions" && grown && window.scrollY > 0) window.scrollBy({ top: grown, behavior: "instant" });
  }

  function copyAttributes(old, fresh) {
    for (const { name } of [...old.attributes]) {
      if (!fresh.hasAttribute(name) && !kept.has(name)) old.removeAttribute(name);
    }
    for (const { name, value } of fresh.attributes) {
      if (!kept.has(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
  }

  function patch(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (mustWait(old)) {
      waiting += 1;
      return;
    }
    const before = old.hasAttribute("data-flash") ? old.textContent : null;
    copyAttributes(old, fresh);
    patchChildren(old, fresh);
    if (before !== null && before !== old.textContent) flash(old);
  }

  function patchChildren(old, fresh) {
    const byId = new Map([...old.children].filter((child) => child.id).map((child) => [child.id, child]));
    let place = old.firstChild;
    for (const child of [...fresh.childNodes]) {
      const same = counterpart(child, place, byId);
      if (!same) {
        old.insertBefore(child, place);
        continue;
      }
      if (same !== place) old.insertBefore(same, place);
      else place = place.nextSibling;
      if (child.nodeType === Node.ELEMENT_NODE) patch(same, child);
      else if (same.nodeValue !== child.nodeValue) same.nodeValue = child.nodeValue;
    }
    while (place) {
      const next = place.nextSibling;
      place.remove();
      place = next;
    }
  }

  function counterpart(child, place, byId) {
    if (child.id) return byId.get(child.id) || null;
    const fits = place && place.nodeName === child.nodeName && !place.id;
    return fits ? place : null;
  }

  function flash(element) {
    element.classList.remove("flash");
    void element.offsetWidth; // restarts the animation
    element.classList.add("flash");
  }

  htmx.defineExtension("quiet", {
    isInlineSwap: (style) => style === "quiet",
    handleSwap: (style, target, fragment) => {
      if (style !== "quiet") return false;
      waiting = 0;
      for (const part of [...fragment.children]) {
        const old = part.id && document.getElementById(part.id);
        if (old) patchInPlace(old, part);
      }
      document.dispatchEvent(new CustomEvent("quiet:done", { detail: { waiting } }));
      return [];
    },
  });
})();
