# $1: folder to work in, or nothing. Tells where models can run and with what, as lines "key=value"; "full" are places
# that would do if there were space.

# /proc and its like have no size.
free_kb() { df -Pk "$1" 2> /dev/null | sed -n '2s/^[^ ]* *[1-9][0-9]* *[0-9]* *\([0-9]*\).*/\1/p'; }
refuse() {
  parent=$1
  while [ ! -d "$parent" ] && [ "$parent" != "${parent%/*}" ]; do parent=${parent%/*}; done
  free=$(free_kb "$parent")
  [ -n "$free" ] && [ "$free" -lt 64 ] && [ -w "$parent" ] && echo "full=$1"
}

for word in sha256sum setsid find sed mkdir df; do
  command -v $word > /dev/null 2>&1 || echo "missing=$word"
done
if [ -n "$1" ]; then folders=$1; else
  folders="/data/local/tmp/vkforge ${HOME:-/tmp}/.cache/vkforge-device /var/tmp/vkforge-device"
  [ -d /data/local/tmp ] || folders=${folders#* }
fi
for folder in $folders; do
  mkdir -p "$folder/runs" "$folder/bundle" 2> /dev/null || { refuse "$folder"; continue; }
  # A file that can be started: some places are mounted so that none can.
  { echo '#!/bin/sh' > "$folder/probe" && echo 'exit 7' >> "$folder/probe"; } 2> /dev/null || {
    rm -f "$folder/probe"
    refuse "$folder"
    continue
  }
  chmod 755 "$folder/probe" && "$folder/probe" 2> /dev/null
  code=$?
  rm -f "$folder/probe"
  [ $code = 7 ] || continue
  echo "folder=$folder"
  echo "free_kb=$(free_kb "$folder")"
  break
done
echo "machine=$(uname -m)"
command -v getprop > /dev/null 2>&1 && echo "abis=$(getprop ro.product.cpu.abilist)"
exit 0
