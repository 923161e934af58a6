// Comfort only: copies the link of a kept list, and remembers in this tab where changes may be saved.
const NAME = "anirec-kept"; // { link, version, list, changing }

const tab = (act) => {
  try {
    return act(sessionStorage);
  } catch {
    return null; // Some browsers keep pages from storing anything.
  }
};

const remembered = () => tab((store) => JSON.parse(store.getItem(NAME)));
const remember = (what) => tab((store) => store.setItem(NAME, JSON.stringify(what)));

// The page of a kept list
const link = document.querySelector("[data-kept]");
if (link) {
  const copy = document.getElementById("copy");
  link.value = location.origin + link.dataset.kept;
  link.addEventListener("focus", () => link.select());
  copy.hidden = false;
  const before = remembered();
  // Whoever saves again after this has seen this version.
  if (before?.link === link.value) remember({ ...before, version: link.dataset.version });
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
  document.getElementById("go-on-with-it").addEventListener("submit", ({ target: form }) => {
    remember({ link: link.value, version: link.dataset.version, list: form.elements.list.value });
  });
}

if (document.querySelector("[data-deleted]")) tab((store) => store.removeItem(NAME));

// Pages that can save a list: the link is filled in where the list is the one that was opened in this
// tab, or came of it by changes. A list by somebody's link is not saved in its place by mistake.
let open = true;
const fill = () => {
  const save = document.querySelector("details.keep");
  const opened = remembered();
  if (!save || !opened) return;
  const list = save.querySelector("[name=list]").value;
  if (opened.changing) remember({ ...opened, list, changing: false });
  else if (opened.list !== list) return;
  save.open = open;
  save.addEventListener("toggle", () => { open = save.open; });
  const [where, version] = ["link", "version"].map((name) => save.querySelector(`[name=${name}]`));
  where.value ||= opened.link;
  // Of the version that was opened: the server tells whoever would write over a later one.
  if (where.value === opened.link) version.value ||= opened.version;
  where.addEventListener("input", () => { version.value = ""; });
};
// Whoever presses twice keeps one list: nobody would have the link of the other.
let sent = new WeakSet();
document.addEventListener("submit", (event) => {
  if (!event.target.closest("details.keep")) return;
  if (sent.has(event.target)) event.preventDefault();
  sent.add(event.target);
});
addEventListener("pageshow", ({ persisted }) => {
  sent = new WeakSet(); // Back again, it may be kept again.
  const save = document.querySelector("details.keep");
  const opened = remembered();
  if (!persisted || !save || !opened) return;
  // The page is as it was left: what was saved from here meanwhile is no change by somebody else.
  const [where, version] = ["link", "version"].map((name) => save.querySelector(`[name=${name}]`));
  if (where.value === opened.link) version.value = opened.version;
});
document.addEventListener("submit", ({ target: form, submitter }) => {
  const opened = remembered();
  if (submitter?.name !== "change" || !opened) return;
  remember({ ...opened, changing: form.elements.list?.value === opened.list });
}, true);
for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:sendAbort"]) {
  document.addEventListener(trouble, () => {
    const opened = remembered();
    if (opened) remember({ ...opened, changing: false });
  });
}
fill();
document.addEventListener("htmx:afterSwap", fill);
