/* Small conveniences. Nothing here decides anything: the server does, and every page works without this file. */
(() => {
  "use strict";
  const MINUTE = 60000;
  const DAY = 1440 * MINUTE;
  const loadedAt = performance.now();

  // Clocks: the server wrote what is left; under a day the browser counts it down from the server's own time.
  const countDown = () => {
    const words = document.body.dataset;
    document.querySelectorAll("[data-due-at][data-server-now]").forEach((clock) => {
      const born = Number(clock.dataset.bornAt || loadedAt);
      const now = Date.parse(clock.dataset.serverNow) + (performance.now() - born);
      const left = Date.parse(clock.dataset.dueAt) - now;
      const at = clock.querySelector(".jn-clock-left");
      const over = Date.parse(clock.dataset.serverNow) > Date.parse(clock.dataset.dueAt);
      if (!at || over || left >= DAY) return;
      const minutes = Math.floor(left / MINUTE);
      const pattern = left < 0 ? words.wordsEnd : minutes < 60 ? words.wordsM : words.wordsHm;
      const text = pattern.replace("{h}", Math.floor(minutes / 60)).replace("{m}", minutes < 60 ? minutes : minutes % 60);
      if (at.textContent !== text) at.textContent = text;
    });
  };

  // A form is sent once: its buttons rest until the answer comes or the page is shown again.
  const hold = (form, held) => {
    form.querySelectorAll("button[type=submit], button:not([type])").forEach((button) => {
      button.classList.toggle("is-busy", held);
      button.setAttribute("aria-disabled", String(held));
    });
    form.dataset.sent = held ? "yes" : "";
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented && !form.hasAttribute("hx-post")) return;
    if (form.dataset.sent === "yes") {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    if (form.method !== "post" && !form.hasAttribute("hx-post")) return;
    setTimeout(() => hold(form, true));
    setTimeout(() => hold(form, false), 10000); // a download never leaves the page
  }, true);
  const release = (event) => {
    const form = event.target.closest && event.target.closest("form");
    if (form) hold(form, false);
  };
  document.addEventListener("htmx:afterRequest", release);
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form[data-sent=yes]").forEach((form) => hold(form, false));
  });

  document.addEventListener("click", (event) => {
    const flash = event.target.closest("[data-dismiss-flash]");
    if (flash) flash.closest("[data-flash]").remove();
    if (event.target.closest("[data-print]")) window.print();
    if (event.target.closest("[data-fold-rail]")) {
      const folded = document.querySelector(".jn-app").classList.toggle("is-folded");
      document.cookie = `jn_rail=${folded ? "folded" : "open"}; path=/; max-age=31536000; SameSite=Lax`;
    }
  });

  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("meta[name=csrf-token]");
    if (token) event.detail.headers["X-CSRFToken"] = token.content;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    event.target.querySelectorAll("[data-due-at]").forEach((clock) => (clock.dataset.bornAt = performance.now()));
    countDown();
    // What was done is said at the top of the page: bring it into view for who pressed a button further down.
    const said = event.target.querySelector("[data-flash]");
    if (said) said.scrollIntoView({ block: "nearest" });
  });

  // A ribbon wider than its place shows its end first: the flag is what people look for.
  document.querySelectorAll(".jn-ribbon-scroll").forEach((strip) => (strip.scrollLeft = strip.scrollWidth));
  countDown();
  setInterval(countDown, 15000);
})();
