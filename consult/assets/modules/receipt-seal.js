// While the answers wait to be sealed, looks again now and then and shows what has become of them.
// They may come into the ballot box and the log at once, or with the answers of others within the
// hour, so it looks soon, and then less and less often.
const WAITS_MS = [500, 700, 1_000, 1_500, 3_000, 3_000, 3_000, 5_000, 10_000, 20_000, 30_000];
const WAIT_MS = 60_000;
const TIMES_MAX = 100;
const PROOF = "[data-receipt-proof]";

const place = document.querySelector('[data-module="receipt-seal"]');
let times = 0;

const isWaiting = () => place.querySelector("[data-waiting]") !== null;

const lookLater = () => {
  if (isWaiting() && times < TIMES_MAX) setTimeout(look, WAITS_MS[times] ?? WAIT_MS);
};

const look = async () => {
  times += 1;
  try {
    const answer = await fetch(location.href, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector('[data-module="receipt-seal"]');
    // What is the same is left alone: a screen reader would say it again.
    if (found && found.innerHTML !== place.innerHTML) place.replaceChildren(...found.children);
    if (!isWaiting()) {
      const proof = page.querySelector(PROOF);
      if (proof) document.querySelector(PROOF)?.replaceChildren(...proof.children);
    }
  } catch {
    // Out of reach: the link on the page still leads to the same.
  }
  lookLater();
};

if (place) lookLater();
