// Forms that a passkey signs: asks the browser for it when the form is sent, and sends what it says.

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const credentials = (list = []) => list.map((one) => ({ ...one, id: bytes(one.id) }));

/** What the server asks for, as browsers take it. */
function readable(asked) {
  const found = { ...asked, challenge: bytes(asked.challenge) };
  if (asked.user) found.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.excludeCredentials) found.excludeCredentials = credentials(asked.excludeCredentials);
  if (asked.allowCredentials) found.allowCredentials = credentials(asked.allowCredentials);
  return found;
}

/** What a browser gives, as the server takes it. */
function written(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = text(credential.response[name]);
  }
  const id = text(credential.rawId);
  return JSON.stringify({ id, rawId: id, type: credential.type, response, clientExtensionResults: {} });
}

for (const form of document.querySelectorAll('form[data-module="passkey"]')) {
  const { does, options, origin, failed, known } = form.dataset;
  const box = form.querySelector("[data-answer]");
  const said = form.querySelector("[data-said]");
  // A passkey belongs to one address: under another one the browser would refuse it.
  if (!window.PublicKeyCredential || location.origin !== origin) continue;
  form.hidden = false;
  for (const other of document.querySelectorAll("[data-without-passkey]")) other.hidden = true;

  // Whoever comes back to the page is asked anew.
  window.addEventListener("pageshow", () => (box.value = ""));
  let isAsking = false;
  form.addEventListener("submit", async (event) => {
    // A button with a name does something else, such as leading back.
    if (box.value || event.submitter?.name) return;
    event.preventDefault();
    if (isAsking) return;
    isAsking = true;
    said.textContent = "";
    try {
      const answer = await fetch(options, { headers: { Accept: "application/json" } });
      const publicKey = readable(await answer.json());
      box.value = written(await navigator.credentials[does]({ publicKey }));
      form.requestSubmit();
    } catch (error) {
      said.textContent = error.name === "InvalidStateError" ? known : failed;
    }
    isAsking = false;
  });
}
