/**
 * A POM with what it inherits: properties, managed versions and dependencies of its parents and imported BOMs.
 *
 * @module
 */
import type { Pom, PomDependency, PomId } from "./pom.ts";

/** A dependency that has a version. */
export interface EffectiveDependency extends PomDependency {
  readonly version: string;
}

/** What {@linkcode effectivePom} gives. */
export interface EffectivePom {
  readonly packaging: string;
  /** What it needs to run: scopes compile and runtime, without what is optional. */
  readonly dependencies: readonly EffectiveDependency[];
}

/** Reads the POM of a module; notes that it is needed. */
export type ReadPom = (id: PomId) => Promise<Pom>;

/**
 * The POM of a module with all that it inherits.
 *
 * @throws {SyntaxError} for a dependency without a version
 */
export async function effectivePom(id: PomId, read: ReadPom): Promise<EffectivePom> {
  const { pom, inherited } = await inherit(id, read);
  const managed = new Map(inherited.managed.map((one) => [keyOf(one), one]));
  const dependencies = inherited.dependencies
    .map((one): PomDependency => {
      const defaults = managed.get(keyOf(one));
      return {
        ...one,
        version: one.version ?? defaults?.version,
        scope: one.scope || defaults?.scope || "compile",
        exclusions: [...one.exclusions, ...(defaults?.exclusions ?? [])],
      };
    })
    .filter(({ scope, optional }) => (scope === "compile" || scope === "runtime") && !optional)
    .map((one): EffectiveDependency => {
      if (one.version !== undefined) return { ...one, version: one.version };
      throw new SyntaxError(`${textOf(id)} names no version of ${one.group}:${one.artifact}`);
    });
  return { packaging: pom.packaging, dependencies };
}

interface Inherited {
  readonly properties: Readonly<Record<string, string>>;
  /** First one of a key counts last: parents before children. */
  readonly managed: readonly PomDependency[];
  readonly dependencies: readonly PomDependency[];
}

async function inherit(
  id: PomId,
  read: ReadPom,
  /** Properties of descendants: they replace those of the parents wherever the parents use them. */
  overrides: Readonly<Record<string, string>> = {},
): Promise<{ readonly pom: Pom; readonly inherited: Inherited }> {
  const pom = await read(id);
  const properties = { ...pom.properties, ...overrides };
  const above = pom.parent === undefined
    ? { properties: {}, managed: [], dependencies: [] }
    : (await inherit(pom.parent, read, properties)).inherited;
  const own = {
    ...above.properties,
    ...properties,
    "project.groupId": id.group,
    "project.artifactId": id.artifact,
    "project.version": id.version,
    "pom.groupId": id.group,
    "pom.version": id.version,
    groupId: id.group,
    version: id.version,
    ...(pom.parent === undefined
      ? {}
      : { "project.parent.version": pom.parent.version, "project.parent.groupId": pom.parent.group }),
  };
  const fill = (one: PomDependency) => interpolated(one, own);
  const managed = await Promise.all(
    pom.managed.map(fill).map(async (one): Promise<readonly PomDependency[]> => {
      if (one.scope !== "import") return [one];
      if (one.version === undefined) {
        throw new SyntaxError(`${textOf(id)} imports ${keyOf(one)} of no version`);
      }
      return (await inherit({ ...one, version: one.version }, read)).inherited.managed;
    }),
  );
  return {
    pom,
    inherited: {
      properties: own,
      managed: [...above.managed, ...managed.flat()],
      dependencies: [...above.dependencies, ...pom.dependencies.map(fill)],
    },
  };
}

function interpolated(one: PomDependency, properties: Readonly<Record<string, string>>): PomDependency {
  const fill = (text: string): string => {
    // Properties may name others.
    for (let depth = 0; depth < 8 && text.includes("${"); depth++) {
      text = text.replaceAll(/\$\{([^}]+)\}/g, (whole, name: string) => properties[name] ?? whole);
    }
    return text;
  };
  return {
    ...one,
    group: fill(one.group),
    artifact: fill(one.artifact),
    version: one.version === undefined ? undefined : fill(one.version),
    scope: fill(one.scope),
    exclusions: one.exclusions.map(fill),
  };
}

function keyOf({ group, artifact, type, classifier }: PomDependency): string {
  return `${group}:${artifact}:${type}:${classifier ?? ""}`;
}

function textOf({ group, artifact, version }: PomId): string {
  return `${group}:${artifact}:${version}`;
}
