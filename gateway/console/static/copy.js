"use strict";
// A button copies what stands beside it. Without scripts, or where a page may not copy, the text can be selected.
if (navigator.clipboard) {
  for (const button of document.querySelectorAll("[data-copies]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const text = document.getElementById(button.dataset.copies).textContent;
      navigator.clipboard.writeText(text).then(() => { button.textContent = button.dataset.done; }, () => { button.hidden = true; });
    });
  }
}
