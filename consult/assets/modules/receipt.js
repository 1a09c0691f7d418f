// Puts the code of a scanned receipt or letter into the box. It is in the fragment, never sent.
const box = document.querySelector('[data-module="receipt"] input[name="code"]');
const code = decodeURIComponent(location.hash.slice(1));
if (box && !box.value && /^[0-9A-Za-z -]{12,30}$/.test(code)) {
  box.value = code;
  history.replaceState(null, "", location.pathname + location.search);
}
