import { describe, expect, it } from "vitest";
import { join } from "node:path";
import { denoHost } from "../../engine/deno_host.ts";
import { loadProject } from "../project.ts";
import { legacyLane } from "./legacy_aar.ts";
import { AAR_FILES, DEPENDENCIES, OFFICIAL_AARS, sourceName } from "./official.ts";

const { materials, lock } = await loadProject(denoHost(), join(import.meta.dirname ?? ".", "..", ".."));

describe("legacyLane()", () => {
  for (const { version, artifact } of OFFICIAL_AARS) {
    it(`makes ${artifact} ${version} and its repository`, () => {
      const { normalised, repository } = legacyLane(materials, { version, group: "com.example" });
      const step = normalised.find(({ name }) => name === `aar/${artifact}-${version}`);
      expect(repository.inputs[artifact]).toEqual({ kind: "step", step });
      expect(repository.script).toContain('"group": "com.example"');
    });
  }

  it("names its own modules by its group where others depend on them", () => {
    const { repository } = legacyLane(materials, { version: "1.12.2", group: "com.example" });
    expect(repository.script).not.toContain('"org.pytorch"');
  });

  it("does not make the AAR anew for another group", () => {
    const [one, other] = ["a", "b"].map((group) => legacyLane(materials, { version: "1.13.1", group }));
    expect(one?.normalised).toEqual(other?.normalised);
    expect(one?.repository.script).not.toBe(other?.repository.script);
  });

  it("says which versions there are", () => {
    expect(() => legacyLane(materials, { version: "2.1.0", group: "vkforge" })).toThrow(
      "The lock pins no official AAR of PyTorch 2.1.0",
    );
  });

  it("refuses groups that would leave the repository or break the script", () => {
    for (const group of ["", "..", "a/b", "a..b", "x'y", "a b", "END\nrm"]) {
      expect(() => legacyLane(materials, { version: "1.13.1", group }), group).toThrow(
        "Cannot use the group",
      );
    }
  });
});

describe("the lock", () => {
  const names = [
    ...OFFICIAL_AARS.flatMap((aar) => AAR_FILES.map((kind) => sourceName(aar, kind))),
    ...DEPENDENCIES.flatMap((module) => ["jar", "pom"].map((extension) => sourceName(module, extension))),
  ];

  it("pins every file of the lane by SHA-256 and the publisher's SHA-1", () => {
    for (const name of names) {
      expect(lock.sources[name]).toMatchObject({ sha256: expect.any(String), sha1: expect.any(String) });
    }
  });

  it("pins what the AARs depend on", () => {
    const pinned = DEPENDENCIES.map((one) => `${one.artifact}:${one.version}`);
    const official = OFFICIAL_AARS.map((one) => `${one.artifact}:${one.version}`);
    for (const { dependencies } of OFFICIAL_AARS) {
      for (const { artifact, version } of dependencies) {
        expect([...pinned, ...official]).toContain(`${artifact}:${version}`);
      }
    }
  });
});
