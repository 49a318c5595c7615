import { describe, expect, it } from "vitest";
import { parseGradleModule } from "./gradle_module.ts";

const runtime = {
  name: "runtimeElements",
  attributes: { "org.gradle.usage": "java-runtime", "org.gradle.category": "library" },
  dependencies: [
    { group: "g", module: "a", version: { requires: "1" }, excludes: [{ group: "x", module: "*" }] },
    { group: "g", module: "b", version: { strictly: "2", requires: "1" } },
  ],
  files: [{ name: "m.jar", url: "m-1.jar" }],
};

describe("parseGradleModule()", () => {
  it("takes the variant that runs on a JVM", () => {
    const api = { ...runtime, name: "apiElements", attributes: { "org.gradle.usage": "java-api" } };
    const { dependencies, files } = parseGradleModule(JSON.stringify({ variants: [api, runtime] }));
    expect(dependencies.map(({ artifact, version, exclusions }) => ({ artifact, version, exclusions })))
      .toEqual([
        { artifact: "a", version: "1", exclusions: ["x:*"] },
        { artifact: "b", version: "2", exclusions: [] },
      ]);
    expect(files).toEqual(["m-1.jar"]);
  });

  it("refuses a module without one, or that refers elsewhere", () => {
    expect(() => parseGradleModule(JSON.stringify({ variants: [] }))).toThrow("java-runtime");
    const elsewhere = { ...runtime, "available-at": { url: "../x.module" } };
    expect(() => parseGradleModule(JSON.stringify({ variants: [elsewhere] }))).toThrow("another module");
  });
});
