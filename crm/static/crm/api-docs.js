/* Draws the API's description, once the page stands. Tokens typed here stay in the page and are gone with it. */
addEventListener("load", () => {
  const place = document.querySelector("#api-docs");
  const sheet = Object.assign(document.createElement("link"), { rel: "stylesheet", href: place.dataset.sheet });
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
  document.head.append(sheet, script);
});
