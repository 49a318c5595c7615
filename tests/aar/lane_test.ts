/**
 * The lane of official AARs through the real engine and sandbox, with small stand-ins for what Maven Central has.
 */
import { afterAll, describe, expect, it } from "vitest";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { goodEntries, PYTORCH_CLASSES, zipOf } from "../../aar/_testing.ts";
import { judgeAar, readAar } from "../../aar/mod.ts";
import { denoHost } from "../../engine/deno_host.ts";
import type { LockedSource } from "../../engine/mod.ts";
import { legacyLane } from "../../recipes/aar/legacy_aar.ts";
import { AAR_FILES, DEPENDENCIES, OFFICIAL_AARS, sourceName } from "../../recipes/aar/official.ts";
import { materialsOf } from "../../recipes/materials.ts";
import { loadProject } from "../../recipes/project.ts";
import { openEngine } from "../../tasks/_session.ts";

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

const jar = zipOf(PYTORCH_CLASSES);
const contents = { aar: zipOf(goodEntries()), sources: jar, javadoc: jar };
const sources = Object.fromEntries([
  ...OFFICIAL_AARS.flatMap((aar) =>
    AAR_FILES.map((kind) => [sourceName(aar, kind), standIn(sourceName(aar, kind), contents[kind])] as const)
  ),
  ...DEPENDENCIES.flatMap((module) =>
    ["jar", "pom"].map((extension) => {
      const name = sourceName(module, extension);
      return [name, standIn(name, new TextEncoder().encode(name))] as const;
    })
  ),
]);

const project = await loadProject(host, REPOSITORY);
const materials = materialsOf({ ...project.lock, sources }, project.materials);
const lane = legacyLane(materials, { version: "1.13.1", group: "com.example" });
const options = { engine: "auto", jobs: host.machine.cpus, logFormat: "plain" } as const;
const engine = openEngine(host, project, options, () => {});

describe("the lane of official AARs", () => {
  afterAll(async () => await Deno.remove(folder, { recursive: true }));

  it("makes a repository whose AAR passes every check", async () => {
    const manifests = await engine.build([lane.repository], signal);
    const manifest = manifests.get(lane.repository.name);
    if (manifest === undefined) throw new Error("not built");
    const module = join(engine.folderOf(manifest), "maven/com/example/pytorch_android/1.13.1");
    const aar = await readAar(await Deno.readFile(join(module, "pytorch_android-1.13.1.aar")));
    const odd = judgeAar(aar, { strict: true }).filter(({ status }) =>
      status !== "pass" && status !== "none"
    );
    expect(odd).toEqual([]);
    expect(new Set(aar.zip.entries.map(({ time }) => time))).toEqual(new Set(["1980-01-01 00:00:00"]));
    const pom = await Deno.readTextFile(join(module, "pytorch_android-1.13.1.pom"));
    expect(pom).toContain("<artifactId>fbjni-java-only</artifactId>");
    expect(await Deno.readTextFile(join(module, "pytorch_android-1.13.1.aar.sha256"))).toBe(aar.sha256);
  });

  it("makes the same bytes under other conditions", async () => {
    const steps = [...lane.normalised, lane.repository];
    const verdicts = await engine.verify(steps, signal, { runs: 1, findCause: false });
    expect(verdicts.map(({ name, outcome }) => [name, outcome])).toEqual([
      ["aar/pytorch_android-1.13.1", "reproducible"],
      ["aar/maven-1.13.1", "reproducible"],
    ]);
  });
});
