import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { denoHost } from "../../engine/deno_host.ts";
import { type Bundle, bundleDigest, type BundleFile } from "./bundle.ts";
import { type BundleManifest, parseManifest } from "./bundle_manifest.ts";
import { type Job, RecordingTarget, ReplayTarget } from "./replay.ts";
import { scriptPath } from "./scripts/mod.ts";
import { writeBundle } from "./write_bundle.ts";

const host = denoHost();
let folder: string;

describe("bundles", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-bundle-" });
  });

  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  describe("bundleDigest()", () => {
    it("depends on content, names and what can be executed, not on order or place", () => {
      const [a, b] = [file("a", "1"), file("b", "2")];
      expect(bundleDigest([a, b])).toBe(bundleDigest([b, { ...a, sizeBytes: 9 }]));
      for (
        const other of [{ ...a, path: "c" }, { ...a, sha256: "3".repeat(64) }, { ...a, executable: true }]
      ) {
        expect(bundleDigest([other, b])).not.toBe(bundleDigest([a, b]));
      }
    });
  });

  describe("parseManifest()", () => {
    it("refuses what is no JSON, of a future schema, and paths that lead out of the folder", () => {
      expect(() => parseManifest("{", "m")).toThrow('Cannot read "m": it is not JSON');
      expect(() => parseManifest('{"schema":2}', "m")).toThrow('Cannot read "m": schema 2 is not known');
      const manifest = { ...write({ jobs: [] }), files: [file("../a", "1")] };
      expect(() => parseManifest(JSON.stringify(manifest), "m")).toThrow(
        'Cannot read "m": files.0.path: not a path inside the bundle',
      );
    });
  });

  describe("writeBundle() and its script", () => {
    it("runs every process once, keeps what failed, and goes on where it stopped", async () => {
      write({
        jobs: [
          { name: "m/one", words: ["--out", "out/m/one", "--code", "0"] },
          { name: "m/two", words: ["--out", "out/m/two", "--code", "3"] },
        ],
      });
      expect(await start()).toMatchObject({ code: 1 });
      const exits = ["one", "two"].map((name) => host.fs.readTextFile(join(folder, "out/m", name, "exit")));
      expect(exits).toEqual([expect.stringMatching(/^0 [\d.]+ [\d.]+\n$/), expect.stringMatching(/^3 /)]);
      expect(host.fs.readTextFile(join(folder, "out/m/two/log"))).toBe("ran\n");
      expect(host.fs.readTextFile(join(folder, "out/before.txt"))).toContain("kernel=");

      host.fs.remove(join(folder, "out/m/one"));
      expect((await start()).stderr).toContain("1 of 2: m/one");
      expect((await start()).stderr).not.toContain("of 2:");
    });

    it("tells of a machine with another processor", async () => {
      const job = { name: "m/one", words: ["--out", "out/m/one"] };
      write({ jobs: [job], extra: ["libc/ld-linux-none.so.1", "driver/vk_swiftshader_icd.json"] });
      expect(await start()).toMatchObject({
        code: 66,
        stderr: expect.stringContaining("built for ld-linux-none"),
      });
    });

    it.each([
      ["nothing can be written", 'mkdir "$2/exit.new"'],
      ["the runner has no space", 'echo "Cannot write: No space left on device" >&2; exit 1'],
    ])("ends where %s, and does not take that for a failure of the model", async (_what, text) => {
      write({
        jobs: [{ name: "m/one", words: ["--out", "out/m/one"] }],
        runner: `#!/bin/sh\n[ -e space ] && exit 0\n${text}\n`,
      });
      expect(await start()).toMatchObject({
        code: 74,
        stderr: expect.stringContaining("make space and start again"),
      });
      expect(host.fs.lstat(join(folder, "out/m/one/exit"))).toBeUndefined();
      host.fs.writeFile(join(folder, "space"), "");
      expect((await start()).code).toBe(0);
    });

    it("refuses words that sh would take apart", () => {
      expect(() => write({ jobs: [{ name: "m/one", words: ["a b"] }] })).toThrow(TypeError);
    });
  });

  describe("RecordingTarget and ReplayTarget", () => {
    it("meet by the name of a process: what was not run is told as missing", async () => {
      const request = {
        backend: "cpu" as const,
        modelFolder: "/host/m",
        modelFile: "m.pt",
        inputFolder: "/host/m/golden",
        inputs: ["x.json"],
        outFolder: join(folder, "work/m/cpu-0"),
        warmup: 0,
        iterations: 1,
      };
      const folders = new Map([["/host/m", "models/m"], ["/host/m/golden", "models/m/golden"]]);
      const recorder = new RecordingTarget({ folders, timeoutMs: 1_000 });
      expect((await recorder.run(request)).runner.ok).toBe(false);
      expect(recorder.jobs).toMatchObject([{ name: "m/cpu-0" }]);
      expect(recorder.jobs[0]!.words.join(" ")).toContain("--model models/m/m.pt --backend cpu");
      expect(recorder.jobs[0]!.words.join(" ")).toContain("--out out/m/cpu-0");

      const replay = new ReplayTarget(join(folder, "out"));
      expect((await replay.run(request)).runner.ok).toBe(false);
      expect(replay.missing).toEqual(["m/cpu-0"]);
      host.fs.mkdir(join(folder, "out/m/cpu-0"));
      host.fs.writeFile(join(folder, "out/m/cpu-0/exit"), "139 10.00 10.50\n");
      host.fs.writeFile(join(folder, "out/m/cpu-0/log"), "Segmentation fault\n");
      expect(await replay.run(request)).toMatchObject({
        wallMs: 500,
        runner: { ok: false, failure: { detail: "Segmentation fault" } },
      });
    });
  });
});

function file(path: string, digit: string): BundleFile {
  return { path, source: path, sha256: digit.repeat(64), sizeBytes: 1, executable: false };
}

interface Wanted {
  readonly jobs: readonly Job[];
  /** Paths of further files. */
  readonly extra?: readonly string[];
  /** Text of the runner. */
  readonly runner?: string;
}

const RUNNER = "#!/bin/sh\necho ran\nexit ${4:-0}\n";

/** Writes a bundle whose runner is a script that says "ran" and ends as it is told. */
function write({ jobs, extra = [], runner = RUNNER }: Wanted): BundleManifest {
  const source = join(folder, "source");
  host.fs.mkdir(source);
  const texts: Readonly<Record<string, string>> = {
    "bin/vkforge-runner": runner,
    run: host.fs.readTextFile(scriptPath("run")),
    "describe.sh": host.fs.readTextFile(scriptPath("describe")),
    ...Object.fromEntries(extra.map((path) => [path, ""])),
  };
  const files = Object.entries(texts).map(([path, text], index): BundleFile => {
    const from = join(source, String(index));
    host.fs.writeFile(from, text);
    return { ...file(path, String(index)), source: from, executable: true };
  });
  const bundle: Bundle = {
    platform: { abi: "x86_64", libc: "glibc" },
    driver: "device",
    files,
    folders: new Map(),
  };
  const about = {
    profile: "stock" as const,
    madeAt: "2026-01-01T00:00:00Z",
    versions: {},
    options: {},
    digests: [],
    drift: [],
    models: [],
  };
  const manifest = writeBundle(bundle, { host, folder, jobs, about });
  return manifest;
}

async function start(): Promise<{ readonly code: number; readonly stderr: string }> {
  const { code, stderr } = await new Deno.Command(join(folder, "run"), {
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin" },
  }).output();
  return { code, stderr: new TextDecoder().decode(stderr) };
}
