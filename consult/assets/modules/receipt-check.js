// The page that checks a receipt's files: shows what holds, and never says so of what was not done.
import { Unreachable, follow } from "./receipt-follow.js";
import { isIncluded, isOpened, isSignedByOne, readProof } from "./receipt-proof.js";

const FILE_BYTES_MAX = 500_000;

for (const place of document.querySelectorAll('[data-module="receipt-check"]')) {
  const said = place.dataset;
  const proofBox = place.querySelector("[data-proof]");
  const privateBox = place.querySelector("[data-private]");
  const pasteBox = place.querySelector("#pasted");
  const keyBox = place.querySelector("#vkey");
  const verdict = place.querySelector("[data-verdict]");
  const about = place.querySelector("[data-entry]");
  const further = place.querySelector("[data-follow]");
  const asking = further.querySelector("button");
  const became = place.querySelector("[data-became]");
  const bar = place.querySelector("progress");
  place.hidden = false;

  const show = (step, holds) => {
    const shown = place.querySelector(`[data-step="${step}"] [data-state]`);
    shown.textContent = { true: said.holds, false: said.fails }[holds] ?? said.unchecked;
  };

  // A check that cannot even be carried out on what is there has failed.
  const attempt = async (work) => {
    try {
      return await work();
    } catch {
      return false;
    }
  };

  const read = (box) => {
    const [file] = box.files;
    return file && file.size <= FILE_BYTES_MAX ? file.text() : "";
  };

  // What somebody pasted of a mail: the proof without what stands before and after it.
  const cut = (text) => {
    const lines = text.replace(/\r/g, "").split("\n").map((line) => line.trimEnd());
    const start = lines.findIndex((line) => line.startsWith("c2sp.org/tlog-proof"));
    const end = lines.findIndex((line, place) => place > start && line.startsWith("-----"));
    const kept = lines.slice(Math.max(start, 0), end < 0 ? undefined : end);
    return `${kept.join("\n").trimEnd()}\n`;
  };

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? "–");

  const describe = ({ index, checkpoint, document: entry }) =>
    fill(said.about, { index, size: checkpoint.size, day: entry.d, version: entry.s });

  // What became of them, in sentences: first if they stand, then what else the log says.
  const tell = ({ index, size, closed, changed, notes }) => {
    const stands = closed === null ? said.stands : said.counts;
    const first = changed ? fill(said[changed.kind], changed) : fill(stands, { index, size, closed });
    const vouched = (one) => ({ true: said.held, false: said.unheld })[one.held] ?? "";
    const others = notes.flatMap((one) => [fill(said[one.kind], one), vouched(one)]);
    return [first, changed ? vouched(changed) : "", ...others].filter(Boolean).join(" ");
  };

  const judge = ({ signature, inclusion, opening }) => {
    if (signature === false || inclusion === false || opening === false) return said.bad;
    if (!signature || !inclusion) return said.part;
    return opening ? said.opened : said.good;
  };

  let turn = 0;
  let receipt = null;
  const check = async () => {
    const mine = ++turn;
    const isGiven = proofBox.files.length > 0 || pasteBox.value.trim() !== "";
    const file = proofBox.files.length ? await read(proofBox) : cut(pasteBox.value);
    const half = await read(privateBox);
    const found = { signature: null, inclusion: null, opening: null };
    let words = "";
    let result = "";
    let proven = null;
    if (isGiven && !crypto.subtle) {
      result = said.secure;
    } else if (isGiven) {
      try {
        proven = readProof(file);
        words = describe(proven);
        found.signature = await attempt(async () => isSignedByOne(proven.checkpoint, keyBox.value));
        found.inclusion = await attempt(() => isIncluded(proven));
        if (privateBox.files.length) found.opening = await attempt(() => isOpened(half, proven.document));
        result = judge(found);
      } catch {
        result = said.unreadable;
      }
    }
    if (mine !== turn) return; // another file was chosen meanwhile
    for (const [step, holds] of Object.entries(found)) show(step, holds);
    about.textContent = words;
    verdict.textContent = result;
    became.textContent = "";
    receipt = Object.values(found).includes(false) || !found.inclusion ? null : proven;
    further.hidden = receipt === null;
  };

  // Read the log from the receipt's place on. Only this asks the site for anything.
  const look = async () => {
    const mine = turn;
    const progress = (done, all) => {
      bar.max = all;
      bar.value = done;
    };
    asking.disabled = true;
    bar.hidden = false;
    became.textContent = said.reading;
    let words = "";
    try {
      const found = await follow(said.log, receipt, keyBox.value, progress);
      words = found.isShorter ? said.shorter : tell(found);
      if (found.signed === null) words = `${words} ${said.part}`;
    } catch (error) {
      words = error instanceof Unreachable ? said.away : said.broken;
    }
    asking.disabled = false;
    bar.hidden = true;
    if (mine === turn) became.textContent = words;
  };

  asking.addEventListener("click", look);

  for (const box of [proofBox, pasteBox, privateBox, keyBox]) box.addEventListener("change", check);
}
