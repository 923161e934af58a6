// Comfort only: copies the link of a kept list, and remembers in this tab where changes may be saved.
const NAME = "anirec-kept";

const tab = (act) => {
  try {
    return act(sessionStorage);
  } catch {
    return null; // Some browsers keep pages from storing anything.
  }
};

// The page of a kept list
const link = document.querySelector("[data-kept]");
if (link) {
  const copy = document.getElementById("copy");
  link.value = location.origin + link.dataset.kept;
  link.addEventListener("focus", () => link.select());
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.value);
    } catch {
      link.select();
      document.execCommand("copy"); // Without HTTPS there is no clipboard.
    }
    copy.textContent = "Copied";
    document.getElementById("said").textContent = "The link is copied";
  });
  document.getElementById("go-on-with-it").addEventListener("submit", () => {
    tab((store) => store.setItem(NAME, link.value));
  });
}

if (document.querySelector("[data-deleted]")) tab((store) => store.removeItem(NAME));

// Pages that can save a list: the link of the one that was opened in this tab is filled in.
const fill = () => {
  const save = document.querySelector("details.keep");
  const kept = tab((store) => store.getItem(NAME));
  if (!save || !kept) return;
  save.open = true;
  const field = save.querySelector("[name=link]");
  field.value ||= kept;
};
fill();
document.addEventListener("htmx:afterSwap", fill);
