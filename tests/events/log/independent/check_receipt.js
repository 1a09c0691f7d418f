// Checks receipts with Sigstore's verifier for npm: the checkpoint's signature
// and the entry's inclusion. Reads a JSON list of receipts from standard input
// and prints one word for each. Arguments: folder of node_modules, origin, raw
// public key (hex), key id (hex).
const crypto = require('node:crypto');
const path = require('node:path');

const [modules, origin, publicKey, keyId] = process.argv.slice(2);
const { verifyTLogInclusion } = require(path.join(modules, '@sigstore/verify/dist/tlog'));

const prefix = Buffer.from('302a300506032b6570032100', 'hex'); // Ed25519 in SPKI
const authority = {
  baseURL: origin,
  logID: Buffer.from(keyId.padEnd(64, '0'), 'hex'),
  publicKey: crypto.createPublicKey({
    key: Buffer.concat([prefix, Buffer.from(publicKey, 'hex')]),
    format: 'der',
    type: 'spki',
  }),
  validFor: { start: new Date(0), end: new Date(8e15) },
};

let text = '';
process.stdin.on('data', (chunk) => { text += chunk; });
process.stdin.on('end', () => {
  for (const receipt of JSON.parse(text)) {
    const unb64 = (data) => Buffer.from(data, 'base64');
    const entry = {
      canonicalizedBody: unb64(receipt.entry),
      inclusionProof: {
        logIndex: String(receipt.index),
        hashes: receipt.proof.map(unb64),
        checkpoint: { envelope: receipt.checkpoint },
      },
    };
    try {
      verifyTLogInclusion(entry, [authority]);
      console.log('ACCEPTED');
    } catch (error) {
      console.log('REFUSED', error.name, error.message);
      if (error.name !== 'VerificationError') throw error;
    }
  }
});
