// The gates that run inside the page. Each finding is one sentence, so that a failing test
// reads as a list of faults.
({
  structure: () => {
    const faults = [];
    const all = (what) => [...document.querySelectorAll(what)];
    const heads = all('h1').length;
    if (heads !== 1) faults.push(`${heads} h1 elements`);
    if (!document.title.trim()) faults.push('no title');
    if (!document.documentElement.lang) faults.push('no lang');
    const summary = document.querySelector('.govuk-error-summary');
    if (summary && !/^(Error|Gwall):/.test(document.title)) faults.push('title does not start with Error:');
    for (const link of all('.govuk-error-summary a')) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (!target) { faults.push(`summary link to ${link.hash} leads nowhere`); continue; }
      target.focus();
      if (document.activeElement !== target) faults.push(`${link.hash} cannot take focus`);
    }
    for (const set of all('fieldset'))
      if (!set.querySelector(':scope > legend')?.textContent.trim()) faults.push('a fieldset has no legend');
    for (const styled of all('[style]')) faults.push(`inline style on ${styled.tagName}`);
    for (const inline of all('style, script:not([src])')) faults.push(`inline ${inline.tagName}`);
    const ids = all('[id]').map((one) => one.id);
    for (const id of new Set(ids.filter((one, at) => ids.indexOf(one) !== at))) faults.push(`id ${id} is used twice`);
    for (const one of all('[aria-describedby]'))
      for (const id of one.getAttribute('aria-describedby').split(/\s+/))
        if (!document.getElementById(id)) faults.push(`aria-describedby names ${id}, which is not there`);
    for (const text of all('main *'))
      if (text.checkVisibility() && text.childNodes.length && parseFloat(getComputedStyle(text).fontSize) < 15)
        faults.push(`text of ${getComputedStyle(text).fontSize} in ${text.tagName}`);
    for (const text of all('body *'))
      if (text.textContent.trim() && !/Public Sans|mono/.test(getComputedStyle(text).fontFamily))
        faults.push(`${text.tagName}.${text.className} is set in ${getComputedStyle(text).fontFamily}`);
    return faults;
  },

  widest: () => {
    const width = document.documentElement.clientWidth;
    const needed = document.documentElement.scrollWidth;
    if (needed <= width) return [];
    // A box may end in time while the words in it do not.
    const wide = [...document.querySelectorAll('body *')]
      .filter((one) => one.getBoundingClientRect().right > width + 1 || one.scrollWidth > one.clientWidth + 1)
      .slice(-3).map((one) => `${one.tagName}.${one.className} sticks out`);
    return [`the page needs ${needed} of ${width} pixels`, ...wide];
  },

  // WCAG 1.4.12: text must survive this spacing without being cut off.
  spaced: () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('*{line-height:1.5!important;letter-spacing:.12em!important;word-spacing:.16em!important}'
      + 'p{margin-bottom:2em!important}');
    const before = [...document.adoptedStyleSheets];
    document.adoptedStyleSheets = [...before, sheet];
    const clipped = [...document.querySelectorAll('main *, header *, footer *')].filter((one) => {
      const style = getComputedStyle(one);
      return style.overflow === 'hidden' && style.position !== 'absolute' && one.textContent.trim()
        && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
    }).map((one) => `${one.tagName}.${one.className} cuts text off when spaced`);
    document.adoptedStyleSheets = before;
    return clipped;
  },
})
