// Says how many points, or how much money, are left while they are shared out.
import { say, fill, drawMeter, money } from "./meter.js";
import * as typed from "./typed.js";

for (const points of document.querySelectorAll('[data-module="points"]')) {
  const { total, unit, decimals, saysUsed, saysLeft, saysOver } = points.dataset;
  const boxes = [...points.querySelectorAll("input")];
  const isMoney = decimals !== undefined;
  const written = (amount) => (isMoney ? money(amount, unit, Number(decimals)) : amount);
  // What is not a number of the right kind is left for the server to explain.
  const read = (text) => (isMoney ? typed.money(text, Number(decimals)) : typed.number(text)) ?? 0;

  const update = () => {
    const used = boxes.reduce((sum, box) => sum + read(box.value), 0);
    const left = total - used;
    const saidLeft = left < 0 ? fill(saysOver, { over: written(-left) }) : fill(saysLeft, { left: written(left) });
    drawMeter(points, used, Number(total), fill(saysUsed, { used: written(used) }), saidLeft);
    return saidLeft;
  };

  points.addEventListener("input", () => say(points.querySelector("[data-meter-says]"), update()));
  update();
}
