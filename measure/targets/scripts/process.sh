# $1: folder; $2: name of the run; $3: tenths of a second to wait; further: words of the runner. Starts the runner, once
# whatever happens to the connection, waits for it, and tells how it does: "exit CODE FROM TO" with seconds of uptime,
# its log and the digests of its files; "gone" where it ended without a trace; "running" where it has not ended yet. What
# did not go well comes with the free kilobytes.
cd "$1" || exit 1
space() { echo "free_kb=$(df -Pk . | sed -n '2s/^[^ ]* *[0-9]* *[0-9]* *\([0-9]*\).*/\1/p')"; }
run=runs/$2
patience=$3
shift 3
# Making the folder is what only one of several tries can do.
if mkdir "$run" 2> /dev/null; then
  mkdir "$run/out"
  # A session of its own: it goes on when the connection is lost.
  setsid sh -c '
    echo $$ > "$1/pid"
    run=$1
    shift
    from=$(sed "s/ .*//" /proc/uptime)
    sh bundle/run one "$@" > "$run/log" 2>&1 < /dev/null
    code=$?
    echo "$code $from $(sed "s/ .*//" /proc/uptime)" > "$run/exit.new" && mv "$run/exit.new" "$run/exit"
  ' vkforge "$run" "$@" > /dev/null 2>&1 < /dev/null &
fi
missing=0
while [ ! -e "$run/exit" ]; do
  if [ -d "$run" ] && kill -0 "$(sed -n 1p "$run/pid" 2> /dev/null)" 2> /dev/null; then
    missing=0
  else
    missing=$((missing + 1))
    [ $missing -gt 20 ] && [ ! -e "$run/exit" ] && { space && echo gone && exit 0; }
  fi
  [ "$patience" -gt 0 ] || { echo running && exit 0; }
  patience=$((patience - 1))
  sleep 0.1
done
echo "exit $(sed -n 1p "$run/exit")"
read -r code rest < "$run/exit"
[ "$code" = 0 ] || space
tail -n 40 "$run/log" | sed 's/^/log /'
[ -e bundle/describe.sh ] && sh bundle/describe.sh state
cd "$run/out" && find . -type f -exec sha256sum {} +
