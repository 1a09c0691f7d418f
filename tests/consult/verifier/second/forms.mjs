// The forms of docs/log-entries.md, which it reads: its tables are what it checks by.
import { readFileSync } from "node:fs"
import { keyOf } from "./tree.mjs"

const DOCUMENT = new URL("../../../../docs/log-entries.md", import.meta.url)
const rows = readFileSync(DOCUMENT, "utf8").split("\n").filter(line => line.startsWith("| `"))
const cells = rows.map(row => row.split("|").slice(1, -1).map(cell => cell.trim()))
const bare = cell => cell.replaceAll("`", "")

const members = new Map()
for (const [kind, member, type, when] of cells.filter(row => row.length === 4)) {
  if (!members.has(bare(kind))) members.set(bare(kind), [])
  const words = type.startsWith('`"') ? type.match(/"[^"]*"/g).map(word => word.slice(1, -1)) : null
  members.get(bare(kind)).push({ member: bare(member), type: bare(type), words, always: when.startsWith("always") })
}

const isText = (value, least = 0) => typeof value === "string" && [...value].length <= 2000 && [...value].length >= least
const isWhole = (value, least) => Number.isSafeInteger(value) && value >= least
const isObject = value => value !== null && typeof value === "object" && !Array.isArray(value)
const isBytes = (value, count) => typeof value === "string" && /^[\w-]*$/.test(value)
  && Buffer.from(value, "base64url").length === count && Buffer.from(value, "base64url").toString("base64url") === value
const isRead = text => [...text].some(one => /[\p{L}\p{N}]/u.test(one) && !"\u115f\u1160\u3164\uffa0".includes(one))
const isWords = value => isObject(value) && Object.entries(value).every(([language, text]) => /^[a-z]{2,8}$/.test(language) && isText(text))
const isIn = (pattern, value) => typeof value === "string" && pattern.test(value)

export const isTracker = value => isBytes(value, 16)
export const isDay = value => isIn(/^\d{4}-\d\d-\d\d$/, value) && new Date(value).toJSON()?.slice(0, 10) === value
export const isMoment = value => isIn(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, value) && new Date(value).toJSON()?.slice(0, 19) === value.slice(0, 19)

const LETTERS = "!-~À-ÏÑ-ÖØ-öø-İĴ-ķĹ-ľŁ-ňŊ-žẀ-ẅỲỳ"
const ID = new RegExp(`^[${LETTERS}]+( [${LETTERS}]+)*$`)
const isClear = id => isText(id, 1) && ID.test(id)
export const listIsClear = ids => ids.every(isClear) && new Set(ids).size === ids.length

function isPromiseKey(value) {
  try { return keyOf(value).name.endsWith("/promise") && value === value.trim() } catch { return false }
}

const KINDS = {
  vkey: isPromiseKey,
  uuid: value => isIn(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, value),
  moment: isMoment,
  day: isDay,
  bytes16: value => isBytes(value, 16),
  bytes32: value => isBytes(value, 32),
  bytes96: value => isBytes(value, 96),
  desk: value => isIn(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/, value),
  hex96: value => isIn(/^[0-9a-f]{96}$/, value),
  digest: value => isIn(/^sha256:[0-9a-f]{64}$/, value),
  index: value => isWhole(value, 0),
  number: value => isWhole(value, 1),
  many: value => isWhole(value, 2),
  text: value => isText(value),
  reason: value => isText(value) && isRead(value),
  name: value => isText(value, 1),
  words: isWords,
  reasons: value => isWords(value) && Object.values(value).some(isRead),
  commitments: value => isObject(value) && Object.keys(value).length > 0 && Object.values(value).every(each => isBytes(each, 32)),
  id: isClear,
}

const isPlain = value => typeof value === "string" ? value === value.normalize("NFC") && !/[\p{Cc}--\n]/v.test(value)
  : typeof value === "number" ? Number.isSafeInteger(value)
    : !isObject(value) && !Array.isArray(value) || Object.entries(value).every(([key, each]) => /^[\x20-\x7e]*$/.test(key) && isPlain(each))

/** What is wrong with the members of an entry; an empty text where nothing is. */
export function checkMembers(entry) {
  const known = isObject(entry) && entry.v === 1 && members.get(entry.t)
  if (!known) return "an entry of a kind or version that is not known"
  if (!isPlain(entry)) return "a text or number that an entry cannot have"
  const named = new Set(["t", "v", ...known.map(each => each.member)])
  const extra = Object.keys(entry).find(name => !named.has(name))
  if (extra) return `the member ${extra} is not one of ${entry.t}`
  for (const { member, type, words, always } of known) {
    const value = entry[member]
    if (value === undefined && !always) continue
    if (!(words ? words.includes(value) : KINDS[type](value))) return `${entry.t}: ${member} is not ${words ?? type}`
  }
  return ""
}
