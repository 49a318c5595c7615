#!/bin/sh
# Tells what a Linux or Android device is and how it does, as lines "key=value". With "state", only how it does.
# What the device does not tell is left out. Programs of Android are asked where they are.

has() { command -v "$1" > /dev/null 2>&1; }
show() { [ -n "$2" ] && echo "$1=$2"; }
first() { [ -r "$1" ] && sed -n 1p "$1" 2> /dev/null; }
property() { show "$1" "$(getprop "$2" 2> /dev/null)"; }

identity() {
  show kernel "$(uname -r)"
  show machine "$(uname -m)"
  if has getprop; then
    property fingerprint ro.build.fingerprint
    property manufacturer ro.product.manufacturer
    property model ro.product.model
    property soc_manufacturer ro.soc.manufacturer
    property soc ro.soc.model
    property platform ro.board.platform
    property android ro.build.version.release
    property sdk ro.build.version.sdk
    property security_patch ro.build.version.security_patch
    property abis ro.product.cpu.abilist
    property vulkan_driver ro.hardware.vulkan
    property egl_driver ro.hardware.egl
    property gpu_driver ro.gfx.driver.0
    show airplane_mode "$(settings get global airplane_mode_on 2> /dev/null)"
  else
    [ -r /etc/os-release ] && show os "$(sed -n 's/^PRETTY_NAME="\{0,1\}\([^"]*\)"\{0,1\}$/\1/p' /etc/os-release)"
    show model "$(tr -d '\0' 2> /dev/null < /proc/device-tree/model || first /sys/class/dmi/id/product_name)"
  fi
  show cpu "$(sed -n 's/^\(model name\|Hardware\)[[:space:]]*: //p' /proc/cpuinfo | sed -n 1p)"
  show processors "$(grep -c ^processor /proc/cpuinfo)"
  show memory_kb "$(sed -n 's/^MemTotal: *\([0-9]*\).*/\1/p' /proc/meminfo)"
  show nvidia_driver "$(sed -n '1s/.* \([0-9][0-9]*\.[0-9][0-9.]*\) .*/\1/p' /proc/driver/nvidia/version 2> /dev/null)"
  show boot_id "$(first /proc/sys/kernel/random/boot_id)"
}

state() {
  echo "at=$(date -u +%Y-%m-%dT%H:%M:%SZ)"
  show load "$(sed 's/ .*//' /proc/loadavg 2> /dev/null)"
  for zone in /sys/class/thermal/thermal_zone*; do
    [ -r "$zone/temp" ] && show "temperature.$(first "$zone/type").${zone##*zone}" "$(first "$zone/temp")"
  done
  for policy in /sys/devices/system/cpu/cpufreq/policy*; do
    [ -d "$policy" ] || continue
    for name in scaling_governor scaling_cur_freq scaling_min_freq scaling_max_freq; do
      show "cpu.${policy##*/}.$name" "$(first "$policy/$name")"
    done
  done
  # Adreno; Mali and others through devfreq.
  show gpu.governor "$(first /sys/class/kgsl/kgsl-3d0/devfreq/governor)"
  show gpu.hz "$(first /sys/class/kgsl/kgsl-3d0/gpuclk)"
  for gpu in /sys/class/devfreq/*mali* /sys/class/devfreq/*gpu*; do
    [ -d "$gpu" ] || continue
    show gpu.governor "$(first "$gpu/governor")"
    show gpu.hz "$(first "$gpu/cur_freq")"
  done
  if has nvidia-smi; then
    nvidia-smi --query-gpu=temperature.gpu,clocks.sm --format=csv,noheader,nounits 2> /dev/null |
      sed -n '1s/^\([0-9]*\), \([0-9]*\)$/temperature.gpu.nvidia=\1000\ngpu.mhz=\2/p'
  fi
  if has dumpsys; then
    show thermal_status "$(dumpsys thermalservice 2> /dev/null | sed -n 's/^ *Thermal Status: *\([0-9]*\).*/\1/p' | sed -n 1p)"
    dumpsys battery 2> /dev/null | sed -n \
      's/^ *level: *\([0-9]*\).*/battery.percent=\1/p; s/^ *temperature: *\([0-9]*\).*/battery.decidegrees=\1/p; s/^ *status: *\([0-9]*\).*/battery.status=\1/p'
    show screen "$(dumpsys power 2> /dev/null | sed -n 's/^ *mWakefulness=\([A-Za-z]*\).*/\1/p' | sed -n 1p)"
  fi
}

[ "${1-}" = state ] || identity
state
