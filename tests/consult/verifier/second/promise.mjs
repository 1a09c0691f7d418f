// Whether what was promised is in a log (docs/log.md, "Promises"), as far as its entries date it.
import { keyOf, must, openNote, sha } from "./tree.mjs"

const HOUR = 3600
const time = text => Date.parse(text) / 1000

/** "kept", "broken", or "not certain". `entries`: their bytes; `documents`: what they say. */
export function promised(note, entries, documents, origin) {
  const [format, named, leaf, deadline] = note.toString().split("\n"), due = Number(deadline)
  must(format === "folkmoot/promise/v1" && named === origin && /^(0|[1-9]\d{0,18})$/.test(deadline), "the promise has not its form")
  if (entries.some(entry => sha("\0", entry).toString("base64") === leaf)) return "kept"
  const dated = documents.map(one => one?.at ?? one?.d).map(when => when ? time(when) : -Infinity)
  if (Math.max(...dated) <= due + 3 * HOUR) return "not certain"
  return documents.some((one, at) => one?.t === "promise_key" && isSigned(note, one.key, due, documents, dated, at)) ? "broken" : "not certain"
}

/** Whether this key signed it, and was not replaced over three hours before the deadline. */
function isSigned(note, line, due, documents, dated, at) {
  try { openNote(note, keyOf(line)) } catch { return false }
  const next = documents.findIndex((one, place) => place > at && one?.t === "promise_key")
  const ended = next < 0 ? Infinity : dated.slice(next + 1).find(when => when > -Infinity) ?? Infinity
  return due <= ended + 3 * HOUR
}
