// Comfort only: every page works without this file.
"use strict";

const describe = {
  community: (value) => (value > 50 ? null : `${100 - value}% community`),
  content: (value) => (value > 50 ? `${value}% content` : null),
  popular: (value) => (value < 0 ? `${-value}% popular` : null),
  niche: (value) => (value > 0 ? `${value}% niche` : "as it fits"),
};

const describeSlider = (slider) => {
  const output = document.querySelector(`output[for="${slider.id}"]`);
  if (!output) return;
  const value = Number(slider.value);
  output.textContent = output.dataset.ends
    ? output.dataset.ends.split(",").map((end) => describe[end](value)).find(Boolean)
    : value + output.dataset.unit;
};
// A blend of one's own says all: what new franchises are worth is part of the best one.
const tieDiscovery = () => {
  const [blend, discovery] = ["blend", "discovery"].map((id) => document.getElementById(id));
  if (discovery) discovery.disabled = blend.value !== blend.dataset.best;
};
const describeSliders = () => {
  document.querySelectorAll("input[type=range]").forEach(describeSlider);
  tieDiscovery();
};
document.addEventListener("input", ({ target }) => {
  if (target.type !== "range") return;
  describeSlider(target);
  tieDiscovery();
});
document.addEventListener("htmx:afterSwap", describeSliders);
describeSliders();

// Buttons of cards say only now which form they send, for htmx to notice which was pressed (_cards.html).
const press = (button) => {
  button.type = "submit";
  button.setAttribute("form", "steer");
  htmx.process(button);
};
// What is pressed while the page changes waits: it changes the list as it is then, when its button may be gone.
let underWay = null; // The request
let asked; // What the field of titles held when it was sent
const titleField = () => document.getElementById("find");
let waiting = [];
document.addEventListener("click", (event) => {
  const button = event.target.closest("#results button[name]:not([name=unplanned])");
  if (!button) return;
  if (underWay) {
    event.preventDefault();
    waiting.push({ name: button.name, value: button.value });
  } else if (!button.hasAttribute("type")) {
    press(button);
  }
}, true);
document.addEventListener("htmx:beforeSend", ({ detail: { target, xhr } }) => {
  if (target.id !== "results") return;
  underWay = xhr;
  asked = titleField()?.value;
});
document.addEventListener("htmx:afterSettle", ({ detail: { xhr } }) => {
  if (xhr !== underWay) return;
  underWay = null;
  const next = waiting.shift();
  if (!next) return;
  const button = Object.assign(document.createElement("button"), { ...next, hidden: true });
  document.getElementById("results").append(button);
  // Others hear of the change that has arrived first.
  setTimeout(() => button.click());
});
for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:swapError"]) {
  document.addEventListener(trouble, () => {
    underWay = null;
    waiting = [];
  });
}

// Pages change in place: they, and rows that were scrolled sideways, stay where they were.
const rows = "#results [tabindex][aria-label]";
const { body } = document;
let scrolled = new Map();
let focused; // What may still be there afterwards: a selector, and the show of its card
let typed = null; // What was typed into the field of titles meanwhile
const showOf = (element) => element.closest(".card")?.querySelector("h3 a").pathname;
let boxes = []; // Of the cards
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const { target } = detail;
  if (!detail.shouldSwap) return;
  if (target.id === "results" && !detail.serverResponse.includes('id="results"')) {
    detail.shouldSwap = false;
    detail.isError = true; // All that waits for the change hears of it.
    return;
  }
  boxes = [...document.querySelectorAll("#results .card")].map((card) => card.getBoundingClientRect());
  scrolled = new Map([...document.querySelectorAll(rows)].map((row) => [row.ariaLabel, row.scrollLeft]));
  const { activeElement: at } = document;
  const within = target.contains(at);
  focused = at.tagName === "BUTTON" && within
    ? { alike: `#results button[name="${at.name}"][value="${CSS.escape(at.value)}"]`, show: showOf(at) }
    : null;
  const field = titleField();
  typed = target.contains(field) && field.value !== asked
    ? { text: field.value, from: field.selectionStart, to: field.selectionEnd }
    : null;
  if (at.tagName === "INPUT" && within) return; // A field keeps its focus and its text cursor.
  // Else htmx tells each of hundreds of elements that it goes.
  body.style.minHeight = `${body.offsetHeight}px`;
  target.replaceChildren();
});
for (const swapped of ["htmx:afterSwap", "htmx:swapError"]) {
  document.addEventListener(swapped, () => { body.style.minHeight = ""; });
}
document.addEventListener("htmx:afterSwap", ({ detail: { target } }) => {
  // The browser draws at once what is seen. Other cards are as tall as those in whose place they are, so nothing moves.
  if (target.id === "results" && boxes.length) {
    for (const [place, card] of document.querySelectorAll("#results .card").entries()) {
      const box = boxes[place] ?? boxes.at(-1);
      if (boxes[place] && box.bottom > 0 && box.top < innerHeight) continue;
      card.classList.add("undrawn");
      card.style.setProperty("--usual", `${box.height}px`);
    }
  }
  for (const row of document.querySelectorAll(rows)) row.scrollLeft = scrolled.get(row.ariaLabel) ?? 0;
  // What was typed while the answer was on its way stays typed.
  const field = titleField();
  if (!typed || !field || field.value === typed.text) return;
  field.value = typed.text;
  if (document.activeElement === field) field.setSelectionRange(typed.from, typed.to);
  typed.isNew = true;
});
// And is looked for, as soon as htmx listens to the new field.
document.addEventListener("htmx:afterSettle", () => {
  if (typed?.isNew) titleField()?.dispatchEvent(new Event("input", { bubbles: true }));
  typed = null;
});

// Screen readers hear of it.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "results") return;
  const shows = document.querySelectorAll("#results .card").length;
  // An alert speaks for itself.
  const refused = document.querySelector("#results [role=alert]");
  const said = `${shows} ${shows === 1 ? "show" : "shows"} recommended`;
  document.getElementById("said").textContent = refused ? "" : said;
  // Whoever asked to rate a show goes on with its ratings.
  const rating = document.querySelector("#results .rating");
  if (rating) {
    (rating.querySelector("[aria-pressed]") ?? rating.querySelector("button")).focus({ preventScroll: true });
    rating.scrollIntoView({ block: "nearest" });
    return;
  }
  // The button that was pressed may be gone with its card: the keyboard goes on from the answer.
  if (document.activeElement === document.body) {
    const alike = focused ? [...document.querySelectorAll(focused.alike)] : [];
    const same = alike.find((button) => showOf(button) === focused.show);
    const again = same ?? alike[0] ?? document.getElementById("recommended");
    again?.focus({ preventScroll: true });
  }
});

// What could not be changed in place stays as it is, and it is said why.
const trouble = document.getElementById("trouble");
const say = (text) => {
  trouble.textContent = text;
  trouble.hidden = !text;
};
document.addEventListener("htmx:sendError", () => say("The site cannot be reached. Please try again."));
document.addEventListener("htmx:responseError", ({ detail: { xhr } }) => {
  const seconds = xhr.getResponseHeader("Retry-After");
  say(seconds ? `That was a lot at once. Please try again in ${seconds} s.` : "That did not work. Please try again.");
});
document.addEventListener("htmx:afterSwap", () => say(""));

// Buttons that stand for a switch of the form move the switch.
document.addEventListener("click", (event) => {
  const box = document.getElementById(event.target.closest("[data-checks]")?.dataset.checks);
  if (!box) return;
  event.preventDefault();
  box.checked = true;
  box.dispatchEvent(new Event("change", { bubbles: true }));
});

// Titles to choose from while typing.
for (const form of document.querySelectorAll("form[data-suggest]")) {
  const list = form.querySelector("datalist");
  let waiting, latest = 0;
  form.elements.q.addEventListener("input", (event) => {
    clearTimeout(waiting);
    const query = event.target.value.trim();
    if (query.length < 2) return;
    waiting = setTimeout(async () => {
      const turn = ++latest;
      try {
        const response = await fetch(`${form.dataset.suggest}?n=8&q=${encodeURIComponent(query)}`);
        if (!response.ok || turn !== latest) return;
        const { anime } = await response.json();
        list.replaceChildren(...anime.map((show) => {
          const option = document.createElement("option");
          option.value = show.title;
          if (show.title_english && show.title_english !== show.title) option.label = show.title_english;
          return option;
        }));
      } catch {
        // Without suggestions the search still works.
      }
    }, 160);
  });
}
