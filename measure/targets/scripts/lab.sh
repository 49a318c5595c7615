# $1: folder; $2: on, off. Holds an Android device still for measuring, and lets it go again. What it was is kept in
# the file "lab", so that a later session can restore it. Prints lines "note=…".
cd "$1" || exit 1
command -v svc > /dev/null 2>&1 || { [ "$2" = on ] && echo "note=Not an Android device: nothing was set for the profile lab"; exit 0; }
if [ "$2" = on ]; then
  [ -e lab ] || settings get global stay_on_while_plugged_in > lab 2> /dev/null
  if cmd power set-fixed-performance-mode-enabled true > /dev/null 2>&1; then
    echo "note=Fixed-performance mode was on: lower clocks than usual, but steady ones"
  else
    echo "note=Fixed-performance mode is not offered by this device"
  fi
  svc power stayon true > /dev/null 2>&1 && echo "note=The screen was kept on"
  input keyevent KEYCODE_WAKEUP > /dev/null 2>&1
  [ "$(settings get global airplane_mode_on 2> /dev/null)" = 1 ] || echo "note=Airplane mode is off: radios can disturb the measurement"
elif [ -e lab ]; then
  cmd power set-fixed-performance-mode-enabled false > /dev/null 2>&1
  old=$(sed -n 1p lab)
  case $old in
    '' | null) settings delete global stay_on_while_plugged_in > /dev/null 2>&1 ;;
    *) settings put global stay_on_while_plugged_in "$old" > /dev/null 2>&1 ;;
  esac
  rm -f lab
fi
exit 0
