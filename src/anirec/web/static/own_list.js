// Comfort only: the own list is kept in this browser, so that every page leads back to it. A list
// too long for an address is posted from here. Lists of others, by a link, never take its place.
const KEY = "anirec-list";
const CHANGING = "anirec-list-changing";
const LONGEST_IN_ADDRESS = 3400;
const EARLIER = 60;

const none = { code: "", shows: 0, earlier: [] };
const kept = () => {
  try {
    return { ...none, ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    return none;
  }
};
// Storage may be full or forbidden: then the list lives in the address alone, as without this file.
const attempt = (act) => { try { return act(); } catch { return null; } };
const mark = (code) => code.slice(-16);

const own = (code) => {
  const { code: now, earlier } = kept();
  return code === now || earlier.includes(mark(code));
};
const keep = ({ value: code, dataset }) => attempt(() => {
  // Going back to an earlier state and on from there is no other list.
  const earlier = [mark(code), ...kept().earlier].slice(0, EARLIER);
  localStorage.setItem(KEY, JSON.stringify({ code, shows: Number(dataset.shows), earlier }));
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

const find = (what, within = document) => [...within.querySelectorAll(`[data-own="${what}"]`)];

const offerTheOwnList = () => {
  const { code, shows } = kept();
  for (const line of find("kept")) {
    line.hidden = !code;
    line.querySelector("span").textContent = shows === 1 ? " of one show" : ` of ${shows} shows`;
  }
  for (const button of find("take")) {
    const shown = find("list")[0];
    button.hidden = !shown || own(shown.value);
  }
  if (!code) return;
  for (const link of find("link")) {
    if (isLong(code)) link.dataset.long = "";
    else link.href = addressWith(link.href, code);
  }
  for (const form of find("form")) {
    if (form.elements.list) continue;
    form.append(field("list", code));
    if (isLong(code)) form.method = "post";
  }
};

const arrive = () => {
  const [shown] = find("list");
  if (shown) {
    const changed = attempt(() => sessionStorage.getItem(CHANGING));
    if (changed) keep(shown);
    else if (!shown.value && kept().code) {
      goTo(location.href, kept().code);
      return;
    }
  }
  attempt(() => sessionStorage.removeItem(CHANGING));
  offerTheOwnList();
};

document.addEventListener("submit", ({ target: form, submitter }) => {
  const changes = submitter?.name === "change" && form.dataset.own === "form";
  if (form.dataset.own === "import" || (changes && own(form.elements.list?.value ?? ""))) {
    attempt(() => sessionStorage.setItem(CHANGING, "yes"));
  }
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
arrive();
