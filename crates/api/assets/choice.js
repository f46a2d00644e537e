"use strict";
// Which document the page shows: `?document=<name>`, else the first.
const chosen = (() => {
  const links = [...document.querySelectorAll("nav a")];
  const wanted = new URLSearchParams(location.search).get("document");
  for (const link of links) {
    link.href = "?" + new URLSearchParams({ document: link.textContent });
  }
  const link = links.find((link) => link.textContent === wanted) ?? links[0];
  link?.setAttribute("aria-current", "page");
  return link?.dataset.url;
})();
