// What became of the answers of a receipt: reads the log from their place on (docs/log.md), and proves
// that what was read leads to the signed root and continues what the receipt saw.
import {
  HASH_BYTES,
  decodeUrl,
  demand,
  isSignedByOne,
  join,
  nodeHash,
  readCheckpoint,
  same,
  sha256,
  text,
} from "./receipt-proof.js";

const WIDTH = 256;
const ENTRIES_MAX = 5_000_000;
const HOLDER = text.encode("folkmoot/holder/v1\0");
const WISHES = ["replaced", "withdrawn", "erased"];
const CHANGES = { ballot: "replaced", withdrawn: "withdrawn", voided: "voided" };

// The log could not be read, which proves nothing.
export class Unreachable extends Error {}

const get = async (log, path) => {
  let answer;
  try {
    answer = await fetch(`${log}/${path}`, { cache: path === "checkpoint" ? "no-cache" : "default" });
    if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  } catch {
    // as below
  }
  throw new Unreachable(path);
};

const tilePath = (level, number, width) => {
  let digits = `${number % 1000}`.padStart(3, "0");
  for (let rest = Math.floor(number / 1000); rest > 0; rest = Math.floor(rest / 1000)) {
    digits = `x${`${rest % 1000}`.padStart(3, "0")}/${digits}`;
  }
  return `tile/${level}/${digits}${width < WIDTH ? `.p/${width}` : ""}`;
};

// The root over some nodes of one height, the last of which may be lower.
const topOf = async (nodes) => {
  let level = nodes;
  while (level.length > 1) {
    const pairs = [];
    for (let at = 0; at < level.length; at += 2) {
      pairs.push(at + 1 < level.length ? nodeHash(level[at], level[at + 1]) : level[at]);
    }
    level = await Promise.all(pairs);
  }
  return level[0];
};

// The roots of so many full bundles, from the tiles above them.
const topsBefore = async (log, bundles) => {
  const tops = [];
  for (let number = 0; tops.length < bundles; number += 1) {
    const width = Math.min(WIDTH, bundles - tops.length);
    const tile = await get(log, tilePath(1, number, width));
    demand(tile.length === HASH_BYTES * width, "tile");
    for (let at = 0; at < tile.length; at += HASH_BYTES) tops.push(tile.slice(at, at + HASH_BYTES));
  }
  return tops;
};

const frames = (bundle, width) => {
  const entries = [];
  let at = 0;
  while (entries.length < width) {
    const end = at + 2 + bundle[at] * 256 + bundle[at + 1];
    demand(end <= bundle.length, "bundle");
    entries.push(bundle.slice(at + 2, end));
    at = end;
  }
  return entries;
};

// Whether whoever holds the answers asked for a change; refuses what only claims it.
const isHeld = async (holder, kind, entry) => {
  if (!WISHES.includes(kind)) return null;
  demand(("hs" in entry) !== ("by" in entry), "who vouches");
  if (!("hs" in entry)) return false;
  const secrets = decodeUrl(entry.hs);
  demand(secrets.length === HASH_BYTES * WISHES.length && holder, "what the holder shows");
  const parts = WISHES.map((_wish, at) => secrets.slice(at * HASH_BYTES, (at + 1) * HASH_BYTES));
  const place = WISHES.indexOf(kind);
  parts[place] = await sha256(parts[place]);
  demand(same(await sha256(join(HOLDER, ...parts)), decodeUrl(holder)), "the holder's secret");
  return true;
};

// Takes in what the log says after the receipt's entry; after the closing the answers stay counted.
const take = async (found, mine, at, entry) => {
  if (entry.c !== mine.c) return;
  if (entry.t === "closed") found.closed ??= at;
  if (entry.b !== mine.b) return;
  const change = CHANGES[entry.t];
  const held = await isHeld(found.holder, change ?? entry.t, entry);
  if (entry.t === "ballot") found.holder = entry.h;
  if (change && found.closed === null) found.changed = { kind: change, at, held };
  else if (change) found.notes.push({ kind: "late", at, held: null });
  else if (entry.t === "erased") found.notes.push({ kind: "erased", at, held });
  else if (entry.t === "campaign") found.notes.push({ kind: "campaign", at, held: null });
};

// `keys`: of the log, a line each. Gives {index, size, closed, changed, notes, signed}; isShorter where the
// log of today does not reach as far as the receipt saw.
export const follow = async (log, receipt, keys, progress) => {
  const note = new TextDecoder("utf-8", { fatal: true }).decode(await get(log, "checkpoint"));
  const today = readCheckpoint(note);
  const signed = await isSignedByOne(today, keys);
  demand(signed !== false && today.origin === receipt.checkpoint.origin, "signature");
  if (today.size < receipt.checkpoint.size) return { isShorter: true, signed };
  demand(today.size <= ENTRIES_MAX, "size");
  const { index, document: mine } = receipt;
  const first = Math.floor(index / WIDTH);
  const seen = Math.ceil(receipt.checkpoint.size / WIDTH) - 1;
  const tops = await topsBefore(log, first);
  const found = { index, size: today.size, closed: null, changed: null, notes: [], holder: mine.h, signed };
  for (let number = first; number * WIDTH < today.size; number += 1) {
    const width = Math.min(WIDTH, today.size - number * WIDTH);
    const entries = frames(await get(log, tilePath("entries", number, width)), width);
    const leaves = await Promise.all(entries.map((entry) => sha256(join(Uint8Array.of(0), entry))));
    if (number === seen) {
      const last = await topOf(leaves.slice(0, receipt.checkpoint.size - number * WIDTH));
      demand(same(await topOf([...tops, last]), receipt.checkpoint.root), "what the receipt saw");
    }
    tops.push(await topOf(leaves));
    for (const [place, entry] of entries.entries()) {
      const at = number * WIDTH + place;
      if (at === index) demand(same(entry, receipt.entry), "the receipt's entry");
      if (at > index) await take(found, mine, at, JSON.parse(new TextDecoder().decode(entry)));
    }
    progress(number * WIDTH + width - first * WIDTH, today.size - first * WIDTH);
  }
  demand(same(await topOf(tops), today.root), "the signed root");
  return found;
};
