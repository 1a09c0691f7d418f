// Says how many points are left while they are shared out.
import { say, fill, drawMeter } from "./meter.js";

for (const points of document.querySelectorAll('[data-module="points"]')) {
  const { total, saysUsed, saysLeft, saysOver } = points.dataset;
  const boxes = [...points.querySelectorAll("input")];

  const update = () => {
    // What is not a whole number is left for the server to explain.
    const used = boxes.reduce((sum, box) => sum + (/^\s*\d{1,6}\s*$/.test(box.value) ? Number(box.value) : 0), 0);
    const left = total - used;
    const saidLeft = left < 0 ? fill(saysOver, { over: -left }) : fill(saysLeft, { left });
    drawMeter(points, used, Number(total), fill(saysUsed, { used }), saidLeft);
    return saidLeft;
  };

  points.addEventListener("input", () => say(points.querySelector("[data-meter-says]"), update()));
  update();
}
