/**
 * The lane of source through the real engine and sandbox: upstream's Java files and build scripts, read by a real Gradle,
 * with stand-ins for what only Google has (tests/aar/standin). Takes minutes.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { vulkanConstants, zipOf } from "../../aar/_testing.ts";
import { type Aar, judgeAar, readAar } from "../../aar/mod.ts";
import { denoHost } from "../../engine/deno_host.ts";
import { EngineError, type LockedSource } from "../../engine/mod.ts";
import { loadProject } from "../../recipes/project.ts";
import { openEngine } from "../../tasks/_session.ts";
import { consumer, standinLane } from "./standin/standin.ts";

const REPOSITORY = join(import.meta.dirname ?? ".", "..", "..");
const host = denoHost();
const { signal } = new AbortController();
const folder = await Deno.makeTempDir();

/** A pinned file of this machine. */
function standIn(name: string, bytes: Uint8Array): LockedSource {
  const path = join(folder, name);
  Deno.writeFileSync(path, bytes);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  return { kind: "https", url: `file://${path}`, sha256, sizeBytes: bytes.length };
}

const project = await loadProject(host, REPOSITORY);
const files = {
  constants: standIn("constants.bin", vulkanConstants()),
  aapt2: standIn("aapt2.jar", zipOf([{ name: "aapt2", data: "#!/bin/sh\n" }])),
  buildTools: standIn(
    "tools.zip",
    zipOf([{ name: "android-10/source.properties", data: "Pkg.Revision=29.0.2\n" }]),
  ),
};
const { lane, parts } = await standinLane(host, project, files);
const options = { engine: "auto", jobs: host.machine.cpus, logFormat: "plain" } as const;
const engine = openEngine(host, project, options, () => {});

describe("the lane of source, with stand-ins", () => {
  let module = "";
  afterAll(async () => await Deno.remove(folder, { recursive: true }));
  beforeAll(async () => {
    const manifest = (await engine.build([lane.repository], signal)).get(lane.repository.name);
    if (manifest === undefined) throw new Error("not built");
    module = join(engine.folderOf(manifest), "maven", "com", "example");
  });

  const read = async (artifact: string): Promise<Aar> =>
    await readAar(
      await Deno.readFile(join(module, artifact, "1.13.1-vkforge", `${artifact}-1.13.1-vkforge.aar`)),
    );

  for (const artifact of ["pytorch_android", "pytorch_android_torchvision"]) {
    it(`makes ${artifact}, which passes every check`, async () => {
      const odd = judgeAar(await read(artifact), { strict: true }).filter(({ status }) =>
        status !== "pass" && status !== "none"
      );
      expect(odd).toEqual([]);
    });
  }

  it("links every library for pages of 16 KB: Gradle's, CMake's and the C++ library", async () => {
    const { libraries } = await read("pytorch_android");
    expect(libraries.map(({ name }) => name).sort()).toEqual([
      "libc++_shared.so",
      "libfbjni.so",
      "libpytorch_jni.so",
    ]);
    const result = judgeAar(await read("pytorch_android")).find(({ name }) => name === "page-alignment");
    expect(result?.status).toBe("pass");
  });

  it("has the full JIT's classes, upstream's headers and licences", async () => {
    const aar = await read("pytorch_android");
    const classes = aar.jars.flatMap((jar) => jar.classes.map(({ name }) => name));
    expect(classes).toContain("org/pytorch/Module");
    expect(classes).not.toContain("org/pytorch/LiteModuleLoader");
    const names = aar.zip.entries.map(({ name }) => name);
    expect(names).toContain("headers/torch/script.h");
    expect(names).toContain("META-INF/LICENSE");
    expect(names).toContain("META-INF/licenses/standin/LICENSE");
  });

  it("publishes sources, documentation and what the modules depend on", async () => {
    const version = join(module, "pytorch_android_torchvision", "1.13.1-vkforge");
    const stem = join(version, "pytorch_android_torchvision-1.13.1-vkforge");
    for (const end of ["-sources.jar", "-javadoc.jar", ".module", ".aar.sha256"]) {
      expect((await Deno.stat(stem + end)).isFile).toBe(true);
    }
    const pom = await Deno.readTextFile(`${stem}.pom`);
    expect(pom).toMatch(
      /<groupId>com\.example<\/groupId>\s*<artifactId>pytorch_android<\/artifactId>\s*<version>1\.13\.1-vkforge</,
    );
    expect(pom).toContain("<artifactId>nativeloader</artifactId>");
  });

  it("is resolved by Maven, and a class compiles against it with Gradle", async () => {
    const step = consumer(lane, parts);
    const manifest = (await engine.build([step], signal)).get(step.name);
    if (manifest === undefined) throw new Error("not built");
    const lines = async (name: string) =>
      (await Deno.readTextFile(join(engine.folderOf(manifest), name))).trim().split("\n");
    expect(await lines("maven")).toEqual([
      "./fbjni-java-only-0.2.2.jar",
      "./nativeloader-0.10.4.jar",
      "./pytorch_android-1.13.1-vkforge.aar",
      "./pytorch_android_torchvision-1.13.1-vkforge.aar",
    ]);
    expect(await lines("classes")).toEqual(["./com/example/Classifier.class"]);
  });

  it("makes the lite interpreter's AAR under a name of its own", async () => {
    const lite = await standinLane(host, project, files, { variant: "lite" });
    const [step] = lite.lane.normalised;
    const manifest = step === undefined ? undefined : (await engine.build([step], signal)).get(step.name);
    if (manifest === undefined) throw new Error("not built");
    const name = "pytorch_android_lite-1.13.1-vkforge.aar";
    const aar = await readAar(await Deno.readFile(join(engine.folderOf(manifest), name)));
    const results = judgeAar(aar, { strict: true });
    expect(results.filter(({ status }) => status !== "pass" && status !== "none")).toEqual([]);
    expect(results.find(({ name }) => name === "jni-variant")?.summary).toBe("lite interpreter");
  });

  it("names the module that Gradle lacks, the cause and the fix", async () => {
    const broken = await standinLane(host, project, files, {
      without: "com/facebook/soloader/nativeloader/0.10.4",
    });
    const failure = await engine.build([broken.lane.java], signal).catch((error: unknown) => error);
    if (!(failure instanceof EngineError)) throw new Error("It was built");
    expect(failure.code).toBe("step-failed");
    const last = failure.detail.at(-1);
    expect(last).toContain(
      'Gradle needs "com.facebook.soloader:nativeloader:0.10.4", which gradle.lock.json does not',
    );
    expect(last).toContain("deno task lock gradle-dependencies");
  });

  it("makes the same bytes under other conditions", async () => {
    const verdicts = await engine.verify([lane.java, ...lane.normalised, lane.repository], signal, {
      runs: 1,
      findCause: false,
    });
    const told = verdicts.map(({ name, outcome, runs, error }) => ({
      name,
      outcome,
      differences: runs.flatMap(({ differences }) => differences),
      error: error?.detail,
    }));
    const fine = { outcome: "reproducible", differences: [], error: undefined };
    expect(told).toEqual([
      { name: "torch-android/java-full", ...fine },
      { name: "torch-android/pytorch_android", ...fine },
      { name: "torch-android/pytorch_android_torchvision", ...fine },
      { name: "torch-android/maven-full", ...fine },
    ]);
  });
});
