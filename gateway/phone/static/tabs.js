// Tabs for narrow windows: the caller, the service, or the rest. A wide window shows all of them. Technical details are
// closed until somebody opens them in this browser.

const KEPT = "komek-technical";

const main = document.querySelector("main");
const tabs = [...document.querySelectorAll(".tabs button")];

export function showTab(name) {
  main.dataset.tab = name;
  for (const tab of tabs) tab.setAttribute("aria-pressed", String(tab.dataset.show === name));
}

// `shown` is called after a tab was chosen.
export function wireTabs(shown) {
  for (const tab of tabs) {
    tab.addEventListener("click", () => {
      showTab(tab.dataset.show);
      shown();
    });
  }
  const technical = document.getElementById("technical");
  technical.addEventListener("toggle", () => {
    document.body.classList.toggle("technical", technical.open);
    localStorage.setItem(KEPT, technical.open ? "open" : "");
  });
  technical.open = localStorage.getItem(KEPT) === "open";
}
