/* Lists: tick a page at once, say how many are ticked. Without this file each row is ticked by itself. */
(() => {
  "use strict";
  const picks = () => [...document.querySelectorAll("[data-pick]")];

  const count = () => {
    const bar = document.querySelector(".jn-bulk");
    if (!bar) return;
    const all = picks();
    const ticked = all.filter((pick) => pick.checked).length;
    bar.querySelector("[data-picked]").textContent = bar.dataset.said.replace("{n}", ticked);
    const page = document.querySelector("[data-pick-page]");
    page.hidden = false;
    page.checked = ticked > 0 && ticked === all.length;
    page.indeterminate = ticked > 0 && ticked < all.length;
  };

  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-pick-page]")) picks().forEach((pick) => (pick.checked = event.target.checked));
    if (event.target.matches("[data-pick-page], [data-pick]")) count();
  });
  document.addEventListener("reset", (event) => {
    // the boxes stand outside the form's own element
    if (event.target.matches(".jn-bulk")) setTimeout(count);
  });
  document.addEventListener("htmx:afterSettle", count);
  window.addEventListener("pageshow", count);
  count();
})();
