// Keeps the basket's total while projects are ticked. Warns, never disables.
import { say, fill, drawMeter, money } from "./meter.js";

for (const basket of document.querySelectorAll('[data-module="total"]')) {
  const { pot, unit, decimals, saysSpent, saysLeft, saysOver } = basket.dataset;
  const total = Number(pot);
  const boxes = [...basket.querySelectorAll("input[data-cost]")];
  const written = (amount) => money(amount, unit, Number(decimals));

  const update = () => {
    const spent = boxes.filter((box) => box.checked).reduce((sum, box) => sum + Number(box.dataset.cost), 0);
    const left = spent > total ? fill(saysOver, { over: written(spent - total) }) : fill(saysLeft, { left: written(total - spent) });
    const used = fill(saysSpent, { spent: written(spent) });
    drawMeter(basket, spent, total, used, left);
    return `${used}, ${left}`;
  };

  basket.querySelector("[data-total-update]")?.setAttribute("hidden", "");
  basket.addEventListener("change", () => say(basket.querySelector("[data-meter-says]"), update()));
  update(); // the browser may have restored ticks after Back
}
