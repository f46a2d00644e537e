"use strict";
Redoc.init(
  chosen,
  {
    nativeScrollbars: true,
    // Its own default names fonts that nobody has without asking another host.
    theme: {
      typography: {
        fontFamily: "system-ui, sans-serif",
        headings: { fontFamily: "system-ui, sans-serif" },
        code: { fontFamily: "ui-monospace, monospace" },
      },
    },
  },
  document.getElementById("documentation"),
);
