/**
 * What is other in a second build: each aspect says what it was and what it is now, and changes one run.
 *
 * Some of these a step is promised never to vary (host name, user, locale). They are varied all the same: a step that
 * leans on them would make something else on the day it is run by hand, or in another sandbox.
 *
 * @module
 */
import { BASE_ENVIRONMENT, type SandboxRun, type Variation, type VariationName } from "../sandbox/mod.ts";
import { CLOCK_SHIFT_DAYS, withFakeClock } from "./fake_clock.ts";

/** What may be varied. */
export type AspectName =
  | "host name"
  | "user"
  | "build path"
  | "temporary folder"
  | "processors"
  | "address layout"
  | "time zone"
  | "locale"
  | "umask"
  | "environment"
  | "process numbers"
  | "directory order"
  | "clock";

/** One aspect of a run. */
export interface Aspect {
  readonly name: AspectName;
  readonly from: string;
  readonly to: string;
  readonly apply: (run: SandboxRun) => SandboxRun;
}

/** Something that a second build has in common with the first, and why. */
export interface FixedAspect {
  readonly name: string;
  readonly reason: string;
}

/** What {@linkcode aspectsOf} goes by. */
export interface AspectOptions {
  /** What the sandbox can vary. */
  readonly variations: ReadonlySet<VariationName>;
  readonly sandboxName: string;
  /** Processors that the step may use at most. */
  readonly cpus: number;
  /** Empty host folder for `/tmp`. */
  readonly temporaryFolder: string;
  /** The time now, in milliseconds since 1970. */
  readonly nowMs: number;
  /** The library that gives another date; `undefined` where there is none. */
  readonly fakeClock: string | undefined;
  /** Lays out the inputs in another order. */
  readonly reorder: (run: SandboxRun) => SandboxRun;
}

/** The aspects of one repeated build, and those that cannot be had here. */
export interface Aspects {
  readonly varied: readonly Aspect[];
  readonly fixed: readonly FixedAspect[];
}

interface Candidate extends Aspect {
  /** What the sandbox must be able to do for it. */
  readonly needs?: VariationName;
}

/**
 * The aspects of a repeated build. Odd builds have one processor and a strict umask, even ones more of both.
 *
 * @param build 1 for the first repetition
 */
export function aspectsOf(build: number, options: AspectOptions): Aspects {
  const candidates = build % 2 === 1 ? oddBuild(build, options) : evenBuild(build, options);
  const isPossible = ({ needs }: Candidate) => needs === undefined || options.variations.has(needs);
  const impossible = candidates.filter((candidate) => !isPossible(candidate)).map(({ name }) => ({
    name,
    reason: `the sandbox "${options.sandboxName}" cannot vary it on this machine`,
  }));
  return {
    varied: candidates.filter(isPossible),
    fixed: options.fakeClock === undefined ? [...impossible, PASSING_CLOCK] : impossible,
  };
}

const PASSING_CLOCK: FixedAspect = {
  name: "clock",
  reason:
    "it only went on since the build in the store: the sandbox's tools have no libfaketime that the image can load",
};

function oddBuild(build: number, options: AspectOptions): Candidate[] {
  return [
    ...surroundings(build, options),
    user(4321, "verifier"),
    oneProcessor(options),
    {
      name: "address layout",
      from: "random",
      to: "fixed",
      needs: "randomizeAddresses",
      apply: (run) => withVariation(run, { randomizeAddresses: false }),
    },
    variables("locale", { LC_ALL: "POSIX" }, "POSIX"),
    umask("077"),
    processNumbers(41),
  ];
}

function evenBuild(build: number, options: AspectOptions): Candidate[] {
  return [
    ...surroundings(build, options),
    user(65_000, "another"),
    {
      name: "processors",
      from: `JOBS=${options.cpus}`,
      to: `JOBS=${options.cpus + 1}`,
      apply: (run) => withEnvironment(run, { JOBS: String(options.cpus + 1) }),
    },
    variables("locale", { LC_ALL: "C" }, "C"),
    umask("002"),
    processNumbers(97),
  ];
}

/** What is varied in every build. */
function surroundings(build: number, options: AspectOptions): Candidate[] {
  const { temporaryFolder, nowMs, fakeClock, reorder } = options;
  const hostName = `verify-${build}`;
  const buildPath = `/tmp/verify/${build}/build`;
  return [
    {
      name: "host name",
      from: "vkforge",
      to: hostName,
      needs: "hostName",
      apply: (run) => withVariation(run, { hostName }),
    },
    {
      name: "build path",
      from: "/build",
      to: buildPath,
      needs: "buildPath",
      apply: (run) => withEnvironment(withVariation(run, { buildPath }), { HOME: buildPath }),
    },
    {
      name: "environment",
      from: "the step's own variables",
      to: "one variable more",
      apply: (run) => withEnvironment(run, { VKFORGE_VERIFY: `build ${build}` }),
    },
    ...(fakeClock === undefined ? [] : [clock(fakeClock)]),
    timeZone(nowMs),
    temporary(temporaryFolder),
    {
      name: "directory order",
      from: "as the store has them",
      to: "copies in another order",
      needs: "directoryOrder",
      apply: reorder,
    },
  ];
}

/** Where the sandbox cannot hide the other processors the step is at least told to use one. */
function oneProcessor({ cpus, variations }: AspectOptions): Candidate {
  const canHide = variations.has("cpus");
  return {
    name: "processors",
    from: `JOBS=${cpus}`,
    to: canHide ? "JOBS=1, and one processor to be seen" : "JOBS=1",
    apply: (run) => withEnvironment(canHide ? withVariation(run, { cpus: 1 }) : run, { JOBS: "1" }),
  };
}

function user(userId: number, name: string): Candidate {
  return {
    name: "user",
    from: `1000 "${BASE_ENVIRONMENT["USER"]}"`,
    to: `${userId} "${name}"`,
    needs: "userId",
    apply: (run) => withEnvironment(withVariation(run, { userId }), { USER: name, LOGNAME: name }),
  };
}

function clock(library: string): Candidate {
  return {
    name: "clock",
    from: "now",
    to: `${CLOCK_SHIFT_DAYS} days from now`,
    apply: (run) => withFakeClock(run, library),
  };
}

/** The zone in which it is another day now than in UTC. Signs are POSIX's: "VKF-14" is ahead of UTC. */
function timeZone(nowMs: number): Candidate {
  return new Date(nowMs).getUTCHours() >= 10
    ? variables("time zone", { TZ: "VKF-14" }, "14 h ahead, where it is tomorrow")
    : variables("time zone", { TZ: "VKF+12" }, "12 h behind, where it is yesterday");
}

function temporary(temporaryFolder: string): Candidate {
  return {
    name: "temporary folder",
    from: "in memory",
    to: "on the disk",
    needs: "temporaryFolder",
    apply: (run) => withVariation(run, { temporaryFolder }),
  };
}

function variables(name: AspectName, values: Readonly<Record<string, string>>, to: string): Candidate {
  const from = Object.keys(values).map((key) => BASE_ENVIRONMENT[key] ?? "unset").join(", ");
  return { name, from, to, apply: (run) => withEnvironment(run, values) };
}

function umask(mask: string): Candidate {
  return {
    name: "umask",
    from: "022",
    to: mask,
    apply: (run) => wrapped(run, `umask ${mask}; exec "$@"`),
  };
}

/** Processes inside are counted from 1, so a step's own number is the same each time unless others went before it. */
function processNumbers(count: number): Candidate {
  return {
    name: "process numbers",
    from: "from the first",
    to: `after ${count} others`,
    // The status is asked for so that bash does not replace itself and keep its own number.
    apply: (run) => wrapped(run, `for ((i = 0; i < ${count}; i++)); do (:); done; "$@"; exit "$?"`),
  };
}

function wrapped(run: SandboxRun, script: string): SandboxRun {
  return { ...run, command: ["/bin/bash", "-c", script, "verify", ...run.command] };
}

function withVariation(run: SandboxRun, variation: Variation): SandboxRun {
  return { ...run, variation: { ...run.variation, ...variation } };
}

function withEnvironment(run: SandboxRun, environment: Readonly<Record<string, string>>): SandboxRun {
  return { ...run, environment: { ...run.environment, ...environment } };
}
