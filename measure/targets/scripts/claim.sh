# $1: folder; $2: this session; $3: seconds to keep it; $4: whose it is; $5: a session that is known to have ended, or
# nothing. Takes the device for a session, unless another has it that gave a sign of life not long ago. Prints lines
# "key=value": the session that has it now and, of another one, whose it is and when it would lose it.
mkdir -p "$1/runs" && cd "$1" || exit 1
now=0 current=-
{ read -r now rest < /proc/uptime; read -r current < /proc/sys/kernel/random/boot_id; } 2> /dev/null
now=${now%%.*}
look() {
  session='' boot='' since='' seconds='' owner=''
  # shellcheck disable=SC2094 # a file of that name
  { read -r session boot since seconds owner < session; } 2> /dev/null
  # Cut off, or written by a person.
  case "$since.$seconds" in .* | *. | *[!0-9.]*) since=0 seconds=0 ;; esac
}
look
if [ "$session" != "$2" ]; then
  if [ -n "$session" ] && [ "$session" != "$5" ] && [ "$boot" = "$current" ] && [ "$since" -le "$now" ] &&
    [ $((since + seconds)) -gt "$now" ]; then
    echo "session=$session"
    echo "owner=$owner"
    echo "silent_s=$((now - since))"
    echo "free_in_s=$((since + seconds - now))"
    exit 0
  fi
  rm -f session
fi
# Only one of several that try at the same time makes the file.
(
  [ "$session" = "$2" ] || set -C
  echo "$2 $current $now $3 $4" > session
) 2> /dev/null
look
echo "session=$session"
echo "owner=$owner"
