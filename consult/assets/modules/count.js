// Counts characters down while somebody writes; tells a screen reader only now and then.
import { fill, say } from "./meter.js";

for (const group of document.querySelectorAll('[data-module="count"]')) {
  const box = group.querySelector("textarea");
  const shown = group.querySelector("[data-count-shown]");
  const spoken = group.querySelector("[data-count-spoken]");
  const { left: saysLeft, over: saysOver } = shown.dataset;

  const update = () => {
    const left = Number(group.dataset.most) - box.value.length;
    shown.textContent = left < 0 ? fill(saysOver, { over: -left }) : fill(saysLeft, { left });
    shown.classList.toggle("govuk-error-message", left < 0);
    shown.classList.toggle("govuk-hint", left >= 0);
    return shown.textContent;
  };

  box.addEventListener("input", () => {
    update();
    say(spoken, shown.textContent);
  });
  update();
}
