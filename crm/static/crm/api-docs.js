/* Draws the API's description, once the page stands. Tokens typed here stay in the page and are gone with it. */
addEventListener("load", () => {
  const place = document.querySelector("#api-docs");
  const sheets = [place.dataset.sheet, place.dataset.ours].map((href) =>
    Object.assign(document.createElement("link"), { rel: "stylesheet", href }));
  const script = Object.assign(document.createElement("script"), { src: place.dataset.script });
  script.addEventListener("load", () => {
    SwaggerUIBundle({
      url: place.dataset.schema,
      domNode: place,
      layout: "BaseLayout",
      presets: [SwaggerUIBundle.presets.apis],
      docExpansion: "list",
      persistAuthorization: false,
      validatorUrl: null,
    });
  });
  /* what is drawn later has no names, and its long examples cannot be scrolled by keys */
  new MutationObserver(() => {
    for (const box of place.querySelectorAll("textarea:not([aria-label])")) box.ariaLabel = place.dataset.wordsBody;
    for (const box of place.querySelectorAll("select:not([aria-label])")) box.ariaLabel = place.dataset.wordsChoice;
    for (const code of place.querySelectorAll(".microlight:not([tabindex])")) code.tabIndex = 0;
  }).observe(place, { childList: true, subtree: true });
  document.head.append(...sheets, script);
});
