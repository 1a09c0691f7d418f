// Reads and verifies the two files of a receipt (docs/log.md), with the browser's own cryptography.
// Nothing here touches the page or the network.

export const text = new TextEncoder();
const DECIMAL = /^(0|[1-9][0-9]{0,15})$/;
export const HASH_BYTES = 32;

export class Malformed extends Error {}

export const demand = (holds, what) => {
  if (!holds) throw new Malformed(what);
};

const decode = (written) => {
  let raw;
  try {
    raw = atob(written);
  } catch {
    throw new Malformed("base64");
  }
  demand(btoa(raw) === written, "base64 with stray bits");
  return Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
};

export const decodeUrl = (written) => {
  demand(/^[A-Za-z0-9_-]*$/.test(written), "base64url");
  const padded = written + "=".repeat((4 - (written.length % 4)) % 4);
  return decode(padded.replaceAll("-", "+").replaceAll("_", "/"));
};

const number = (written) => {
  demand(DECIMAL.test(written) && Number.isSafeInteger(Number(written)), "number");
  return Number(written);
};

export const join = (...parts) => {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
};

export const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
export const nodeHash = (left, right) => sha256(join(Uint8Array.of(1), left, right));

// A C2SP tlog-proof: the entry, its place, the sibling hashes, and the signed checkpoint.
export const readProof = (file) => {
  const split = file.indexOf("\n\n");
  demand(split > 0, "no checkpoint");
  const [first, extra, place, ...hashes] = file.slice(0, split).split("\n");
  demand(first === "c2sp.org/tlog-proof@v1", "first line");
  demand(extra?.startsWith("extra ") && place?.startsWith("index "), "entry and index");
  demand(hashes.length <= 63, "too many hashes");
  const proof = hashes.map(decode);
  demand(proof.every((hash) => hash.length === HASH_BYTES), "hash length");
  const entry = decode(extra.slice(6));
  return {
    entry,
    document: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(entry)),
    index: number(place.slice(6)),
    proof,
    checkpoint: readCheckpoint(file.slice(split + 2)),
  };
};

export const readCheckpoint = (note) => {
  const split = note.lastIndexOf("\n\n");
  demand(split > 0 && note.endsWith("\n"), "no signatures");
  const body = note.slice(0, split + 1);
  const [origin, size, root, ...more] = body.split("\n");
  demand(more.length >= 1 && origin, "three lines");
  const signatures = note
    .slice(split + 2, -1)
    .split("\n")
    .map((line) => {
      const [dash, name, signature, ...rest] = line.split(" ");
      demand(dash === "\u2014" && name && signature && !rest.length, "signature line");
      return { name, bytes: decode(signature) };
    });
  const head = decode(root);
  demand(head.length === HASH_BYTES, "root length");
  return { body, origin, size: number(size), root: head, signatures };
};

// `name+key id+base64(01 || public key)`
export const readKey = async (line) => {
  const [name, id, ...rest] = line.trim().split("+");
  const material = decode(rest.join("+"));
  demand(name && material.length === 33 && material[0] === 1, "key");
  const digest = await sha256(join(text.encode(`${name}\n`), material));
  const hex = [...digest.slice(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  demand(hex === id, "key id");
  return { name, id: digest.slice(0, 4), public: material.slice(1) };
};

// True or false; null where this browser has no Ed25519.
export const isSigned = async ({ body, origin, signatures }, key) => {
  if (origin !== key.name) return false;
  const mine = signatures.find(
    ({ name, bytes }) => name === key.name && same(bytes.slice(0, 4), key.id),
  );
  if (!mine) return false;
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", key.public, { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return null;
  }
  return crypto.subtle.verify({ name: "Ed25519" }, imported, mine.bytes.slice(4), text.encode(body));
};

// The same for keys on a line each: the log's own, and those it had before.
export const isSignedByOne = async (checkpoint, lines) => {
  const keys = await Promise.all(lines.trim().split("\n").map(readKey));
  const found = await Promise.all(keys.map((key) => isSigned(checkpoint, key)));
  return found.includes(true) || (found.includes(null) ? null : false);
};

// RFC 9162, section 2.1.3.2.
export const isIncluded = async ({ entry, index, proof, checkpoint }) => {
  if (index >= checkpoint.size) return false;
  let place = index;
  let last = checkpoint.size - 1;
  let hash = await sha256(join(Uint8Array.of(0), entry));
  for (const sibling of proof) {
    if (last === 0) return false;
    if (place % 2 || place === last) {
      hash = await nodeHash(sibling, hash);
      while (place % 2 === 0 && place !== 0) {
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
      }
    } else {
      hash = await nodeHash(hash, sibling);
    }
    place = Math.floor(place / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && same(hash, checkpoint.root);
};

// Whether the private half belongs to this entry and opens what it commits to.
export const isOpened = async (file, document) => {
  const half = JSON.parse(file);
  demand(half.format === "folkmoot/opening/v1" && half.k === "B", "format");
  if (half.c !== document.c || half.b !== document.b || half.s !== document.s) return false;
  if (!(await opens(document.cm, half.salt, half.k, half.x))) return false;
  for (const [question, { salt, x }] of Object.entries(half.texts ?? {})) {
    if (!(await opens(document.x?.[question], salt, "T", x))) return false;
  }
  return true;
};

const opens = async (commitment, written, kind, value) => {
  demand(typeof commitment === "string" && typeof value === "string", "commitment and value");
  const salt = decodeUrl(written);
  demand(salt.length === 32, "salt length");
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const message = text.encode(`folkmoot/commit/v1\0${kind}\0${value}`);
  const made = new Uint8Array(await crypto.subtle.sign("HMAC", key, message));
  return same(made, decodeUrl(commitment));
};
