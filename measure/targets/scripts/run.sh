#!/bin/sh
# Runs the models of the folder that this file lies in. Needs nothing but sh on the machine it runs on.
#
#   ./run                all processes of the file "jobs"; results go to out/, what is there already is kept
#   ./run one ARG...     the runner once
#   ./run check          print the Vulkan device as JSON
#
# Exit codes: 0 ok, 1 something failed (out/ says what), 66 built for another processor, 69 no Vulkan driver, 74 results
# cannot be written
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 1
cd "$here" || exit 1

say() { echo "run: $*" >&2; }

# Manifests of this machine's drivers for GPUs, as a list with colons. Drivers in software stand beside them. The same
# driver may be there in several places.
own_drivers() {
  names=:
  for folder in /usr/local/etc/vulkan/icd.d /etc/vulkan/icd.d /usr/local/share/vulkan/icd.d \
    /usr/share/vulkan/icd.d /usr/local/nvidia/share/vulkan/icd.d; do
    for manifest in "$folder"/*.json; do
      [ -e "$manifest" ] || continue
      case ${manifest##*/} in
        lvp* | vk_swiftshader* | dzn* | gfxstream* | virtio* | *i[3-6]86.json | *[._]x86.json) ;;
        *)
          case $names in *":${manifest##*/}:"*) continue ;; esac
          names=$names${manifest##*/}:
          printf '%s:' "$manifest"
          ;;
      esac
    done
  done
}

# Files are asked for, not folders: on a device, empty ones may be left of another bundle.
has_libc() {
  for own in "$here"/libc/ld-linux*; do break; done
  [ -e "$own" ]
}
has_driver() { [ -e driver/vk_swiftshader_icd.json ]; }

choose_driver() {
  if has_driver; then
    VK_DRIVER_FILES=$here/driver/vk_swiftshader_icd.json
  elif [ -z "${VK_DRIVER_FILES-}" ]; then
    VK_DRIVER_FILES=$(own_drivers)
    VK_DRIVER_FILES=${VK_DRIVER_FILES%:}
  fi
  if [ -z "$VK_DRIVER_FILES" ]; then
    say "no Vulkan driver for a GPU on this machine"
    exit 69
  fi
  # Older loaders know only the second.
  export VK_DRIVER_FILES VK_ICD_FILENAMES="$VK_DRIVER_FILES"
}

# "2.36" as 2036, of a loader; 0 of one that does not say.
version_of() {
  found=$("$1" --version 2> /dev/null | sed -n '1s/.* version \([0-9]*\)\.\([0-9]*\).*/\1 \2/p')
  [ -n "$found" ] && echo $((${found% *} * 1000 + ${found#* })) || echo 0
}

launch() {
  export OMP_WAIT_POLICY=passive
  unset LD_PRELOAD
  if ! has_libc; then # for Android: the system's own loader and Vulkan
    export LD_LIBRARY_PATH="$here/lib"
    exec bin/vkforge-runner "$@"
  fi
  case $(uname -m) in
    x86_64) is="ld-linux-x86-64.so.2" ;;
    aarch64) is="ld-linux-aarch64.so.1" ;;
    *) is=$(uname -m) ;;
  esac
  if [ "${own##*/}" != "$is" ]; then
    say "built for ${own##*/}, this machine is $(uname -m)"
    exit 66
  fi
  elsewhere=/usr/local/nvidia/lib64:/usr/local/nvidia/lib
  if has_driver; then # nothing of this machine is needed
    exec "$own" --library-path "$here/libc:$here/lib" bin/vkforge-runner "$@"
  fi
  # A driver is written for its own system's C library, and a process has only one: the newer one serves both.
  for system in "/lib64/${own##*/}" "/lib/${own##*/}" "/usr/lib/${own##*/}" ""; do [ -e "$system" ] && break; done
  if [ -n "$system" ] && [ "$(version_of "$system")" -ge "$(version_of "$own")" ]; then
    export LD_LIBRARY_PATH="$here/lib:$elsewhere"
    exec "$system" bin/vkforge-runner "$@"
  fi
  machine=$(uname -m)-linux-gnu
  exec "$own" --library-path "$here/libc:$here/lib:$elsewhere:/usr/lib/$machine:/lib/$machine:/usr/lib64:/lib64:/usr/lib:/lib" \
    bin/vkforge-runner "$@"
}

uptime_s() { sed 's/ .*//' /proc/uptime; }

no_space() {
  say "cannot write to $here/out: make space and start again, it goes on with this process"
  exit 74
}

# One line of "jobs": the folder below out/, a tab, the runner's arguments.
run_jobs() {
  mkdir -p out
  [ -e out/before.txt ] || sh describe.sh > out/before.txt 2> /dev/null
  failed=0 total=$(wc -l < jobs) number=0
  tab=$(printf '\t')
  while IFS=$tab read -r job words; do
    number=$((number + 1))
    [ -e "out/$job/exit" ] && continue
    say "$number of $((total)): $job"
    rm -rf "out/$job"
    mkdir -p "out/$job" || no_space
    from=$(uptime_s)
    # Words have no spaces: folders and files are named by this project.
    # shellcheck disable=SC2086
    (launch $words) > "out/$job/log" 2>&1 < /dev/null
    code=$?
    # 1 is a failure that the runner wrote down; 66 and 69 are this script's.
    if [ $code = 66 ] || [ $code = 69 ]; then
      cat "out/$job/log" >&2
      exit $code
    fi
    if [ $code != 0 ]; then
      failed=1
      # That says nothing of the model.
      grep -qs "No space left on device" "out/$job/log" "out/$job/result.json" && no_space
    fi
    sh describe.sh state >> out/during.txt 2> /dev/null
    { echo "$code $from $(uptime_s)" > "out/$job/exit.new" && mv "out/$job/exit.new" "out/$job/exit"; } || no_space
  done < jobs
  sh describe.sh state > out/after.txt 2> /dev/null
  say "done; take the folder back and run: deno task import-result FOLDER"
  return $failed
}

has_libc && choose_driver
case ${1-all} in
  all) run_jobs ;;
  one)
    shift
    launch "$@"
    ;;
  check)
    plugin=bin/libvkforge_vulkan.so
    if [ -e $plugin ]; then launch --describe --plugin $plugin; else launch --describe; fi
    ;;
  *)
    say "unknown word \"$1\""
    exit 64
    ;;
esac
