// A second verifier of the log, written from docs/log.md, docs/log-entries.md and
// docs/counting-specification.md alone, and from nothing of the first. Usage:
//   node audit.mjs FOLDER KEYFILE     audits the log in a folder, and says what it found
//   node audit.mjs --many KEYFILE     reads {"files":{path:base64},"promise":base64} a line, answers a line
// Ends with 0 holds, 1 proven wrong, 2 wrong use, 3 incomplete, as the first one does.
import { createHmac } from "node:crypto"
import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { answersFault } from "./answers.mjs"
import { budget, inputDigest, lotOrder, sums } from "./counting.mjs"
import { tally } from "./tallies.mjs"
import { isTracker } from "./forms.mjs"
import { Record, b64url, day, time } from "./record.mjs"
import { promised } from "./promise.mjs"
import { Missing, canonical, digest, fold, keyOf, must, readCanonical, readCheckpoint, sha, tilePath } from "./tree.mjs"

const ADDED = /^(plurality|approval|points-sum|points-[1-9]\d{0,2}|borda(-zero|-modified)?)$/
const GREEDY = /^greedy-(skip|stop)$/

class Audit extends Record {
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
    this.contents = entries
    this.documents = entries.map((bytes, index) => this.step(`entry ${index}`, () => this.entry(bytes, index)))
    for (const one of this.about.values()) if (one.opened) this.step(one.c, () => this.pack(one))
  }

  pack(one) {
    const path = name => `c/${one.c}/${name}`, isPublic = one.manifest.openings === "public"
    const isListed = one.manifest.openings === "trackers"
    for (const [when, index] of one.days)
      must(one.isImport || (day(when) >= day(one.opened) && day(when) <= day(one.closes_at)), `entry ${index}: a day outside of the time promised`)
    const lateDays = ((one.closed_at ? time(one.closed_at) : this.latest) - time(one.closes_at)) / 86400
    if (!one.isImport && (one.closed === undefined ? !one.stopped && lateDays > 1 : lateDays > 7))
      this.incomplete.push(`${one.c}: its time was up on ${one.closes_at}, and the closing is missing or over a week late`)
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

function audited(read, key, note) {
  const audit = new Audit(read, key)
  audit.step("the log", () => audit.run())
  const promise = note && audit.step("the promise", () => promised(note, audit.contents, audit.documents, key.name))
  return { promise, exit: audit.wrong.length ? 1 : audit.incomplete.length ? 3 : 0, wrong: audit.wrong, incomplete: audit.incomplete, not_run: audit.notRun }
}

const [place, keyFile] = process.argv.slice(2)
if (!keyFile || !existsSync(keyFile)) {
  console.error("node audit.mjs FOLDER KEYFILE")
  process.exit(2)
}
const key = keyOf(readFileSync(keyFile, "utf8"))
if (place === "--many") {
  for await (const line of createInterface({ input: process.stdin })) {
    const { files, promise } = JSON.parse(line)
    console.log(JSON.stringify(audited(path => Object.hasOwn(files, path) ? Buffer.from(files[path], "base64") : null, key, promise && Buffer.from(promise, "base64"))))
  }
} else {
  const found = audited(path => existsSync(join(place, path)) ? readFileSync(join(place, path)) : null, key)
  for (const [state, lines] of [["WRONG", found.wrong], ["INCOMPLETE", found.incomplete], ["NOT RUN", found.not_run]]) for (const line of lines) console.log(`${state} ${line}`)
  if (found.exit === 0) console.log("HOLDS what was checked")
  process.exitCode = found.exit
}
