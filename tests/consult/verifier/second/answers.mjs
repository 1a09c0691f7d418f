// Whether answers are ones that the manifest allows (docs/log-entries.md, "Answers").
import { isDay } from "./forms.mjs"

const isWhole = value => Number.isSafeInteger(value) && value >= 0
const within = (limit, number) => limit === null || limit === undefined || number <= limit
const isDistinct = list => new Set(list).size === list.length
const isObject = value => value !== null && typeof value === "object" && !Array.isArray(value)

/** What is wrong with the answers of one ballot; an empty text where nothing is. */
export function answersFault(manifest, answers) {
  if (!isObject(answers)) return "answers are an object"
  const asked = new Map()
  for (const question of manifest.questions) {
    const when = question.asked_when, before = when && [].concat(asked.get(when.question) ?? [])
    const isAsked = !when || when.options.some(option => before.includes(option))
    if (!Object.hasOwn(answers, question.id)) continue
    if (!isAsked) return `${question.id} was not asked`
    if (!fits(question, answers[question.id], manifest.terms)) return `${question.id} has an answer that nobody could give`
    asked.set(question.id, answers[question.id])
  }
  const unknown = Object.keys(answers).find(id => !asked.has(id))
  return unknown === undefined ? "" : `${unknown} is no question`
}

function fits(question, answer, terms) {
  const options = question.options ?? [], ids = new Set(options.map(option => option.id))
  const isOne = id => typeof id === "string" && (ids.has(id) || (id === "other" && question.other === true))
  const isList = list => Array.isArray(list) && list.every(isOne) && isDistinct(list) && within(question.picks_max, list.length)
  const amounts = isObject(answer) ? Object.values(answer) : []
  const isAmounts = isObject(answer) && Object.keys(answer).every(id => ids.has(id)) && amounts.every(isWhole)
  const sum = amounts.reduce((total, number) => total + number, 0)
  const cost = id => options.find(option => option.id === id)?.cost ?? 0
  switch (question.kind) {
    case "single": return isOne(answer)
    case "area": return typeof answer === "string" && (!options.length || ids.has(answer) || (answer === "other" && terms.elsewhere !== "nobody"))
    case "several": case "approval": return isList(answer)
    case "basket": return isList(answer) && within(question.pot, answer.reduce((total, id) => total + cost(id), 0))
    case "ranking": return Array.isArray(answer) && answer.flat().every(id => ids.has(id)) && isDistinct(answer.flat())
      && answer.every(rank => typeof rank === "string" || Array.isArray(rank)) && within(question.ranks_max, answer.length)
    case "points": return isAmounts && within(question.points, sum) && within(question.picks_max, amounts.filter(Boolean).length)
    case "rating": return isAmounts && amounts.every(grade => grade >= 1 && within(question.scale, grade))
    case "allocation": return isAmounts && amounts.every(given => given % question.step === 0) && sum === question.pot
    case "matrix": return isObject(answer) && Object.entries(answer).every(([row, id]) => (question.statements ?? []).some(each => each.id === row) && isOne(id))
    case "number": return isNumber(question, answer)
    case "date": return isDay(answer) && (!question.least || answer >= question.least) && within(question.most || null, answer)
    default: return false
  }
}

function isNumber({ decimals = 0, least, most }, answer) {
  const scaled = text => { const [whole, part = ""] = text.split("."); return BigInt(whole + part.padEnd(decimals, "0")) }
  const form = new RegExp(`^-?\\d+${decimals ? `\\.\\d{${decimals}}` : ""}$`)
  if (typeof answer !== "string" || !form.test(answer)) return false
  return (!least || scaled(answer) >= scaled(least)) && (!most || scaled(answer) <= scaled(most))
}
