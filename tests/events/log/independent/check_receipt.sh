#!/usr/bin/env bash
# Checks a receipt (C2SP tlog-proof) with openssl, awk and base64 alone: the log's signature under
# the checkpoint, and the way from the entry to the signed root. Arguments: receipt file, vkey.
set -euo pipefail
receipt=$1 vkey=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
refuse() { echo "REFUSED: $1"; exit 1; }
hex() { od -An -v -tx1 | tr -d ' \n'; }
bytes() { printf "$(printf %s "$1" | sed 's/../\\x&/g')"; }
sha256() { openssl dgst -sha256 -binary | hex; }

name=${vkey%%+*}
key_id=$(printf %s "$vkey" | cut -d+ -f2)
public=$(printf %s "$vkey" | cut -d+ -f3- | base64 -d | tail -c 32 | hex)
bytes "302a300506032b6570032100$public" | openssl pkey -pubin -inform DER -out "$work/key" 2>/dev/null

# The head of the receipt ends at its first empty line, the signed text of the note at the next.
awk 'gap {print} /^$/ {gap = 1}' "$receipt" >"$work/note"
awk '/^$/ {exit} {print}' "$receipt" >"$work/head"
awk '/^$/ {exit} {print}' "$work/note" >"$work/signed"
signature=$(awk -v name="$name" '$1 == "\342\200\224" && $2 == name {print $3; exit}' "$work/note" |
  base64 -d | hex)
[ "${signature:0:8}" = "$key_id" ] || refuse "signed by another key"
bytes "${signature:8}" >"$work/signature"
openssl pkeyutl -verify -pubin -inkey "$work/key" -rawin -in "$work/signed" \
  -sigfile "$work/signature" >/dev/null 2>&1 || refuse "the signature is false"
[ "$(sed -n 1p "$work/signed")" = "$name" ] || refuse "another log"

size=$(sed -n 2p "$work/signed")
root=$(sed -n 3p "$work/signed" | base64 -d | hex)
index=$(awk '$1 == "index" {print $2; exit}' "$work/head")
[ "$index" -lt "$size" ] || refuse "not in a log of this size"
hash=$({ bytes 00; awk '$1 == "extra" {print $2; exit}' "$work/head" | base64 -d; } | sha256)
node=$index last=$((size - 1))
while read -r line; do
  sibling=$(printf %s "$line" | base64 -d | hex)
  [ "$last" -gt 0 ] || refuse "the proof is too long"
  if [ $((node % 2)) = 1 ] || [ "$node" = "$last" ]; then
    hash=$(bytes "01$sibling$hash" | sha256)
    while [ $((node % 2)) = 0 ] && [ "$node" -gt 0 ]; do
      node=$((node / 2)) last=$((last / 2))
    done
  else
    hash=$(bytes "01$hash$sibling" | sha256)
  fi
  node=$((node / 2)) last=$((last / 2))
done < <(awk 'found {print} $1 == "index" {found = 1}' "$work/head")
[ "$last" = 0 ] || refuse "the proof is too short"
[ "$hash" = "$root" ] || refuse "the proof leads to another root"
echo "ACCEPTED $index of $size"
