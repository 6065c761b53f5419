#!/bin/sh
# Makes the sample files beside this script: needs Postfix with lmdb, and lmdb-utils.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# What a source of three lines becomes.
printf '%s\n' 'alpha one' 'beta two words' '"q q" 3' >contract
postmap lmdb:contract

# Two levels of pages, values on pages of their own, and pages that were freed: some entries have
# gone again. Keys with even numbers have no NUL after them.
i=0
while [ $i -lt 900 ]; do
  echo "user$i@example.com box-$((i * 7919))/$(printf "%$((i % 40))s" | tr ' ' v)"
  i=$((i + 1))
done >all
grep -n . all | awk -F'[: ]' '($1 - 1) % 2 == 1 { print $2, $3 }' >many
{ echo "long $(printf '%10000s' | tr ' ' l)"; echo "gone1 $(printf '%9000s' | tr ' ' g)"; echo "gone2 2"; } >>many
postmap lmdb:many
for key in gone1 gone2; do postmap -d $key lmdb:many; done
grep -n . all | awk -F'[: ]' '($1 - 1) % 2 == 0 { print $2; print $3 }' >plain
{ echo longplain; printf '%10000s\n' | tr ' ' p; } >>plain
mdb_load -n -T -f plain many.lmdb

cp contract.lmdb many.lmdb "$here"
chmod 644 "$here"/*.lmdb
