"use strict";
SwaggerUIBundle({
  dom_id: "#documentation",
  url: chosen,
  deepLinking: true,
  // The badge of the online validator would send the address of this page away.
  validatorUrl: null,
});
