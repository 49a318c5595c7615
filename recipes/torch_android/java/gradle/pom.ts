/**
 * What a Maven POM says that counts for resolving: who it is, what it inherits, what it depends on.
 *
 * @module
 */
import { XMLParser } from "fast-xml-parser";

/** A dependency as written; versions may be missing or hold properties. */
export interface PomDependency {
  readonly group: string;
  readonly artifact: string;
  readonly version: string | undefined;
  readonly scope: string;
  readonly type: string;
  readonly classifier: string | undefined;
  readonly optional: boolean;
  /** `group:artifact`, either of which may be `*`. */
  readonly exclusions: readonly string[];
}

/** Coordinates of a POM. */
export interface PomId {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

/** A POM as written. */
export interface Pom {
  readonly group: string | undefined;
  readonly artifact: string;
  readonly version: string | undefined;
  readonly packaging: string;
  readonly parent: PomId | undefined;
  readonly properties: Readonly<Record<string, string>>;
  readonly managed: readonly PomDependency[];
  readonly dependencies: readonly PomDependency[];
  /** Whether Gradle, on seeing it, goes on to read the module metadata beside it. */
  readonly hasGradleMetadata: boolean;
}

/** The comment by which Gradle knows that a POM has module metadata beside it. */
const GRADLE_MARKER = "published-with-gradle-metadata";

const LISTS = new Set(["dependency", "exclusion"]);

/** @throws {SyntaxError} if it is no POM */
export function parsePom(text: string): Pom {
  const parser = new XMLParser({
    parseTagValue: false,
    ignoreAttributes: true,
    isArray: (name) => LISTS.has(String(name)),
  });
  const { project } = parser.parse(text) as { readonly project?: Node };
  if (typeof project !== "object") throw new SyntaxError("It has no <project>");
  return {
    group: textOf(project["groupId"]),
    artifact: textOf(project["artifactId"]) ?? "",
    version: textOf(project["version"]),
    packaging: textOf(project["packaging"]) ?? "jar",
    parent: parentOf(project["parent"]),
    properties: propertiesOf(project["properties"]),
    managed: dependenciesOf(childOf(project["dependencyManagement"], "dependencies")),
    dependencies: dependenciesOf(project["dependencies"]),
    hasGradleMetadata: text.includes(GRADLE_MARKER),
  };
}

/** An element, by the names of its children. */
type Node = Readonly<Record<string, unknown>>;

function parentOf(value: unknown): PomId | undefined {
  const [group, artifact, version] = ["groupId", "artifactId", "version"].map((name) =>
    textOf(childOf(value, name))
  );
  if (group === undefined || artifact === undefined || version === undefined) return undefined;
  return { group, artifact, version };
}

function propertiesOf(value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const text = textOf(one);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

function dependenciesOf(value: unknown): PomDependency[] {
  return listOf(value, "dependency").map((one) => ({
    group: textOf(one["groupId"]) ?? "",
    artifact: textOf(one["artifactId"]) ?? "",
    version: textOf(one["version"]),
    scope: textOf(one["scope"]) ?? "",
    type: textOf(one["type"]) ?? "jar",
    classifier: textOf(one["classifier"]),
    optional: textOf(one["optional"]) === "true",
    exclusions: listOf(one["exclusions"], "exclusion").map((excluded) =>
      `${textOf(excluded["groupId"]) ?? "*"}:${textOf(excluded["artifactId"]) ?? "*"}`
    ),
  }));
}

function listOf(value: unknown, name: string): Node[] {
  const list = childOf(value, name);
  return Array.isArray(list)
    ? list.filter((one): one is Node => typeof one === "object" && one !== null)
    : [];
}

function childOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Node)[name] : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value.trim() : undefined;
}
