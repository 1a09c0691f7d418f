// Asks how far a long job has come, and reloads the page once when it has finished.

for (const progress of document.querySelectorAll('[data-module="progress"]')) {
  const { status, every } = progress.dataset;
  const bar = progress.querySelector("progress");
  const strong = progress.querySelector("[data-progress-said] strong");
  const says = progress.querySelector("[data-progress-says]");
  const steps = [...progress.querySelectorAll("[data-progress-step]")];
  progress.querySelector("[data-progress-refresh]").parentElement.hidden = true;

  const showStep = (step, state) => {
    const before = step.querySelector("[data-state]");
    if (before.dataset.state === state) return;
    const after = document.createElement(state === "doing" ? "strong" : "span");
    after.dataset.state = state;
    after.className = { doing: "govuk-tag govuk-tag--blue", waiting: "fm-steps__waiting" }[state] ?? "";
    after.textContent = progress.dataset[state];
    before.replaceWith(after);
    says.textContent = `${step.firstElementChild.textContent}: ${after.textContent}`;
  };

  const ask = async () => {
    try {
      const answer = await fetch(status, { headers: { Accept: "application/json" }, cache: "no-store" });
      if (answer.ok) {
        const now = await answer.json();
        if (now.finished) {
          location.reload();
          return;
        }
        bar.max = now.total;
        bar.value = now.done;
        strong.textContent = now.said;
        now.states?.forEach((state, index) => steps[index] && showStep(steps[index], state));
      }
    } catch {
      // Out of reach for a moment: the next question may get through.
    }
    setTimeout(ask, Number(every));
  };
  setTimeout(ask, Number(every));
}
