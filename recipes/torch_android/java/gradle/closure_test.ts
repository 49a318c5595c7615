import { describe, expect, it } from "vitest";
import { type Repositories, type Request, resolveClosure } from "./closure.ts";

/** A repository of modules, each with the modules it depends on; "x:1!y:*" leaves y out below x. */
function repositoryOf(modules: Readonly<Record<string, readonly string[]>>) {
  const taken = new Set<string>();
  const repositories: Repositories = {
    text: (id, fileName) => {
      taken.add(fileName);
      const dependencies = modules[`${id.artifact}:${id.version}`];
      if (dependencies === undefined) throw new Error(`no ${id.artifact}:${id.version}`);
      return Promise.resolve(
        `<project><groupId>g</groupId><artifactId>${id.artifact}</artifactId><dependencies>${
          dependencies.map((one) => {
            const [name = "", excluded] = one.split("!");
            const [artifact, version] = name.split(":");
            return `<dependency><groupId>g</groupId><artifactId>${artifact}</artifactId><version>${version}</version>${
              excluded === undefined
                ? ""
                : `<exclusions><exclusion><groupId>g</groupId><artifactId>${excluded}</artifactId></exclusion></exclusions>`
            }</dependency>`;
          }).join("")
        }</dependencies></project>`,
      );
    },
    file: (_, fileName) => {
      taken.add(fileName);
      return Promise.resolve();
    },
  };
  return { repositories, taken };
}

const root: Request = { group: "g", artifact: "root", version: "1" };

describe("resolveClosure()", () => {
  it("takes the newest of a module, and the POMs alone of what loses", async () => {
    const { repositories, taken } = repositoryOf({
      "root:1": ["a:1", "b:1"],
      "a:1": ["lib:1.2"],
      "b:1": ["lib:1.10"],
      "lib:1.2": ["old:1"],
      "lib:1.10": [],
      "old:1": [],
    });
    await resolveClosure([[root]], repositories);
    expect([...taken].filter((name) => name.endsWith(".jar")).sort()).toEqual([
      "a-1.jar",
      "b-1.jar",
      "lib-1.10.jar",
      "root-1.jar",
    ]);
    expect(taken.has("lib-1.2.pom")).toBe(true);
  });

  it("leaves out what is excluded on every way to it", async () => {
    const { repositories, taken } = repositoryOf({
      "root:1": ["a:1!lib", "b:1!other"],
      "a:1": ["lib:1"],
      "b:1": [],
      "lib:1": [],
    });
    await resolveClosure([[root]], repositories);
    expect(taken.has("lib-1.pom")).toBe(false);
  });

  it("takes modules that depend on one another", async () => {
    const { repositories, taken } = repositoryOf({ "root:1": ["a:1"], "a:1": ["root:1"] });
    await resolveClosure([[root]], repositories);
    expect(taken.has("a-1.jar")).toBe(true);
  });

  it("takes [1] for 1 and refuses ranges", async () => {
    const pinned = repositoryOf({ "root:1": ["a:[1]"], "a:1": [] });
    await resolveClosure([[root]], pinned.repositories);
    expect(pinned.taken.has("a-1.jar")).toBe(true);
    await expect(resolveClosure([[root]], repositoryOf({ "root:1": ["a:[1,2)"] }).repositories)).rejects
      .toThrow("Version ranges cannot be locked: [1,2)");
  });
});
