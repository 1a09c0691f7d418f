// Keys, checkpoints, tiles and canonical JSON (docs/log.md; RFC 6962; C2SP signed-note, tlog-tiles).
import { createHash, createPublicKey, verify } from "node:crypto"

export class Wrong extends Error {}
export class Missing extends Error {}
export const must = (holds, words) => { if (!holds) throw new Wrong(words) }
export const sha = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest()
export const digest = bytes => "sha256:" + sha(bytes).toString("hex")

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value === null || typeof value !== "object") return JSON.stringify(value)
  const byPoint = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))
  const keys = Object.keys(value).sort(byPoint)
  return `{${keys.map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`
}

export function readCanonical(bytes, what) {
  let found
  try { found = JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)) } catch { /* below */ }
  must(found !== undefined && Buffer.from(canonical(found)).equals(bytes), `${what} is not canonical`)
  return found
}

export function keyOf(line) {
  const [, name, id, text] = line.trim().match(/^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/)
  const raw = Buffer.from(text, "base64")
  const spki = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), raw.subarray(1)])
  const isKey = raw.length === 33 && raw[0] === 1 && raw.toString("base64") === text
  if (!isKey || sha(name, "\n", raw).subarray(0, 4).toString("hex") !== id) throw new Error("no key of a log")
  return { name, id, key: createPublicKey({ key: spki, format: "der", type: "spki" }) }
}

/** The lines of a note that this key signed. */
export function openNote(bytes, key) {
  const text = bytes.toString(), cut = text.indexOf("\n\n"), body = text.slice(0, cut + 1)
  must(cut > 0 && text.endsWith("\n") && Buffer.from(text).equals(bytes), "a note has not its form")
  const signed = text.slice(cut + 2, -1).split("\n").map(line => line.split(" "))
  must(signed.every(([dash, , blob, more]) => dash === "\u2014" && more === undefined
    && Buffer.from(blob, "base64").toString("base64") === blob), "the signature lines of a note")
  const blobs = signed.filter(([, name]) => name === key.name).map(([, , blob]) => Buffer.from(blob, "base64"))
  const mine = blobs.filter(blob => blob.subarray(0, 4).toString("hex") === key.id)
  must(mine.length > 0 && mine.every(blob => verify(null, Buffer.from(body), key.key, blob.subarray(4))), "the signature of a note")
  return body.split("\n")
}

export function readCheckpoint(bytes, key) {
  const [origin, size, root] = openNote(bytes, key)
  must(origin === key.name && /^(0|[1-9]\d{0,14})$/.test(size), "checkpoint: origin or size")
  must(Buffer.from(root, "base64").toString("base64") === root && Buffer.from(root, "base64").length === 32, "checkpoint: root")
  return { size: Number(size), root: Buffer.from(root, "base64") }
}

export function tilePath(level, number, width) {
  const groups = String(number).padStart(3 * Math.ceil(String(number).length / 3), "0").match(/\d{3}/g)
  const path = groups.map((group, at) => (at < groups.length - 1 ? "x" : "") + group).join("/")
  return `tile/${level}/${path}${width < 256 ? `.p/${width}` : ""}`
}

export const fold = hashes => {
  while (hashes.length > 1) {
    const next = []
    for (let at = 0; at + 1 < hashes.length; at += 2) next.push(sha("\x01", hashes[at], hashes[at + 1]))
    hashes = hashes.length % 2 ? [...next, hashes.at(-1)] : next
  }
  return hashes[0] ?? sha("")
}
