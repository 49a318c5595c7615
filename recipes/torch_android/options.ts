/**
 * What may be chosen about torch for Android.
 *
 * @module
 */
import { z } from "zod";
import { EngineError } from "../../engine/mod.ts";

/** The ABIs that PyTorch 1.13.1 is built for. */
export const ABIS = ["armeabi-v7a", "arm64-v8a", "x86", "x86_64"] as const;

/** An ABI of Android. */
export type Abi = typeof ABIS[number];

/** The C++ library: one for all libraries of an app, or a copy inside each. */
export const STLS = ["c++_shared", "c++_static"] as const;

/** What an ABI can have different from the others. */
const abiChoices = {
  /** Vulkan tensors hold 16-bit floats. */
  fp16: z.boolean(),
  /** Shaders compute with `mediump`. */
  relaxedPrecision: z.boolean(),
  stl: z.enum(STLS),
  /** No debug information. */
  strip: z.boolean(),
};

const operatorName = z.string().regex(
  /^[a-z_][a-z0-9_]*::[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z0-9_]+)?$/,
  'expected a name such as "aten::add.Tensor"',
);

const schema = z.strictObject({
  abis: z.array(z.enum(ABIS)).min(1).default(["arm64-v8a"]),
  /** "full": the whole JIT, for `Module.load`; "lite": the lite interpreter, for `LiteModuleLoader`. */
  variant: z.enum(["full", "lite"]).default("full"),
  fp16: abiChoices.fp16.default(false),
  relaxedPrecision: abiChoices.relaxedPrecision.default(false),
  stl: abiChoices.stl.default("c++_shared"),
  strip: abiChoices.strip.default(true),
  /** Operators of the models; all operators if left out. */
  selectedOps: z.array(operatorName).min(1).optional(),
  /** Choices for single ABIs, over those for all. */
  perAbi: z.partialRecord(z.enum(ABIS), z.strictObject(abiChoices).partial()).default({}),
  useVulkan: z.boolean().default(true),
});

/** Options as they are written: everything can be left out. */
export type TorchAndroidRequest = z.input<typeof schema>;

/** Options with nothing left open. */
export type TorchAndroidOptions = z.output<typeof schema>;

/** The choices for one ABI. */
export interface AbiOptions {
  readonly fp16: boolean;
  readonly relaxedPrecision: boolean;
  readonly stl: typeof STLS[number];
  readonly strip: boolean;
}

/**
 * Checks options and fills in what is left out.
 *
 * @throws {EngineError} "usage" naming the option, what it may be, and why Vulkan cannot be left out
 */
export function parseTorchAndroidOptions(request: unknown): TorchAndroidOptions {
  const parsed = schema.safeParse(request, { reportInput: true });
  if (!parsed.success) throw wrongOption(parsed.error.issues[0]);
  if (!parsed.data.useVulkan) {
    throw new EngineError("usage", "Cannot build torch for Android without Vulkan", {
      hint:
        "Leave USE_VULKAN out: upstream's build_android.sh turns any value of it, 0 too, into ON, and the JNI " +
        "library links the backend in any case",
    });
  }
  return { ...parsed.data, abis: ABIS.filter((abi) => parsed.data.abis.includes(abi)) };
}

/** The choices for one ABI: its own, else those for all. */
export function abiOptions(options: TorchAndroidOptions, abi: Abi): AbiOptions {
  const own = options.perAbi[abi];
  return {
    fp16: own?.fp16 ?? options.fp16,
    relaxedPrecision: own?.relaxedPrecision ?? options.relaxedPrecision,
    stl: own?.stl ?? options.stl,
    strip: own?.strip ?? options.strip,
  };
}

type Issue = z.core.$ZodIssue;

function wrongOption(issue: Issue | undefined): EngineError {
  const name = issue?.path.filter((part) => typeof part === "string").join(".") ?? "";
  if (issue?.code === "invalid_value") {
    return unknown(name === "abis" ? "ABI" : name, String(issue.input), issue.values.map(String));
  }
  if (issue?.code === "unrecognized_keys") {
    const [key = ""] = issue.keys;
    return name === "perAbi"
      ? unknown("ABI", key, ABIS)
      : unknown("option of torch for Android", key, Object.keys(name === "" ? schema.shape : abiChoices));
  }
  return new EngineError("usage", `Cannot use the option "${name}" of torch for Android: ${issue?.message}`);
}

function unknown(what: string, given: string, known: readonly string[]): EngineError {
  return new EngineError("usage", `Unknown ${what} "${given}"`, { hint: `There are ${known.join(", ")}` });
}
