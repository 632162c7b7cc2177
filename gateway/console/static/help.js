// The key "?" follows the link to the help, unless somebody is typing.
"use strict";
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key !== "?" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  document.getElementById("help")?.click();
});
