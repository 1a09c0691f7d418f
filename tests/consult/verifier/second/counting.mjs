// Counts again, as docs/counting-specification.md says: rules that add up what each ballot gives,
// and one that spends a pot. Exact numbers are pairs of whole ones, [number, denominator].
import { createHash } from "node:crypto"
import { canonical } from "./tree.mjs"

const gcd = (a, b) => b ? gcd(b, a % b) : a < 0n ? -a : a
const plus = ([a, b], [c, d]) => { const x = a * d + c * b, y = b * d, g = gcd(x, y) || 1n; return [x / g, y / g] }
const compare = ([a, b], [c, d]) => a * d < c * b ? -1 : a * d > c * b ? 1 : 0
const whole = number => [BigInt(number), 1n]
const exact = ([a, b]) => b === 1n ? `${a}` : `${a}/${b}`
const minus = (a, [c, d]) => plus(a, [-c, d])
const above = ([a, b]) => { const floor = a / b - (a < 0n && a % b ? 1n : 0n); return Number(floor) + 1 }
const byId = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))
const sha = text => createHash("sha256").update(text).digest()
const digest = value => `sha256:${sha(canonical(value)).toString("hex")}`
const places = answer => answer.map(place => [...new Set([].concat(place))].sort(byId)).filter(place => place.length)
export const lotOrder = (seed, ids) => [...ids].sort((a, b) => Buffer.compare(sha(seed + a), sha(seed + b)))

export function inputDigest(question, answers) {
  const normal = answer => question.kind === "ranking" ? places(answer).map(place => place.length === 1 ? place[0] : place)
    : Array.isArray(answer) ? [...new Set(answer)].sort(byId) : answer
  const groups = new Map()
  for (const answer of answers) {
    const text = canonical(normal(answer))
    groups.set(text, (groups.get(text) ?? 0) + 1)
  }
  const options = question.options.map(({ cost, group, id }) => ({ cost, group, id })).sort((a, b) => byId(a.id, b.id))
  const listed = [...groups].sort(([a], [b]) => byId(a, b)).map(([text, number]) => [JSON.parse(text), number])
  return digest({ groups: listed, kind: question.kind, options, pot: question.pot ?? null })
}

/** What each ballot gives to each option, by id; null for a rule that is not known here. */
function given(rule, question, answer) {
  const ids = new Set(question.options.map(option => option.id)), found = new Map()
  const named = question.kind === "single" ? [answer] : answer
  if (rule === "points-sum" || question.kind === "points" || question.kind === "rating") {
    for (const [id, number] of Object.entries(answer)) if (ids.has(id) && number > 0) found.set(id, whole(number))
    return found
  }
  if (rule === "approval" || question.kind === "basket" || question.kind === "approval" || question.kind === "several") {
    for (const id of [].concat(named)) if (ids.has(id)) found.set(id, whole(1))
    return found
  }
  const seen = new Set(), ranks = []
  for (const place of places(named)) {
    const fresh = place.filter(id => ids.has(id) && !seen.has(id))
    fresh.forEach(id => seen.add(id))
    if (fresh.length) ranks.push(fresh)
  }
  if (rule === "plurality") return ranks[0]?.length === 1 ? found.set(ranks[0][0], whole(1)) : found
  const m = ids.size, n = /^points-/.test(rule) ? Number(rule.slice(7)) : 0
  const worth = at => rule === "borda" || rule === "borda-zero" ? m - at : rule === "borda-modified" ? seen.size - at + 1 : Math.max(0, n - at + 1)
  let at = 1
  for (const rank of ranks) {
    const sum = rank.reduce((total, _, k) => total + worth(at + k), 0)
    for (const id of rank) found.set(id, plus([BigInt(sum), BigInt(rank.length)], whole(0)))
    at += rank.length
  }
  if (rule === "borda" && seen.size)
    for (const id of ids) if (!seen.has(id)) found.set(id, plus([BigInt(m - seen.size - 1), 2n], whole(0)))
  return found
}

class Count {
  constructor(question, terms, lot, answers) {
    Object.assign(this, { question, terms, lot, ties: [], ids: question.options.map(option => option.id).sort(byId) })
    this.ballots = answers.map(answer => given(terms.rule, question, answer))
    this.scores = new Map(this.ids.map(id => [id, whole(0)]))
    for (const ballot of this.ballots) for (const [id, number] of ballot) this.scores.set(id, plus(this.scores.get(id), number))
    this.answers = answers
    this.costs = new Map(question.options.map(option => [option.id, option.cost]))
  }

  named(answer) { return new Set(this.question.kind === "single" ? [answer] : Array.isArray(answer) ? answer.flat() : Object.keys(answer).filter(id => answer[id])) }

  figure(by, id) {  // null where the criterion does not exist; a smaller figure comes first
    const costs = [...this.costs.values()].filter(cost => cost !== null)
    if (by === "votes") return whole(this.answers.filter(answer => this.named(answer).has(id)).length)
    if (by === "score") return this.scores.get(id)
    if (by === "cost") return costs.length ? whole(this.costs.get(id) ?? Math.max(...costs) + 1) : null
    if (by === "lot") return this.lot.length ? whole((this.lot.indexOf(id) + 1) || this.lot.length + 1) : null
    if (by === "first-choices" && ["ranking", "single"].includes(this.question.kind))
      return whole(this.answers.filter(answer => { const first = places([].concat(answer))[0]; return first?.length === 1 && first[0] === id }).length)
    return null
  }

  split(set, at, chain, sequence) {
    if (set.length < 2) return [set]
    const steps = [], items = [...set].sort(byId)
    for (const [place, by] of chain.entries()) {
      const figures = new Map(items.map(id => [id, this.figure(by, id)]))
      if (figures.get(items[0]) === null) continue
      steps.push({ by, values: Object.fromEntries([...figures].map(([id, figure]) => [id, exact(figure)])) })
      const order = levels(items, figures, ["cost", "lot"].includes(by) ? 1 : -1)
      if (order.length === 1) continue
      this.ties.push({ at, decided_by: by, items, order: order.flat(), steps })
      return order.flatMap(level => this.split(level, at, chain.slice(place + 1), sequence))
    }
    const order = sequence ? lotOrder("", items) : items
    this.ties.push({ at, decided_by: sequence ? "last-resort" : "nothing", items, order, steps })
    return sequence ? order.map(id => [id]) : [items]
  }

  outcome(members, parameters, chain) {
    const { rule, seats } = this.terms
    return { rule, rule_version: "1", specification: { lot: this.lot, parameters, rule, seats, tie_chain: chain, version: "1" },
      ballots: this.answers.length, order: [], elected: [], funded: [], spent: null, left: null,
      scores: Object.fromEntries([...this.scores].map(([id, score]) => [id, exact(score)])), rounds: [], ties: this.ties, reasons: {}, tables: {}, ...members }
  }
}

function levels(ids, figures, direction) {
  const sorted = [...ids].sort((a, b) => direction * compare(figures.get(a), figures.get(b)) || byId(a, b)), found = []
  for (const id of sorted) {
    if (found.length && compare(figures.get(found.at(-1)[0]), figures.get(id)) === 0) found.at(-1).push(id)
    else found.push([id])
  }
  return found
}

export function sums(question, terms, lot, answers) {
  const count = new Count(question, terms, lot, answers), order = []
  const isNamed = answers.some(answer => [...count.named(answer)].some(id => count.ids.includes(id)))
  if (!isNamed) return count.outcome({ order: count.ids.length ? [count.ids] : [], scores: {}, reasons: Object.fromEntries(count.ids.map(id => [id, { code: "no_votes" }])) }, {}, terms.tie_chain)
  for (const level of levels(count.ids, count.scores, -1))
    order.push(...count.split(level, { place: order.flat().length + 1 }, terms.tie_chain, false))
  const elected = []
  for (const place of order) { if (elected.length + place.length > terms.seats) break; elected.push(...place) }
  let reached = 0
  const edge = order.find(place => (reached += place.length) >= terms.seats) ?? order.at(-1)
  const line = count.scores.get(edge[0]), code = ["plurality", "approval"].includes(terms.rule) ? "fewer_votes" : "fewer_points"
  const reasons = {}
  for (const id of count.ids.filter(id => !elected.includes(id))) {
    const score = count.scores.get(id)
    reasons[id] = compare(score, line) === 0 ? { code: edge.includes(id) ? "tie_undecided" : "tie_lost" }
      : { code, line: exact(line), needed: above(minus(line, score)), score: exact(score) }
  }
  return count.outcome({ order, elected, reasons }, {}, terms.tie_chain)
}

/** `greedy-skip` and `greedy-stop` over baskets, approvals and points. */
export function budget(question, terms, lot, answers) {
  const count = new Count(question, terms, lot, answers), chain = terms.tie_chain.length ? terms.tie_chain : ["cost", "votes", "lot"]
  const threshold = Number(terms.parameters.threshold ?? 0), pot = question.pot, reasons = {}, rounds = []
  const groups = new Map(question.options.map(option => [option.id, option.group]))
  const eligible = count.ids.filter(id => compare(count.scores.get(id), whole(Math.max(1, threshold))) >= 0)
  for (const id of count.ids.filter(id => !eligible.includes(id))) {
    const score = Number(count.scores.get(id)[0])
    reasons[id] = score === 0 ? { code: "no-support" } : { code: "below-threshold", score, short: threshold - score, threshold }
  }
  const queue = levels(eligible, count.scores, -1).flatMap(level => count.split(level, { merit: exact(count.scores.get(level[0])) }, chain, true)).flat()
  const turns = (order, tell) => {
    let left = pot, stopped = null
    const funded = []
    for (const id of order) {
      const cost = count.costs.get(id), taken = funded.find(other => groups.get(id) !== null && groups.get(other) === groups.get(id))
      const reason = stopped ? { at: stopped, code: "stopped" } : taken ? { by: taken, code: "group-taken", group: groups.get(id) }
        : cost > left ? { code: "does-not-fit", cost, left, over: cost - left } : null
      if (reason?.code === "does-not-fit" && terms.rule === "greedy-stop") stopped = id
      if (!reason) { funded.push(id); left -= cost }
      tell?.(id, cost, reason, left)
    }
    return { funded, left }
  }
  const { funded, left } = turns(queue, (id, cost, reason, after) => {
    if (reason) reasons[id] = reason
    rounds.push({ cost, decision: reason?.code ?? "funded", left: after, option: id, round: rounds.length + 1, score: Number(count.scores.get(id)[0]), spent: pot - after })
  })
  const same = list => [...list].sort(byId).join("\n")
  for (const tie of count.ties) tie.changes_result = tie.order.slice(1).some(id => {
    const rest = queue.filter(other => other !== id), at = Math.min(...tie.items.map(other => queue.indexOf(other)))
    return same(turns([...rest.slice(0, at), id, ...rest.slice(at)]).funded) !== same(funded)
  })
  const supporters = id => count.ballots.filter(ballot => ballot.has(id)).length
  const perVote = (cost, votes) => votes ? exact(plus([BigInt(cost), BigInt(votes)], whole(0))) : null
  const options = Object.fromEntries(count.ids.map(id => [id, { cost: count.costs.get(id), cost_per_vote: perVote(count.costs.get(id), supporters(id)), score: Number(count.scores.get(id)[0]), votes: supporters(id) }]))
  const content = count.ballots.filter(ballot => funded.some(id => ballot.has(id))).length
  const parameters = { threshold, ...(terms.parameters.first_choice === undefined ? {} : { first_choice: Number(terms.parameters.first_choice) }) }
  return count.outcome({ funded, spent: pot - left, left, rounds, reasons, tables: { options, ballots_with_a_funded_choice: content } }, parameters, chain)
}
