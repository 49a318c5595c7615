# $1: folder. Digests of all files of the bundle, and the free kilobytes.
mkdir -p "$1/bundle" && cd "$1/bundle" || exit 1
find . -type f -exec sha256sum {} +
echo "free_kb=$(df -Pk . | sed -n '2s/^[^ ]* *[0-9]* *[0-9]* *\([0-9]*\).*/\1/p')"
