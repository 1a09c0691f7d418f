// The box that says what is used and what is left; shared by points and basket.

/** Put values in the places of a ready-made sentence: fill("{left} left", {left: 3}). */
export function fill(sentence, values) {
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

/** Minor units as people write them; the same rules as the filter `money`. */
export function money(amount, unit, decimals) {
  const scale = 10 ** decimals;
  const whole = Math.floor(amount / scale).toString().replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = amount % scale;
  return unit + whole + (rest ? `.${String(rest).padStart(decimals, "0")}` : "");
}

let waiting;
/** Tell a screen reader, once, after a burst of changes. */
export function say(region, text) {
  clearTimeout(waiting);
  waiting = setTimeout(() => { region.textContent = text; }, 400);
}

export function drawMeter(root, used, total, saidUsed, saidLeft) {
  const meter = root.querySelector("[data-meter]");
  const over = used > total;
  const share = (part, whole) => `${whole > 0 ? Math.min(100, (100 * part) / whole) : 0}%`;
  meter.classList.toggle("fm-meter--over", over);
  meter.querySelector("[data-meter-total]").textContent = saidUsed;
  meter.querySelector("[data-meter-left]").textContent = saidLeft;
  meter.querySelector("[data-meter-bar]").setAttribute("width", over ? share(total, used) : share(used, total));
  meter.querySelector("[data-meter-over]").setAttribute("width", over ? "100%" : "0%");
}
