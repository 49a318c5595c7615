import { describe, expect, it } from "vitest";
import { effectivePom } from "./effective_pom.ts";
import { parsePom, type PomId } from "./pom.ts";

const POMS: Readonly<Record<string, string>> = {
  "g:parent:1": `<project>
    <groupId>g</groupId><artifactId>parent</artifactId><version>1</version><packaging>pom</packaging>
    <properties><tool>3</tool><deep>\${tool}</deep></properties>
    <dependencyManagement><dependencies>
      <dependency><groupId>g</groupId><artifactId>bom</artifactId><version>5</version><type>pom</type><scope>import</scope></dependency>
      <dependency><groupId>m</groupId><artifactId>managed</artifactId><version>\${deep}</version></dependency>
    </dependencies></dependencyManagement>
  </project>`,
  "g:bom:5": `<project>
    <groupId>g</groupId><artifactId>bom</artifactId><version>5</version>
    <dependencyManagement><dependencies>
      <dependency><groupId>m</groupId><artifactId>listed</artifactId><version>\${project.version}</version><scope>test</scope></dependency>
    </dependencies></dependencyManagement>
  </project>`,
  "g:child:2": `<project>
    <parent><groupId>g</groupId><artifactId>parent</artifactId><version>1</version></parent>
    <artifactId>child</artifactId><version>2</version>
    <!-- do_not_remove: published-with-gradle-metadata -->
    <properties><tool>4</tool></properties>
    <dependencies>
      <dependency><groupId>m</groupId><artifactId>managed</artifactId></dependency>
      <dependency><groupId>m</groupId><artifactId>listed</artifactId></dependency>
      <dependency><groupId>\${project.groupId}</groupId><artifactId>sibling</artifactId><version>\${project.version}</version>
        <scope>runtime</scope><exclusions><exclusion><groupId>x</groupId><artifactId>*</artifactId></exclusion></exclusions>
      </dependency>
      <dependency><groupId>m</groupId><artifactId>maybe</artifactId><version>1</version><optional>true</optional></dependency>
      <dependency><groupId>m</groupId><artifactId>given</artifactId><version>1</version><scope>provided</scope></dependency>
    </dependencies>
  </project>`,
  "g:broken:1": `<project><artifactId>broken</artifactId><dependencies>
    <dependency><groupId>m</groupId><artifactId>none</artifactId></dependency></dependencies></project>`,
};

const read = ({ group, artifact, version }: PomId) =>
  Promise.resolve(parsePom(POMS[`${group}:${artifact}:${version}`] ?? ""));

describe("effectivePom()", () => {
  it("takes versions from parents and BOMs, with the child's properties, and what is needed to run", async () => {
    const { dependencies } = await effectivePom({ group: "g", artifact: "child", version: "2" }, read);
    expect(
      dependencies.map(({ group, artifact, version, exclusions }) => ({
        id: `${group}:${artifact}:${version}`,
        exclusions,
      })),
    ).toEqual([
      { id: "m:managed:4", exclusions: [] },
      { id: "g:sibling:2", exclusions: ["x:*"] },
    ]);
  });

  it("refuses a dependency without a version", async () => {
    await expect(effectivePom({ group: "g", artifact: "broken", version: "1" }, read)).rejects.toThrow(
      "g:broken:1 names no version of m:none",
    );
  });
});

describe("parsePom()", () => {
  it("sees the comment by which Gradle knows of module metadata", () => {
    expect(parsePom(POMS["g:child:2"] ?? "").hasGradleMetadata).toBe(true);
    expect(parsePom(POMS["g:bom:5"] ?? "").hasGradleMetadata).toBe(false);
  });

  it("refuses what is no POM", () => {
    expect(() => parsePom("<html/>")).toThrow("no <project>");
  });
});
