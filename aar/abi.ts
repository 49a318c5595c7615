/**
 * Android's ABIs, and the libraries that Android itself brings.
 *
 * @module
 */

/** What the ELF header of an ABI's libraries must say. */
export interface Abi {
  readonly bits: 32 | 64;
  /** `e_machine`. */
  readonly machine: number;
}

/** Current ABIs, by the name of their folder. */
export const ABIS: Readonly<Record<string, Abi>> = {
  "arm64-v8a": { bits: 64, machine: 183 },
  "armeabi-v7a": { bits: 32, machine: 40 },
  "x86": { bits: 32, machine: 3 },
  "x86_64": { bits: 64, machine: 62 },
  "riscv64": { bits: 64, machine: 243 },
};

/** Folders of ABIs that Android no longer loads from; NDK r17 dropped them. */
export const RETIRED_ABIS: readonly string[] = ["armeabi", "mips", "mips64"];

/** What machines are called, for messages. */
export function machineName(machine: number): string {
  return MACHINE_NAMES[machine] ?? `machine ${machine}`;
}

const MACHINE_NAMES: Readonly<Record<number, string>> = {
  3: "x86",
  40: "ARM",
  62: "x86-64",
  183: "AArch64",
  243: "RISC-V",
};

/** Pages of newer devices, which 64-bit libraries must be aligned to: developer.android.com/guide/practices/page-sizes. */
export const PAGE_BYTES = 16384;

/** Public system libraries with the API level they came in: developer.android.com/ndk/guides/stable_apis. */
export const SYSTEM_LIBRARIES: Readonly<Record<string, number>> = {
  "libc.so": 1,
  "libm.so": 1,
  "libdl.so": 1,
  "liblog.so": 1,
  "libz.so": 1,
  "libstdc++.so": 1,
  "libGLESv1_CM.so": 4,
  "libGLESv2.so": 5,
  "libjnigraphics.so": 8,
  "libEGL.so": 9,
  "libOpenSLES.so": 9,
  "libandroid.so": 9,
  "libOpenMAXAL.so": 14,
  "libGLESv3.so": 18,
  "libmediandk.so": 21,
  "libvulkan.so": 24,
  "libcamera2ndk.so": 24,
  "libaaudio.so": 26,
  "libnativewindow.so": 26,
  "libsync.so": 26,
  "libneuralnetworks.so": 27,
  "libamidi.so": 29,
  "libbinder_ndk.so": 29,
  "libicu.so": 31,
  "libnativehelper.so": 31,
};
