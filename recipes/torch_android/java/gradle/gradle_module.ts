/**
 * Gradle's module metadata: the variant that is taken to run something on a JVM.
 *
 * @module
 */
import { z } from "zod";

const dependency = z.object({
  group: z.string(),
  module: z.string(),
  version: z.object({
    strictly: z.string().optional(),
    requires: z.string().optional(),
    prefers: z.string().optional(),
  }).optional(),
  excludes: z.array(z.object({ group: z.string(), module: z.string() })).optional(),
});

const schema = z.object({
  variants: z.array(z.object({
    name: z.string(),
    attributes: z.record(z.string(), z.unknown()).optional(),
    dependencies: z.array(dependency).optional(),
    dependencyConstraints: z.array(dependency).optional(),
    files: z.array(z.object({ url: z.string() })).optional(),
    "available-at": z.unknown().optional(),
  })),
});

/** What is needed to run a module. */
export interface GradleModule {
  readonly dependencies: ReadonlyArray<{
    readonly group: string;
    readonly artifact: string;
    readonly version: string;
    readonly exclusions: readonly string[];
    readonly type: string;
    readonly classifier: undefined;
  }>;
  /** Names of its files. */
  readonly files: readonly string[];
}

/** @throws {SyntaxError} if it has no variant to run on a JVM; z.ZodError if it is no such document */
export function parseGradleModule(text: string): GradleModule {
  const { variants } = schema.parse(JSON.parse(text));
  const runtime = variants.find(({ attributes = {} }) =>
    attributes["org.gradle.usage"] === "java-runtime" &&
    (attributes["org.gradle.category"] ?? "library") === "library"
  );
  if (runtime === undefined) throw new SyntaxError("It has no variant for java-runtime");
  if (runtime["available-at"] !== undefined) {
    throw new SyntaxError("It refers to another module");
  }
  return {
    dependencies: (runtime.dependencies ?? []).map(({ group, module, version, excludes }) => ({
      group,
      artifact: module,
      version: version?.strictly ?? version?.requires ?? version?.prefers ?? "",
      exclusions: (excludes ?? []).map((one) => `${one.group}:${one.module}`),
      type: "jar",
      classifier: undefined,
    })),
    files: (runtime.files ?? []).map(({ url }) => url),
  };
}
