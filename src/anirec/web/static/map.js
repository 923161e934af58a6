// Comfort only: zooming, moving and quick titles on the map. Without this file its links work.
const MOST = 8;

for (const figure of document.querySelectorAll("[data-map]")) {
  const svg = figure.querySelector("svg");
  const size = svg.viewBox.baseVal.width;
  let left = 0, top = 0, zoom = 1;

  const show = () => {
    const side = size / zoom;
    left = Math.min(Math.max(left, 0), size - side);
    top = Math.min(Math.max(top, 0), size - side);
    svg.setAttribute("viewBox", `${left} ${top} ${side} ${side}`);
    figure.dataset.zoom = zoom >= 3 ? "near" : zoom > 1 ? "closer" : "whole";
    less.disabled = zoom <= 1;
    more.disabled = zoom >= MOST;
  };
  const zoomTo = (wanted, x, y) => {
    const next = Math.min(Math.max(wanted, 1), MOST);
    left = x - (x - left) * (zoom / next);
    top = y - (y - top) * (zoom / next);
    zoom = next;
    show();
  };
  const middle = () => [left + size / zoom / 2, top + size / zoom / 2];
  const at = (event) => {
    const frame = svg.getBoundingClientRect();
    const unit = size / zoom / frame.width;
    return [left + (event.clientX - frame.left) * unit, top + (event.clientY - frame.top) * unit];
  };
  const button = (text, label, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  };
  const more = button("+", "Zoom in", () => zoomTo(zoom * 1.6, ...middle()));
  const less = button("−", "Zoom out", () => zoomTo(zoom / 1.6, ...middle()));
  const buttons = document.createElement("div");
  buttons.className = "zoom";
  buttons.append(more, less);
  figure.append(buttons);

  svg.addEventListener("wheel", (event) => {
    // The page scrolls as ever; with Ctrl, or a pinch on a touchpad, the map grows.
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoomTo(zoom * Math.exp(-event.deltaY / 200), ...at(event));
  }, { passive: false });

  let held = null, moved = false;
  svg.addEventListener("pointerdown", (event) => {
    if (zoom > 1) held = [event.clientX, event.clientY];
    moved = false;
  });
  addEventListener("pointermove", (event) => {
    if (!held) return;
    const unit = size / zoom / svg.getBoundingClientRect().width;
    const [x, y] = held;
    if (Math.hypot(event.clientX - x, event.clientY - y) > 4) moved = true;
    left -= (event.clientX - x) * unit;
    top -= (event.clientY - y) * unit;
    held = [event.clientX, event.clientY];
    show();
  });
  addEventListener("pointerup", () => { held = null; });
  svg.addEventListener("click", (event) => { if (moved) event.preventDefault(); }, true);
  svg.addEventListener("dragstart", (event) => event.preventDefault());

  const tip = document.createElement("p");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true");
  figure.append(tip);
  for (const title of svg.querySelectorAll("a title")) {
    const link = title.closest("a"), text = title.textContent;
    // Both tips at once would cover each other; the link keeps its name.
    title.remove();
    const point = (event) => {
      const mark = link.getBoundingClientRect(), frame = figure.getBoundingClientRect();
      tip.textContent = text;
      tip.hidden = false;
      const middleOfMark = mark.left + mark.width / 2 - frame.left;
      const half = tip.offsetWidth / 2;
      const x = Math.min(Math.max(middleOfMark, half + 6), frame.width - half - 6);
      tip.style.setProperty("left", `${x}px`);
      tip.style.setProperty("top", `${mark.top - frame.top - 8}px`);
    };
    for (const event of ["pointerenter", "focus"]) link.addEventListener(event, point);
    for (const event of ["pointerleave", "blur"]) link.addEventListener(event, () => { tip.hidden = true; });
  }
  show();
}
