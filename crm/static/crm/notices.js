/* The bell asks again while the page is looked at: every half minute, more and more slowly while nothing is new. */
(() => {
  "use strict";
  const FIRST = 30000;
  const SLOWEST = 300000;
  let wait = FIRST;
  let timer = 0;

  const bell = () => document.getElementById("bell");
  const plan = () => {
    clearTimeout(timer);
    if (bell() && document.visibilityState === "visible") timer = setTimeout(ask, wait);
  };
  const ask = () => {
    if (window.htmx && bell()) window.htmx.trigger(bell(), "jn:bell");
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== bell()) return;
    // a login page instead of a bell: the session is over, the page says so at the next click
    if (!event.detail.xhr.responseText.includes('id="bell"')) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const path = event.detail.pathInfo && event.detail.pathInfo.requestPath;
    if (!path || !path.startsWith("/notices/count/")) return;
    if (event.detail.xhr.status === 200 && !event.detail.xhr.responseText.includes('id="bell"')) return;
    wait = event.detail.xhr.status === 200 ? FIRST : Math.min(wait * 1.5, SLOWEST);
    plan();
  });
  document.addEventListener("visibilitychange", () => {
    wait = FIRST;
    if (document.visibilityState === "visible") ask();
    plan();
  });
  plan();
})();
