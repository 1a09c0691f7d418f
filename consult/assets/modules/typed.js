// Numbers and money as people type and paste them, by the rules of events/kinds/pasted.py.

const TYPED_LENGTH_MAX = 200, DIGITS_MAX = 15;
const GROUPED = /^([0-9]{1,3}(?:[ ,'][0-9]{3})+|[0-9]+)?(?:\.([0-9]*))?$/;

/** A whole number; null where the server would refuse what was typed. */
export function number(text) {
  return scaled(plain(text), 0);
}

/** An amount in minor units: "£1,200.50", "50p"; null where the server would refuse it. */
export function money(text, decimals) {
  const known = plain(text);
  if (/^[0-9]{1,5} ?p$/.test(known)) return Number.parseInt(known, 10);
  return scaled(known.replace(/(pounds|pound|gbp)$/i, "").trimEnd(), decimals);
}

function scaled(known, decimals) {
  const bare = known.replace(/^([+-]?) ?£ ?/, "$1").replace(/£$/, "").trimEnd();
  const [, sign, digits] = /^([+-]?) *(.*)$/.exec(bare);
  const parts = GROUPED.exec(digits);
  if (!parts || !(parts[1] || parts[2])) return null;
  const whole = (parts[1] ?? "").replace(/[ ,']/g, "").replace(/^0+/, "");
  const behind = (parts[2] ?? "").replace(/0+$/, "");
  if (whole.length > DIGITS_MAX || behind.length > decimals) return null;
  const value = Number(whole + behind.padEnd(decimals, "0"));
  return sign === "-" && value ? null : value;
}

/** One line with single spaces, without invisible characters, in ASCII digits and signs. */
function plain(text) {
  return [...text].slice(0, TYPED_LENGTH_MAX).map(meant).join("").trim().replace(/\s+/g, " ");
}

function meant(letter) {
  const code = letter.codePointAt(0);
  if (/\p{Nd}/u.test(letter)) return digit(code);
  if (/\p{Cf}/u.test(letter)) return "";
  if (code > 0xff00 && code < 0xff5f) return String.fromCodePoint(code - 0xfee0); // wide letters
  return { "\u066c": ",", "\u066b": ".", "\u2019": "'", "\u2212": "-", "\uffe1": "£" }[letter] ?? letter;
}

/** Digits of a script stand together from 0 to 9. */
function digit(code) {
  let first = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first -= 1;
  return String((code - first) % 10);
}
