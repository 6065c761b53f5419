#!/bin/sh
# Makes the sample files of these tests, and beside each what db_dump(1) says is in it.
# Needs Berkeley DB's own tools (Debian: db5.3-util), Postfix's postmap, Python. The tests need none of them:
# run this only to add a sample.
set -eu
cd "$(dirname "$0")"
rm -f ./*.db ./*.dump

records() { # kind: pairs of lines as db_load -T reads them
  python3 - "$1" <<'PYTHON'
import sys
kind = sys.argv[1]

def show(key, value, nul):
    end = "\\00" if nul else ""
    print(key + end)
    print(value + end)

def some(count, nul):
    for i in range(count):
        form = i % 2 == 0 if nul is None else nul
        show("user%d@example.com" % i, "box-%d/" % (i * 7919) + "v" * (i % 40), form)

if kind == "mixed":
    some(120, None)
    for size, nul in (3000, True), (20000, False):
        show("bigkey-" + "k" * size, "small", nul)
        show("bigvalue-%d" % size, "v" * size + "-end", nul)
    show("bigboth-" + "K" * 3000, "V" * 3000, True)
    show("bytes \\01\\80\\ff\\\\", "\\e2\\82\\ac", False)
    show("empty", "", True)
    show("nul inside", "before\\00after", False)
elif kind == "with-nul":
    some(100, True)
elif kind == "without-nul":
    some(100, False)
elif kind == "few":
    some(30, None)
elif kind == "many":
    some(1200, True)
elif kind == "one-bucket":
    def low_bits(key):
        number = 0
        for byte in key.encode() + b"\0":
            number = ((number * 16777619) & 0xffffffff) ^ byte
        return number & 0xfff
    keys = ("user%d" % i for i in range(1000000))
    for key in [key for key in keys if low_bits(key) == 7][:200]:
        show(key, "box-" + key, True)
elif kind == "duplicates":
    for i in range(30):
        for j in range(3):
            show("few%d" % i, "value %d of %d" % (j, i), True)
    for j in range(250):
        show("row", "value %04d of a long row " % j + "." * 20, True)
    for j in range(3):
        show("bigvalue", "%d" % j + "v" * 3000, False)
    show("last", "one", True)
PYTHON
}

load() { # name type kind setting...
  name=$1 type=$2 kind=$3
  shift 3
  settings=
  for setting; do settings="$settings -c $setting"; done
  # shellcheck disable=SC2086
  records "$kind" | db5.3_load -T -t "$type" $settings "$name.db"
  db5.3_dump -p "$name.db" > "$name.dump"
}

for type in hash btree; do
  for size in 512 1024 4096; do
    load "$type-mixed-little-endian-$size" $type mixed db_lorder=1234 db_pagesize=$size
    load "$type-mixed-big-endian-$size" $type mixed db_lorder=4321 db_pagesize=$size
  done
  load "$type-few-65536" $type few db_pagesize=65536
  load "$type-with-nul" $type with-nul db_pagesize=1024
  load "$type-without-nul" $type without-nul db_pagesize=1024
  load "$type-many-512" $type many db_pagesize=512
  load "$type-duplicates-512" $type duplicates db_pagesize=512 duplicates=1
  load "$type-duplicates-big-endian-4096" $type duplicates db_pagesize=4096 duplicates=1 db_lorder=4321
  load "$type-empty" $type none
  # Made by postmap, and then most keys taken away: pages without items.
  for i in $(seq 400); do echo "key$i value$i"; done > "$type-deleted"
  /usr/sbin/postmap -c /etc/postfix "$type:$type-deleted"
  seq 400 | grep -v 7 | sed s/^/key/ | /usr/sbin/postmap -d - "$type:$type-deleted"
  db5.3_dump -p "$type-deleted.db" > "$type-deleted.dump"
  printf 'alpha one\nbeta two words\n"q q" 3\n' > "$type-contract"
  /usr/sbin/postmap "$type:$type-contract"
  db5.3_dump -p "$type-contract.db" > "$type-contract.dump"
  rm "$type-deleted" "$type-contract"
done
load hash-one-bucket-512 hash one-bucket db_pagesize=512
load hash-growing-512 hash without-nul db_pagesize=512 h_ffactor=1
chmod 644 ./*.db
