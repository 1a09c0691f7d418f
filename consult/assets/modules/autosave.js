// Saves what is typed on a question page a moment after it was typed, and says so.
const PAUSE_MS = 1500;

for (const group of document.querySelectorAll('[data-module="autosave"]')) {
  const form = group.closest("form");
  const says = group.querySelector("[data-autosave-says]");
  let timer = 0;
  let saving = null;

  const save = async () => {
    saving?.abort();
    saving = new AbortController();
    try {
      const answer = await fetch(group.dataset.keep, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        signal: saving.signal,
      });
      // What could not be saved is saved by the buttons, which say what is wrong.
      if (answer.ok) says.textContent = (await answer.json()).says;
    } catch {
      // No connection, or more was typed meanwhile.
    }
  };

  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(save, PAUSE_MS);
  };

  form.addEventListener("input", later);
  form.addEventListener("click", (event) => {
    if (event.target.closest("[data-module=\"rank\"]")) later();
  });
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    saving?.abort();
  });
}
