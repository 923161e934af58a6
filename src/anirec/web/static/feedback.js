// Tells the server what a viewer does with recommendations, once they switch it on (docs/feedback.md).
const STATE = "anirec-learning"; // { on, key }
const WAITING = "anirec-learning-waiting"; // batches that the server has not confirmed yet
const SHOWN = "anirec-learning-shown"; // { list, ids }: what was seen of the list in this tab
const BATCHES = 20; // Of those that wait; older ones are dropped
const EVENTS = 100; // Of a batch at most
const PAUSE = 3000; // Milliseconds from an event until it is sent
const HALF = 0.5; // Of a card that is in view
const IN_VIEW = 1000; // Milliseconds that it is before the card counts as seen
const KINDS = {
  like: { kind: "rating", rating: 9, status: 2 },
  dislike: { kind: "rating", rating: 3, status: 2 },
  seen: { kind: "seen" },
  drop: { kind: "seen", status: 4 },
  plan: { kind: "added" },
  hide: { kind: "dismissal" },
};
const CARD = "#results ol.cards > .card";

const group = document.getElementById("learning");
const [learn, sent, forget, said] = ["learn", "sent", "forget", "learn-said"].map((id) =>
  document.getElementById(id));

const read = (store, name, otherwise) => JSON.parse(store.getItem(name)) ?? otherwise;
const write = (store, name, value) => store.setItem(name, JSON.stringify(value));
const state = () => read(localStorage, STATE, { on: false });
const waiting = () => read(localStorage, WAITING, []);
const random = () => {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_");
};

// What happens, until it is sent
let fresh = [], bundle = null, sending = null, timer;

function tell(event) {
  if (!state().on) return;
  const from = document.querySelector("[data-bundle]")?.dataset.bundle ?? null;
  if (from !== bundle) pack();
  bundle = from;
  fresh.push(event);
  if (fresh.length >= EVENTS) return flush();
  timer ??= setTimeout(flush, PAUSE);
}

// Makes one batch of what has happened: from now on it has a key, so that it counts once.
function pack() {
  const { on, key } = state();
  const events = fresh.splice(0);
  if (!on || !events.length) return;
  const batch = { id: random(), body: { viewer: key, events, bundle } };
  write(localStorage, WAITING, [...waiting(), batch].slice(-BATCHES));
}

// Whether the batch is done with: kept, or refused for good.
async function deliver({ id, body }) {
  try {
    const { ok, status } = await fetch(group.dataset.to, {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": id },
      body: JSON.stringify(body),
      credentials: "omit",
      keepalive: true,
    });
    if (!ok && (status >= 500 || status === 408 || status === 429)) return false;
  } catch {
    return false; // The viewer need not care; it is sent with the next page.
  }
  write(localStorage, WAITING, waiting().filter((one) => one.id !== id));
  return true;
}

// In order, for of several ratings of a show the last one counts. What a page that is left does not
// manage to send, the next one sends again.
function flush() {
  clearTimeout(timer);
  timer = undefined;
  pack();
  sending ??= (async () => {
    let batch;
    while (state().on && ([batch] = waiting())[0]) if (!(await deliver(batch))) break;
  })().finally(() => (sending = null));
}

// What a viewer does
const idOf = (link) => Number(link.pathname.match(/\/anime\/(\d+)$/)[1]);
const placeOf = (card) => [...card.parentElement.children].indexOf(card) + 1;

function changed({ target, submitter }) {
  const change = String(new FormData(target, submitter).get("change") ?? "");
  const [, what, id] = change.match(/^([a-z]+|\d+):(\d+)$/) ?? [];
  const event = Number(what) ? { kind: "rating", rating: Number(what) } : KINDS[what];
  if (!event) return;
  const card = submitter?.closest(CARD);
  tell({ ...event, anime_id: Number(id), ...(card && { position: placeOf(card) }) });
}

function opened({ target, button }) {
  const link = target.closest?.(`${CARD} h3 a`);
  if (!link || button > 1) return;
  tell({ kind: "click", anime_id: idOf(link), position: placeOf(link.closest(CARD)) });
}

// What a viewer sees: each card once for a list, however often that is scrolled or loaded
const looks = new Map();
const observer = new IntersectionObserver((changes) => {
  for (const { target, intersectionRatio } of changes) {
    clearTimeout(looks.get(target));
    if (intersectionRatio >= HALF) looks.set(target, setTimeout(seen, IN_VIEW, target));
  }
}, { threshold: HALF });

function seen(card) {
  if (document.visibilityState !== "visible" || !card.isConnected || !state().on) return;
  observer.unobserve(card);
  const id = idOf(card.querySelector("h3 a"));
  const shown = read(sessionStorage, SHOWN, { list: "", ids: [] });
  write(sessionStorage, SHOWN, { ...shown, ids: [...shown.ids, id] });
  tell({ kind: "impression", anime_id: id, position: placeOf(card) });
}

function watch() {
  observer.disconnect();
  looks.forEach(clearTimeout);
  looks.clear();
  const cards = [...document.querySelectorAll(CARD)];
  if (!cards.length || !state().on) return;
  const ids = cards.map((card) => idOf(card.querySelector("h3 a")));
  let shown = read(sessionStorage, SHOWN, null);
  if (shown?.list !== ids.join()) shown = { list: ids.join(), ids: [] };
  write(sessionStorage, SHOWN, shown);
  cards.forEach((card, place) => shown.ids.includes(ids[place]) || observer.observe(card));
}

// The switch
function show() {
  const { on, key } = state();
  learn.checked = on;
  sent.hidden = on || !key;
}

function turn() {
  const before = state();
  write(localStorage, STATE, { on: learn.checked, key: before.key ?? random() });
  said.textContent = learn.checked ? "Thank you." : "Nothing more is sent.";
  if (!learn.checked) {
    fresh = [];
    localStorage.removeItem(WAITING);
    sessionStorage.removeItem(SHOWN);
  }
  show();
  watch();
}

async function erase() {
  await sending;
  try {
    const address = `${group.dataset.to}/${state().key}`;
    const answer = await fetch(address, { method: "DELETE", credentials: "omit" });
    if (!answer.ok) throw new Error(answer.status);
    localStorage.removeItem(STATE);
    said.textContent = "What was sent is deleted.";
  } catch {
    said.textContent = "That did not work just now; please try again later.";
  }
  show();
}

function start() {
  show();
  watch();
  if (state().on) flush();
  learn.addEventListener("change", turn);
  forget.addEventListener("click", erase);
  document.addEventListener("submit", changed, true);
  document.addEventListener("click", opened);
  document.addEventListener("auxclick", opened);
  document.addEventListener("htmx:afterSwap", watch);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && watch());
  addEventListener("pagehide", flush);
  addEventListener("storage", show);
  addEventListener("pageshow", show); // Going back shows a page as it was.
  group.hidden = false;
}

try {
  start();
} catch {
  // A browser that stores nothing for pages: the switch stays hidden and nothing is sent.
}
