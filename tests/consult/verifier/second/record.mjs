// Reads the entries in their order, and what must hold between them (docs/log.md).
import { checkMembers, isMoment, listIsClear } from "./forms.mjs"
import { Missing, Wrong, digest, must, readCanonical, sha } from "./tree.mjs"

export const b64url = bytes => bytes.toString("base64url")
export const day = text => Date.parse(text.slice(0, 10)) / 1000
export const time = text => Date.parse(text) / 1000
const HOUR = 3600, DAY = 86400

export class Record {
  constructor(read, key) { Object.assign(this, { read, key, about: new Map(), notRun: [], incomplete: [], wrong: [], latest: -Infinity }) }

  file(path) {
    const found = this.read(path)
    if (found === null) throw new Missing(`${path} is not there`)
    return found
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
      case "closed": must(one.isImport || time(e.at) >= time(one.closes_at), "closed early"); one.closed = index; one.closed_at = e.at; return
      case "stopped": must(isOpen || (one.isImport && one.counts.size === 0), "stopped after it closed"); one.stopped = true; return
      case "issued": must(!one.batches.has(e.batch), "a batch twice"); one.batches.set(e.batch, e.number); return
      case "codes_voided": must(one.batches.has(e.batch), "unknown batch")
        one.batches.delete(e.batch); one.lettersMax = one.letters ?? 0; return
      case "lot": return this.lot(one, e)
      case "counted": return this.counted(one, e)
      case "key_destroyed": must(one.closed !== undefined || one.stopped, "a key destroyed before the closing"); must(!one.unlinked, "a key destroyed twice"); one.unlinked = true; return
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
    for (const each of manifest.questions)
      must(listIsClear([...new Set((each.options ?? []).map(option => option.group).filter(Boolean))]), `groups of ${each.id}`)
    must(!terms.beacon || time(terms.beacon.due_at) > time(e.at), "a draw that is not later than the opening")
    Object.assign(one, { isUnknown: false, opened: e.at, manifest, closes_at: terms.closes_at, isImport: (terms.identity ?? []).length === 0 })
    must(time(e.at) < time(one.closes_at), "opened after it was to close")
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
      must(e.a !== "imported" || e.dk === undefined, "a desk, and a file has these answers")
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
}
