# "$@": adb's server in the foreground. It ends when this script's output has nobody who reads it any more: whoever
# started it has ended then, however that came.
trap '' PIPE
"$@" >&2 &
server=$!
while kill -0 $server 2> /dev/null && echo alive 2> /dev/null; do sleep 1; done
kill $server 2> /dev/null
wait $server
