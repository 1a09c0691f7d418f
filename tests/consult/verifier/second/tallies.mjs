// Counts how many gave each answer, where single ballots are public (docs/tallies.md).
const KINDS = ["individual", "organisation", "group"]
const table = (ids, answers, named) => Object.fromEntries(ids.map(id => [id, answers.filter(answer => new Set(named(answer)).has(id)).length]))
const sum = numbers => numbers.reduce((total, number) => total + number, 0)
const middles = sorted => [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]

/** The table with small numbers hidden so that the others do not tell them. */
function hide(cells, least) {
  const few = Object.keys(cells).filter(id => cells[id] > 0 && cells[id] < least), hidden = []
  const n = few.length
  const isSafe = () => {
    const total = sum([...few, ...hidden].map(id => cells[id])), h = hidden.length
    return total - (least - 1) >= n - 1 + h * least && (h >= 1 || total - 1 <= (n - 1) * (least - 1))
  }
  while (n && !isSafe()) {
    const left = Object.keys(cells).filter(id => cells[id] >= least && !hidden.includes(id))
    if (!left.length) return null
    hidden.push(left.reduce((best, id) => cells[id] < cells[best] ? id : best))
  }
  return Object.fromEntries(Object.keys(cells).map(id => [id, few.includes(id) ? "few" : hidden.includes(id) ? "hidden" : cells[id]]))
}

const chosen = answer => [].concat(answer)
const ids = question => question.options.map(option => option.id)
const withOther = question => [...ids(question), ...(question.other ? ["other"] : [])]

function spell(value, decimals) {
  const digits = String(value < 0n ? -value : value).padStart(decimals + 1, "0"), cut = digits.length - decimals
  return (value < 0n ? "-" : "") + digits.slice(0, cut) + (decimals ? `.${digits.slice(cut)}` : "")
}

function shares(question, given) {
  if (!given.length) return null
  return Object.fromEntries(ids(question).map(id => {
    const got = given.map(answer => answer[id] ?? 0).sort((a, b) => a - b)
    const people = Object.fromEntries([...new Set(got)].map(amount => [String(amount), got.filter(each => each === amount).length]))
    return [id, { total: sum(got), middle: middles(got), people }]
  }))
}

function periods(given) {
  const months = given.map(answer => answer.slice(0, 7)), far = new Set(months).size > 24
  const listed = far ? given.map(answer => answer.slice(0, 4)) : months
  return table([...new Set(listed)].sort(), listed, each => [each])
}

function members(question, given) {
  const all = ids(question), some = answer => Object.keys(answer).filter(id => answer[id])
  switch (question.kind) {
    case "single": case "several": case "approval": case "basket": case "area": return { options: table(withOther(question), given, chosen) }
    case "ranking": return { options: table(all, given, answer => answer.flat()), first: table(all, given, answer => {
      const first = [...new Set([].concat(answer.find(rank => rank.length) ?? []))]
      return first.length === 1 ? first : []
    }) }
    case "points": return { options: table(all, given, some), points: Object.fromEntries(all.map(id => [id, sum(given.map(answer => answer[id] ?? 0))])) }
    case "rating": return { options: table(all, given, some), grades: Object.fromEntries(all.map(id => [id,
      table(Array.from({ length: question.scale }, (_, at) => String(at + 1)), given, answer => [String(answer[id])])])) }
    case "matrix": return { rows: Object.fromEntries(question.statements.map(row => [row.id, table(all, given, answer => [answer[row.id]])])) }
    case "date": return { periods: periods(given) }
    case "number": {
      const decimals = question.decimals ?? 0, numbers = given.map(answer => BigInt(answer.replace(".", ""))).sort((a, b) => a < b ? -1 : a > b ? 1 : 0)
      const shown = number => spell(number, decimals), some = numbers.length >= 1, many = numbers.length >= 2
      return { middle: some ? middles(numbers).map(shown) : null, low: many ? shown(numbers[0]) : null, high: many ? shown(numbers.at(-1)) : null }
    }
    case "allocation": return { amounts: shares(question, given) }
    default: return {}
  }
}

/** The document, but for `members`, which the log does not have. */
export function tally(manifest, standing, answers, least) {
  const weight = ballot => ballot.n ?? 1
  const kinds = Object.fromEntries(KINDS.map(kind => [kind, sum(standing.filter(ballot => ballot.r === kind).map(weight))]))
  const questions = manifest.questions.map(question => {
    const isWritten = ["text", "file"].includes(question.kind), counted = Object.hasOwn(manifest.terms.counting, question.id)
    const given = answers.filter(each => Object.hasOwn(each, question.id)).map(each => each[question.id])
    const wrote = sum(standing.filter(ballot => Object.keys(ballot.x ?? {}).some(id => decodeURIComponent(id) === question.id)).map(weight))
    const answered = isWritten ? wrote > 0 && wrote < least && !counted ? "few" : wrote : given.length
    return { id: question.id, kind: question.kind, counted, answered, ...members(question, given) }
  })
  return { format: "folkmoot/tallies/v1", consultation: manifest.consultation, hidden_under: least, responses: sum(standing.map(weight)), respondents: hide(kinds, least), questions }
}
