/* Keys: what they do stands in the sheet (#keys), one list for people and script. Every act has a button as well. */
(() => {
  "use strict";
  const sheet = document.getElementById("keys");
  if (!sheet) return;
  const PATIENCE = 1200;
  let begun = "";
  let since = 0;

  const rows = () => [...document.querySelectorAll("tr[data-row]")];
  const here = () => document.activeElement && document.activeElement.closest("tr[data-row]");
  const link = (row) => row && row.querySelector(".jn-main-link");
  const move = (by) => {
    const all = rows();
    const at = all.indexOf(here());
    const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
    if (!link(next)) return;
    link(next).focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const tick = () => {
    const box = here() && here().querySelector("[data-pick]");
    if (!box) return;
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const press = (key) => {
    const named = `[data-key="${CSS.escape(key)}"]`;
    const inRow = here() && here().querySelector(named);
    const onPage = [...document.querySelectorAll(named)].find((one) => !one.closest("tr[data-row]"));
    const found = inRow || onPage;
    if (!found) return false;
    found.click();
    return true;
  };
  const search = () => {
    const box = document.querySelector("main input[type=search]") || document.getElementById("global-search");
    if (!box) return;
    box.focus();
    box.select();
  };
  const BUILT_IN = { j: () => move(1), k: () => move(-1), x: tick, "/": search, "?": () => sheet.showModal() };

  const composing = (event) => event.isComposing || event.keyCode === 229;
  const busy = (event) =>
    event.target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") ||
    document.querySelector("dialog[open], .modal.show, .dropdown-menu.show");
  const known = (keys) => sheet.querySelector(`[data-keys="${CSS.escape(keys)}"]`);

  document.addEventListener("keydown", (event) => {
    if (composing(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      const form = event.target.form || (event.target.closest && event.target.closest("form"));
      if (!form || form.closest("dialog")) return;
      event.preventDefault();
      form.requestSubmit(form.querySelector("button.btn-primary[type=submit], button[type=submit]"));
      return;
    }
    if (sheet.dataset.on !== "yes" || event.ctrlKey || event.metaKey || event.altKey || busy(event)) return;
    const two = begun && Date.now() - since < PATIENCE ? `${begun} ${event.key}` : "";
    begun = "";
    const entry = (two && known(two)) || known(event.key);
    if (!entry && event.key === "g") {
      begun = "g";
      since = Date.now();
      return;
    }
    if (!entry || event.key === "Enter") return;
    if (BUILT_IN[event.key] && !two) {
      event.preventDefault();
      BUILT_IN[event.key]();
    } else if (press(two ? "" : event.key)) {
      event.preventDefault();
    } else if (entry.dataset.url) {
      event.preventDefault();
      window.location.assign(entry.dataset.url);
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-open-keys]")) sheet.showModal();
    if (event.target === sheet) sheet.close();
  });
})();
