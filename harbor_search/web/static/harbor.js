// Enhancements only: every page works without this file.
(() => {
  "use strict";

  const box = document.querySelector("[data-search-box]");

  const writesText = (element) =>
    element.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(element.tagName);

  const asksForBox = (event) => {
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey || event.isComposing) return false;
    if (command) return !event.shiftKey && event.key.toLowerCase() === "k";
    return event.key === "/" && !writesText(event.target);
  };

  if (box) {
    box.setAttribute("aria-keyshortcuts", "/ Control+K Meta+K");
    for (const hint of document.querySelectorAll("[data-search-key]")) hint.hidden = false;

    // A page restored by Back still holds the words of the next search.
    addEventListener("pageshow", (event) => {
      if (event.persisted) box.value = box.defaultValue;
    });

    document.addEventListener("keydown", (event) => {
      if (asksForBox(event)) {
        // Else the key would be typed into the box, or open the browser's own search.
        event.preventDefault();
        box.focus();
        box.select();
      } else if (event.key === "Escape" && event.target === box) {
        // Else the browser would empty the box as well.
        event.preventDefault();
        box.blur();
      }
    });
  }

  // Filters would push the results off a small screen; there they wait, folded, until they are asked for.
  const filters = document.querySelector("[data-filters]");
  if (filters) {
    const roomy = matchMedia("(min-width: 60rem)");
    filters.open = roomy.matches;
    roomy.addEventListener("change", () => {
      if (roomy.matches) filters.open = true;
    });
  }

  // The plain link leads to the first page of unfiltered results; whoever came from results goes back to those.
  const back = document.querySelector("[data-back-to-results]");
  if (back && document.referrer) {
    const from = new URL(document.referrer);
    const to = new URL(back.href);
    const same = from.origin === to.origin && from.pathname === to.pathname;
    if (same && from.searchParams.get("q")?.trim() === to.searchParams.get("q")) back.href = from.href;
  }
})();
