// A second verifier of the log, written from docs/log.md, docs/log-entries.md and
// docs/counting-specification.md alone, and from nothing of the first. Usage:
//   node audit.mjs FOLDER KEYFILE     audits the log in a folder, and says what it found
//   node audit.mjs --many KEYFILE     reads {"files":{path:base64}} a line, answers a line
// Ends with 0 holds, 1 proven wrong, 2 wrong use, 3 incomplete, as the first one does.
import { createHmac } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { answersFault } from "./answers.mjs"
import { budget, inputDigest, lotOrder, sums } from "./counting.mjs"
import { tally } from "./tallies.mjs"
import { checkMembers, isMoment, isTracker, listIsClear } from "./forms.mjs"
import { Missing, Wrong, canonical, digest, fold, keyOf, must, readCanonical, readCheckpoint, sha, tilePath } from "./tree.mjs"

const b64url = bytes => bytes.toString("base64url")
const day = text => Date.parse(text.slice(0, 10)) / 1000
const time = text => Date.parse(text) / 1000
const HOUR = 3600, DAY = 86400
const ADDED = /^(plurality|approval|points-sum|points-[1-9]\d{0,2}|borda(-zero|-modified)?)$/
const GREEDY = /^greedy-(skip|stop)$/

class Audit {
  constructor(read, key) { Object.assign(this, { read, key, about: new Map(), notRun: [], incomplete: [], wrong: [], latest: -Infinity }) }

  file(path) {
    const found = this.read(path)
    if (found === null) throw new Missing(`${path} is not there`)
    return found
  }

  tile(level, number, width) {  // a fuller one does as well
    const exact = this.read(tilePath(level, number, width))
    return exact === null ? this.file(tilePath(level, number, 256)) : exact
  }

  entries(size) {
    const found = []
    for (let number = 0; found.length < size; number++) {
      const width = Math.min(256, size - 256 * number), bytes = this.tile("entries", number, width)
      const isPart = this.read(tilePath("entries", number, width)) !== null
      let at = 0
      for (let n = 0; n < width; n++) {
        must(at + 2 <= bytes.length, "an entry bundle is cut off")
        const end = at + 2 + bytes.readUInt16BE(at)
        must(end <= bytes.length, "an entry bundle is cut off")
        found.push(bytes.subarray(at + 2, end))
        at = end
      }
      must(at === bytes.length || !isPart, "an entry bundle has more than its entries")
    }
    return found
  }

  checkTree(entries, head) {
    let level = entries.map(entry => sha("\0", entry)), height = 0
    must(fold(level).equals(head.root), "the entries do not lead to the signed root")
    for (; level.length; height++) {
      const above = []
      for (let at = 0; at < level.length; at += 256) {
        const part = level.slice(at, at + 256), tile = this.tile(height, at / 256, part.length)
        must(tile.subarray(0, 32 * part.length).equals(Buffer.concat(part)) && tile.length % 32 === 0
          && (tile.length === 32 * part.length || this.read(tilePath(height, at / 256, part.length)) === null), `tile ${height}/${at / 256}`)
        if (part.length === 256) above.push(fold(part))
      }
      level = above
    }
  }

  run() {
    const head = readCheckpoint(this.file("checkpoint"), this.key)
    const entries = this.entries(head.size)
    this.checkTree(entries, head)
    this.documents = entries.map((bytes, index) => this.step(`entry ${index}`, () => this.entry(bytes, index)))
    for (const one of this.about.values()) if (one.opened) this.step(one.c, () => this.pack(one))
  }

  step(where, act) {
    try { return act() } catch (error) {
      if (error instanceof Missing) this.incomplete.push(`${where}: ${error.message}`)
      else if (error instanceof Wrong) this.wrong.push(`${where}: ${error.message}`)
      else this.wrong.push(`${where}: cannot be read (${error.message})`)
      return null
    }
  }

  entry(bytes, index) {
    const entry = readCanonical(bytes, "the entry")
    const fault = checkMembers(entry)
    must(!fault, fault)
    must((index === 0) === (entry.t === "log.open"), "log.open is entry 0 and no other")
    must(index > 0 || entry.origin === this.key.name, "the origin is another")
    must(entry.t !== "promise_key" || entry.key.startsWith(`${this.key.name}/promise+`), "a key for the promises of another")
    this.checkTime(entry)
    if (entry.c === undefined) return entry
    if (!this.about.has(entry.c)) this.about.set(entry.c, { c: entry.c, people: new Map(), cms: new Set(), batches: new Map(), counts: new Map(), rows: new Map(), days: [], lots: [] })
    this.act(this.about.get(entry.c), entry, index)
    return entry
  }

  checkTime(entry) {  // three hours back at most; four, of what has a day and waited for its group
    const at = entry.at ?? entry.d
    if (at === undefined) return
    const first = entry.at ? time(at) : day(at), last = entry.at ? first + 3 * HOUR : first + DAY - 1 + 4 * HOUR
    must(last >= this.latest, "dated long before what stands before it")
    this.latest = Math.max(this.latest, first)
  }

  act(one, e, index) {
    if (one.isUnknown) return
    const isOpen = one.opened && one.closed === undefined && !one.stopped
    must(!one.stopped || ["erased", "key_destroyed"].includes(e.t), `${e.t} after it was stopped`)
    must(one.opened || ["opened", "issued", "codes_voided"].includes(e.t), `${e.t} before it opened`)
    if (["opened", "issued"].includes(e.t)) must(one.closed === undefined, `${e.t} after it closed`)
    if (["extended", "paused", "resumed", "closed"].includes(e.t)) must(isOpen, `${e.t} while it is not open`)
    if (e.b !== undefined) this.person(one, e, index, isOpen)
    switch (e.t) {
      case "opened": must(!one.opened, "opened twice"); return this.opens(one, e)
      case "extended":
        must(time(e.at) < time(one.closes_at), "extended after the time was up")
        must(time(e.closes_at) > time(one.closes_at), "extended, and not to later")
        one.closes_at = e.closes_at; return
      case "paused": must(!one.paused, "paused twice"); one.paused = true; return
      case "resumed": must(one.paused, "resumed, and was not paused"); one.paused = false; return
      case "closed": must(one.isImport || time(e.at) >= time(one.closes_at), "closed early"); one.closed = index; return
      case "stopped": must(isOpen || (one.isImport && one.counts.size === 0), "stopped after it closed"); one.stopped = true; return
      case "issued": must(!one.batches.has(e.batch), "a batch twice"); one.batches.set(e.batch, e.number); return
      case "codes_voided": must(one.batches.has(e.batch), "unknown batch")
        one.batches.delete(e.batch); one.lettersMax = one.letters ?? 0; return
      case "lot": return this.lot(one, e)
      case "counted": return this.counted(one, e)
      case "key_destroyed": must(!one.unlinked, "a key destroyed twice"); one.unlinked = true; return
      case "published": must(one.counts.get(e.q)?.result_digest === e.result_digest, "published, and not the last count")
        must(!one.counts.get(e.q).published, "published twice"); one.counts.get(e.q).published = true; return
      case "superseded": must(one.counts.get(e.q)?.result_digest === e.result_digest, "superseded, and not the last count")
        one.counts.delete(e.q); return
      case "tallies": must(one.closed === e.cutoff && !one.tallies, "tallies: cut-off, or twice"); one.wasCounted = true; one.tallies = e.tallies; return
      case "follow_up":
        must(one.tallies || [...one.counts.values()].some(count => count.published), "followed up before a result")
        must(e.s === (one.rows.get(e.f) ?? 0) + 1, "versions of a follow-up"); one.rows.set(e.f, e.s)
    }
  }

  opens(one, e) {
    one.isUnknown = true  // until its manifest was read
    const bytes = this.file(`c/${one.c}/manifest.json`)
    must(digest(bytes) === e.manifest, "the manifest is another")
    const manifest = readCanonical(bytes, "the manifest"), terms = manifest.terms
    must(manifest.format === "folkmoot/manifest/v1" && manifest.consultation === one.c, "the manifest is of another")
    must(isMoment(terms.closes_at) && ["public", "trackers", "auditor"].includes(manifest.openings), "the manifest's terms")
    must(listIsClear(manifest.questions.map(each => each.id)), "ids of questions")
    for (const each of manifest.questions)
      for (const list of [each.options ?? [], each.statements ?? []])
        must(listIsClear(list.map(option => option.id)), `ids of ${each.id}`)
    must(!terms.beacon || time(terms.beacon.due_at) > time(e.at), "a draw that is not later than the opening")
    Object.assign(one, { isUnknown: false, opened: e.at, manifest, closes_at: terms.closes_at, isImport: (terms.identity ?? []).length === 0 })
    must(one.isImport || time(e.at) < time(one.closes_at), "opened after it was to close")
  }

  person(one, e, index, isOpen) {
    const who = one.people.get(e.b) ?? { s: 0, ballot: null, state: "none" }
    if (["ballot", "withdrawn"].includes(e.t)) must(isOpen && !one.paused, `${e.t} while it is not open`)
    if (e.s !== undefined) { must(e.s === who.s + 1, "versions of a response have a gap or return"); who.s = e.s }
    if (e.t === "ballot") {
      must(!one.cms.has(e.cm), "one commitment twice"); one.cms.add(e.cm)
      must(one.isImport ? e.a === "imported" : one.manifest.terms.identity.includes(e.a), "a level that the terms do not name")
      must(e.n === undefined || e.a === "imported", "several responses on one entry, and no import")
      for (const [q, made] of Object.entries(e.x ?? {})) {
        must(one.manifest.questions.some(each => encodeURIComponent(each.id) === encodeURIComponent(decodeURIComponent(q)) && ["text", "file", "single", "several", "area"].includes(each.kind)), "words for a question that takes none")
        must(!one.cms.has(made), "one commitment to words twice"); one.cms.add(made)
      }
      must((e.h !== undefined) === (e.dk === undefined && e.a !== "imported"), "h")
      if (e.a === "letter" && !who.letter) {
        who.letter = true; one.letters = (one.letters ?? 0) + 1
        const codes = [...one.batches.values()].reduce((sum, number) => sum + number, 0)
        must(one.letters <= codes + (one.lettersMax ?? 0), "more answers than codes")
      }
    } else must(who.ballot, `${e.t} of nobody's answers`)
    if (["withdrawn", "voided"].includes(e.t) && one.closed === undefined) must(who.state === "stands", `${e.t}, and nothing stood`)
    if (e.t === "campaign" && one.closed === undefined) who.campaign = true
    if (e.t === "campaign") must(one.counts.size === 0 && !one.wasCounted, "a campaign is marked after the count")
    if (e.t === "ballot" && !who.ballot) must(e.hs === undefined && e.by === undefined, "first answers replace nothing")
    else if (["ballot", "withdrawn", "erased"].includes(e.t)) this.vouched(who, e)
    if (e.d && ["ballot", "withdrawn"].includes(e.t) && one.closed === undefined) one.days.push([e.d, index])
    if (e.t === "ballot") Object.assign(who, { ballot: { ...e, index }, state: "stands" })
    if (one.closed === undefined && ["withdrawn", "voided"].includes(e.t)) who.state = e.t
    if (e.t === "erased") who.erased = true
    one.people.set(e.b, who)
  }

  vouched(who, e) {
    must((e.hs === undefined) !== (e.by === undefined), "either hs or by")
    must(e.t !== "ballot" || (e.by === "desk") === (e.dk !== undefined), "a desk's change and what vouches for it differ")
    if (e.hs === undefined) return
    const raw = Buffer.from(e.hs, "base64url"), kind = ["ballot", "withdrawn", "erased"].indexOf(e.t)
    const parts = [0, 1, 2].map(at => raw.subarray(32 * at, 32 * at + 32)).map((part, at) => at === kind ? sha(part) : part)
    must(b64url(sha("folkmoot/holder/v1\0", ...parts)) === who.ballot.h, "not the secret of the holder")
  }

  lot(one, e) {
    const beacon = one.manifest.terms.beacon, before = one.lots.at(-1)
    must(beacon && !one.wasCounted, "a lot that is not promised, or after the count")
    must(time(e.at) >= time(beacon.due_at), "drawn before it was due")
    must(!before || (e.reason && !before.signature && one.lots.length < 2), "drawn again")
    if (e.signature) must(sha(Buffer.from(e.signature, "hex")).toString("hex") === e.value, "the value of the round")
    if (!e.signature) must(/^(0|[1-9]\d*)( (0|[1-9]\d*)){4,19}$/.test(e.value), "no numbers of a draw")
    if (beacon.kind === "drand" && !e.signature) must(e.reason, "another draw than promised, and no reason")
    if (e.signature) this.notRun.push(`${one.c}: the signature of a round of drand`)
    one.lots.push(e)
  }

  counted(one, e) {
    const terms = one.manifest.terms.counting?.[e.q]
    must(one.closed !== undefined && e.cutoff === one.closed, "counted up to another place than the closing")
    must(terms && terms.rule === e.rule && e.rule_version === "1", "counted by another rule than the terms'")
    must(!one.counts.has(e.q), "counted twice")
    must(!one.manifest.terms.beacon || one.lots.length, "counted before the draw was entered")
    one.wasCounted = true
    one.counts.set(e.q, { ...e })
  }

  pack(one) {
    const path = name => `c/${one.c}/${name}`, isPublic = one.manifest.openings === "public"
    const isListed = one.manifest.openings === "trackers"
    for (const [when, index] of one.days)
      must(one.isImport || (day(when) >= day(one.opened) && day(when) <= day(one.closes_at)), `entry ${index}: a day outside of the time promised`)
    if (one.closed === undefined || one.stopped)
      for (const name of ["openings.ndjson", "ballots.ndjson", "ballots.pb", "result.json", "tallies.json"])
        must(this.read(path(name)) === null, `${name} is served and it did not close`)
    if (one.stopped || one.closed === undefined) return
    must(isPublic || this.read(path("openings.ndjson")) === null, "openings are served against the terms")
    must(isListed || this.read(path("ballots.ndjson")) === null, "a list is served against the terms")
    const result = this.read(path("result.json")), tallies = this.read(path("tallies.json"))
    must(tallies === null || digest(tallies) === one.tallies, "tallies that the log does not have")
    if (tallies === null && one.tallies) throw new Missing("tallies.json is not there")
    const answers = isPublic ? this.openings(one, path("openings.ndjson")) : isListed ? this.list(one, path("ballots.ndjson")) : null
    if (!answers) this.notRun.push(`${one.c}: single ballots are the auditor's`)
    if (isListed) this.notRun.push(`${one.c}: that each line was sealed, which an auditor or its holder sees`)
    this.results(one, result, answers)
    if (tallies && answers) this.tallies(one, readCanonical(tallies, "tallies.json"), answers)
  }

  list(one, path) {
    const bytes = this.file(path), found = [], marks = { campaign: 0, voided: 0 }
    const people = [...one.people.values()].filter(who => who.ballot), lines = bytes.toString().split("\n")
    must(lines.pop() === "" && Buffer.from(bytes.toString()).equals(bytes), "the list: its last line")
    let before = ""
    for (const text of lines) {
      const line = readCanonical(Buffer.from(text), "a line of the list")
      must(["t,x", "m,t,x"].includes(Object.keys(line).sort().join()) && typeof line.x === "string", "a line of the list has other members")
      must(isTracker(line.t) && line.t > before, "a tracker, or its order")
      before = line.t
      const answers = readCanonical(Buffer.from(line.x), "answers"), fault = answersFault(one.manifest, answers)
      must(!fault, `a line of the list: ${fault}`)
      if (line.m !== undefined) { must(Object.hasOwn(marks, line.m), "a mark"); marks[line.m]++ }
      if (line.m !== "voided") found.push(answers)
    }
    const standing = people.filter(who => who.state === "stands"), erased = standing.filter(who => who.erased).length
    must(found.length <= standing.length && found.length >= standing.length - erased, `${found.length} answers are listed, and ${standing.length} count`)
    const said = { campaign: standing.filter(who => who.campaign), voided: people.filter(who => who.state === "voided") }
    for (const [mark, number] of Object.entries(marks)) {
      const least = said[mark].filter(who => !who.erased).length, rest = (mark === "campaign" ? found.length : lines.length) - number
      must(number === 0 || (number <= said[mark].length && number >= least && number >= 5 && rest >= 5), `${number} lines are marked ${mark}`)
    }
    if (found.length < standing.length) throw new Missing("answers of erased people are not listed")
    return found
  }

  openings(one, path) {
    const bytes = this.file(path), found = []
    const due = new Map([...one.people.values()].filter(who => who.ballot && who.state !== "withdrawn").map(who => [who.ballot.index, who]))
    must(bytes.length === 0 || bytes.at(-1) === 10, "openings: the last line")
    let before = -1
    for (let at = 0; at < bytes.length;) {
      const end = bytes.indexOf(10, at), line = readCanonical(bytes.subarray(at, end), "an opening")
      at = end + 1
      must(Object.keys(line).sort().join() === "i,k,s,x" && line.k === "B" && Number.isSafeInteger(line.i) && typeof line.x === "string", "an opening's members")
      must(line.i > before && due.has(line.i), `opening ${line.i} is out of order or of nothing that is opened`)
      before = line.i
      const who = due.get(line.i), salt = Buffer.from(line.s, "base64url")
      must(salt.length === 32 && b64url(salt) === line.s, "a salt")
      must(b64url(createHmac("sha256", salt).update(`folkmoot/commit/v1\0B\0${line.x}`).digest()) === who.ballot.cm, `opening ${line.i} does not open its commitment`)
      const answers = readCanonical(Buffer.from(line.x), "answers")
      const fault = answersFault(one.manifest, answers)
      must(!fault, `opening ${line.i}: ${fault}`)
      if (who.state === "stands") for (let n = 0; n < (who.ballot.n ?? 1); n++) found.push(answers)
      due.delete(line.i)
    }
    for (const [index, who] of due) {
      must(who.erased, `the answers of entry ${index} are not opened`)
      throw new Missing(`the answers of entry ${index} were erased`)
    }
    return found
  }

  results(one, bytes, answers) {
    const published = [...one.counts].filter(([, count]) => count.published)
    if (bytes === null) {
      if (published.length) throw new Missing("a result was published, and result.json is not there")
      this.notRun.push(`${one.c}: no result was published`)
      return
    }
    const result = readCanonical(bytes, "result.json")
    must(Object.keys(result).sort().join() === "consultation,format,results", "result.json has other members")
    must(result.format === "folkmoot/result/v1" && result.consultation === one.c, "result.json is of another")
    must(published.length > 0 && Object.keys(result.results).sort().join("\n") === published.map(([q]) => q).sort().join("\n"), "results are served that are not published, or the reverse")
    for (const [q, count] of published) {
      const { outcome, ...told } = result.results[q]
      for (const name of ["rule", "rule_version", "cutoff", "ballots", "input_digest", "result_digest"]) must(told[name] === count[name], `${q}: ${name} is not what was counted`)
      must(Object.keys(told).length === 6 && digest(canonical(outcome)) === count.result_digest, `${q}: the outcome is another`)
      if (answers) this.recount(one, q, count, outcome, answers)
    }
  }

  tallies(one, told, answers) {
    const standing = [...one.people.values()].filter(who => who.state === "stands").map(who => who.ballot)
    const mine = tally(one.manifest, standing, answers, told.hidden_under)
    must(canonical({ ...mine, members: told.members }) === canonical(told), "the tallies do not follow from the answers")
  }

  recount(one, q, count, outcome, answers) {
    const question = one.manifest.questions.find(each => each.id === q), terms = one.manifest.terms.counting[q]
    const given = answers.filter(each => Object.hasOwn(each, q)).map(each => each[q]), drawn = one.lots.at(-1)
    must(given.length === count.ballots && inputDigest(question, given) === count.input_digest, `${q}: other ballots were counted than stand`)
    const ids = question.options.map(option => option.id)
    const lot = drawn ? lotOrder(`folkmoot/lot/v1 ${one.c} ${drawn.value} `, ids) : terms.lot
    const isGreedy = GREEDY.test(terms.rule) && ["basket", "approval", "points"].includes(question.kind)
    if (!ADDED.test(terms.rule) && !isGreedy) { this.incomplete.push(`${one.c} ${q}: NOT RUN, the rule ${terms.rule} is not known here`); return }
    const mine = (isGreedy ? budget : sums)(question, terms, lot, given)
    must(canonical(mine) === canonical(outcome), `${q}: counted again, the result is another`)
  }
}

function audited(read, key) {
  const audit = new Audit(read, key)
  audit.step("the log", () => audit.run())
  return { exit: audit.wrong.length ? 1 : audit.incomplete.length ? 3 : 0, wrong: audit.wrong, incomplete: audit.incomplete, not_run: audit.notRun }
}

const [place, keyFile] = process.argv.slice(2)
if (!keyFile || !existsSync(keyFile)) {
  console.error("node audit.mjs FOLDER KEYFILE")
  process.exit(2)
}
const key = keyOf(readFileSync(keyFile, "utf8"))
if (place === "--many") {
  for await (const line of createInterface({ input: process.stdin })) {
    const { files } = JSON.parse(line)
    console.log(JSON.stringify(audited(path => Object.hasOwn(files, path) ? Buffer.from(files[path], "base64") : null, key)))
  }
} else {
  const found = audited(path => existsSync(join(place, path)) ? readFileSync(join(place, path)) : null, key)
  for (const [state, lines] of [["WRONG", found.wrong], ["INCOMPLETE", found.incomplete], ["NOT RUN", found.not_run]]) for (const line of lines) console.log(`${state} ${line}`)
  if (found.exit === 0) console.log("HOLDS what was checked")
  process.exitCode = found.exit
}
