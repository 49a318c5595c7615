# $1: folder; $2: this session; $3: seconds to keep the device from now on. Stands before every script of a session:
# a sign of life, and an end where the device has become another session's (75) or was restarted (76).
now=0 current=-
{ read -r now rest < /proc/uptime; read -r current < /proc/sys/kernel/random/boot_id; } 2> /dev/null
session='' boot='' owner=''
{ read -r session boot rest rest owner < "$1/session"; } 2> /dev/null
if [ "$session" != "$2" ]; then
  echo "vkforge-session taken"
  echo "owner=$owner"
  exit 75
fi
if [ "$boot" != "$current" ]; then
  echo "vkforge-session restarted"
  exit 76
fi
# Written beside and renamed: a full disk must not leave an empty file.
{ echo "$2 $boot ${now%%.*} $3 $owner" > "$1/session.new" && mv -f "$1/session.new" "$1/session"; } 2> /dev/null
