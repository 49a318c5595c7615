# $1: folder; $2: this session; $3: keep, remove. Lets go of the device, last of all, and removes the folder if asked.
# Another session's is left alone.
session=''
{ read -r session rest < "$1/session"; } 2> /dev/null
[ "$session" = "$2" ] || exit 0
[ "$3" = keep ] || rm -rf "$1/bundle" "$1/runs" "$1/lab" || exit 1
rm -f "$1/session.new" "$1/session"
[ "$3" = keep ] || rm -rf "$1"
