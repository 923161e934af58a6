// Comfort only: the own list is kept in this browser, so that every page leads back to it. A list
// too long for an address is posted from here. Lists of others, by a link, never take its place.
const KEY = "anirec-list"; // { code, shows, earlier }
const CHANGING = "anirec-list-changing"; // { from, at }: a change of the own list is on its way
const SOON = 30_000; // Milliseconds within which it arrives
const LONGEST_IN_ADDRESS = 3400;
const EARLIER = 60; // States of the own list that are known again

const none = { code: "", shows: 0, earlier: [] };
// Storage may be full or forbidden: then the list lives in the address alone, as without this file.
const attempt = (act) => { try { return act(); } catch { return null; } };
const kept = () => ({ ...none, ...attempt(() => JSON.parse(localStorage.getItem(KEY))) });
const mark = (code) => code.slice(-16);

const own = (code) => {
  const { code: now, earlier } = kept();
  return code === now || earlier.includes(mark(code));
};
const keep = ({ value: code, dataset }, from = code) => attempt(() => {
  // Going back to an earlier state and on from there is no other list.
  const earlier = [...new Set([mark(code), mark(from), ...kept().earlier])].slice(0, EARLIER);
  localStorage.setItem(KEY, JSON.stringify({ code, shows: Number(dataset.shows), earlier }));
});
const begin = (from) =>
  attempt(() => sessionStorage.setItem(CHANGING, JSON.stringify({ from, at: Date.now() })));
const end = () => attempt(() => {
  const began = JSON.parse(sessionStorage.getItem(CHANGING));
  sessionStorage.removeItem(CHANGING);
  return began && Date.now() - began.at < SOON ? began : null;
});

const field = (name, value) => {
  const input = document.createElement("input");
  Object.assign(input, { type: "hidden", name, value });
  return input;
};
const isLong = (code) => code.length > LONGEST_IN_ADDRESS;
const addressWith = (href, code) => {
  const address = new URL(href, location.href);
  address.searchParams.set("list", code);
  return address;
};
const goTo = (href, code) => {
  const address = addressWith(href, code);
  if (!isLong(code)) {
    location.replace(address);
    return;
  }
  const form = document.createElement("form");
  Object.assign(form, { method: "post", action: address.pathname, hidden: true });
  form.append(...[...address.searchParams].map(([name, value]) => field(name, value)));
  document.body.append(form);
  form.submit();
};

const find = (what) => [...document.querySelectorAll(`[data-own="${what}"]`)];

const offerTheOwnList = () => {
  const { code, shows } = kept();
  for (const line of find("kept")) {
    line.hidden = !code;
    line.querySelector("span").textContent = shows === 1 ? " of one show" : ` of ${shows} shows`;
  }
  const [shown] = find("list");
  for (const button of find("take")) button.hidden = !shown || own(shown.value);
  for (const link of find("link")) {
    delete link.dataset.long;
    if (isLong(code)) link.dataset.long = "";
    else if (code) link.href = addressWith(link.href, code);
  }
};

// A form without a list of its own adds to the own one, as it is when the form is sent.
const fill = (form) => {
  const { code } = kept();
  let list = form.elements.list;
  if (list && !("filled" in list.dataset)) return;
  if (!code) {
    list?.remove();
    return;
  }
  if (!list) {
    list = field("list", "");
    list.dataset.filled = "";
    form.append(list);
  }
  list.value = code;
  form.method = isLong(code) ? "post" : "get";
};

const arrive = () => {
  const [shown] = find("list");
  const began = end();
  // Whoever goes back, or loads again, wants the page as it was.
  const [{ type } = {}] = performance.getEntriesByType("navigation");
  if (shown && began) {
    keep(shown, began.from);
  } else if (shown && !shown.value && kept().code && type === "navigate") {
    goTo(location.href, kept().code);
    return;
  }
  offerTheOwnList();
};

document.addEventListener("submit", ({ target: form, submitter }) => {
  const { own: what } = form.dataset;
  if (what === "form") fill(form);
  const from = form.elements.list?.value ?? "";
  const changes = what === "form" && submitter?.name === "change" && own(from);
  if (changes || what === "import" || (what === "open" && !kept().code)) begin(from);
}, true);
document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-own] button, [data-own]");
  const what = pressed?.closest("[data-own]").dataset.own;
  if (what === "link" && "long" in pressed.dataset) {
    event.preventDefault();
    goTo(pressed.href, kept().code);
  } else if (what === "take") {
    keep(find("list")[0]);
    offerTheOwnList();
  } else if (what === "kept" && pressed.tagName === "BUTTON") {
    attempt(() => localStorage.removeItem(KEY));
    location.assign(document.querySelector("a.brand").href);
  }
});
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target.id === "results" || event.detail.target.tagName === "MAIN") arrive();
});
for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:sendAbort"]) {
  document.addEventListener(trouble, end);
}
// Other tabs change the list too, and going back may show a page as it was left.
addEventListener("storage", offerTheOwnList);
addEventListener("pageshow", (event) => { if (event.persisted) { end(); offerTheOwnList(); } });
arrive();
