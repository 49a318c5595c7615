/**
 * What is recorded about a device besides what its Vulkan driver says: it shapes every figure.
 *
 * @module
 */
import { z } from "zod";

const celsius = z.number();
const hertz = z.number().nonnegative();

/** A device at one moment. What it does not tell is left out. */
export const DeviceState = z.object({
  at: z.iso.datetime(),
  /** Android's thermal status: 0 is none, 3 is severe. */
  thermalStatus: z.int().nonnegative().optional(),
  /** By name of the sensor. */
  temperatures: z.record(z.string(), celsius),
  /** One entry for each cluster of processors (cpufreq policy). */
  cpus: z.array(z.object({
    policy: z.string(),
    governor: z.string().optional(),
    currentHz: hertz.optional(),
    minHz: hertz.optional(),
    maxHz: hertz.optional(),
  })),
  gpu: z.object({ governor: z.string().optional(), currentHz: hertz.optional() }).optional(),
  battery: z.object({
    percent: z.number().optional(),
    charging: z.boolean().optional(),
    temperature: celsius.optional(),
  }).optional(),
  screenOn: z.boolean().optional(),
  /** Load average of the last minute. */
  load: z.number().nonnegative().optional(),
});

/** A device at one moment. */
export type DeviceState = z.infer<typeof DeviceState>;

/** How a device was asked to behave: as it is, or held still for measuring. */
export const Profile = z.enum(["stock", "lab"]);

/** How a device was asked to behave. */
export type Profile = z.infer<typeof Profile>;

/** The evidence of one session on a device. */
export const TargetEvidence = z.object({
  /** "adb", "ssh", "bundle". */
  transport: z.string(),
  /** Serial number or host. */
  address: z.string().optional(),
  profile: Profile,
  /** Model, build fingerprint, SoC, kernel, ABI …, by the names in docs/devices.md. */
  identity: z.record(z.string(), z.string()),
  /** Of adb, adbd, ssh. */
  versions: z.record(z.string(), z.string()),
  before: DeviceState.optional(),
  /** Between processes. */
  during: z.array(DeviceState),
  after: DeviceState.optional(),
  /** What was changed on the device for the profile, and what a person should see to. */
  notes: z.array(z.string()),
  /** How often the connection was lost and found again. */
  reconnects: z.int().nonnegative(),
  pushed: z.object({
    files: z.int().nonnegative(),
    pushedFiles: z.int().nonnegative(),
    pushedBytes: z.int().nonnegative(),
  }).optional(),
});

/** The evidence of one session on a device. */
export type TargetEvidence = z.infer<typeof TargetEvidence>;
