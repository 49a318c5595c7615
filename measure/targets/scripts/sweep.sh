# $1: folder. Ends the processes that an earlier session left running and removes what they wrote.
mkdir -p "$1" && cd "$1" || exit 1
for pid in runs/*/pid; do
  [ -e "$pid" ] || continue
  id=${pid%/pid}
  number=$(sed -n 1p "$pid")
  # A number is used again after the process has ended: only one that works for this run is ended, with its group.
  if [ -n "$number" ] && tr '\0' ' ' 2> /dev/null < "/proc/$number/cmdline" | grep -q "$id"; then
    kill -9 "-$number" 2> /dev/null || kill -9 "$number" 2> /dev/null
  fi
done
rm -rf runs
mkdir -p runs
