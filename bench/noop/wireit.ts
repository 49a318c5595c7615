/**
 * The graph as scripts of one npm package, run by wireit.
 *
 * @module
 */
import { join } from "node:path";
import { dependenciesOf, type GraphSize, stepName, targetsOf, writeSources } from "./graph.ts";
import { environment, run, type System, which } from "./system.ts";

const VERSION = "0.14.13";

/** Writes the graph to a folder and installs wireit there. */
export async function wireitSystem(folder: string, size: GraphSize): Promise<System> {
  await writeSources(size, (index) => join(folder, "src", stepName(index)));
  const indexes = Array.from({ length: size.steps }, (_, index) => index);
  const all = {
    name: "benchmark",
    private: true,
    scripts: Object.fromEntries([...indexes.map(stepName), "all"].map((name) => [name, "wireit"])),
    devDependencies: { wireit: VERSION },
    wireit: {
      ...Object.fromEntries(indexes.map((index) => [stepName(index), scriptOf(index)])),
      all: { dependencies: targetsOf(size.steps).map(stepName) },
    },
  };
  await Deno.mkdir(join(folder, "out"), { recursive: true });
  await Deno.writeTextFile(join(folder, "package.json"), JSON.stringify(all, null, 2));
  const npm = which("npm") ?? "npm";
  await run({
    program: npm,
    args: ["install", "--no-audit", "--no-fund"],
    cwd: folder,
    env: environment(),
  });
  return {
    name: "wireit",
    version: VERSION,
    command: {
      // Without `npm run`, which takes half a second of its own; these variables are what wireit needs of it.
      program: which("node") ?? "node",
      args: [join(folder, "node_modules", "wireit", "bin", "wireit.js")],
      cwd: folder,
      env: environment({
        npm_lifecycle_event: "all",
        npm_package_json: join(folder, "package.json"),
        npm_config_user_agent: "npm/10",
        WIREIT_LOGGER: "quiet",
        WIREIT_CACHE: "local",
        PATH: `${join(folder, "node_modules", ".bin")}:${Deno.env.get("PATH")}`,
      }),
    },
  };
}

function scriptOf(index: number) {
  const name = stepName(index);
  const dependencies = dependenciesOf(index).map(stepName);
  const inputs = [`src/${name}/*`, ...dependencies.map((other) => `out/${other}`)];
  return {
    command: `cat ${inputs.join(" ")} | sha256sum > out/${name}`,
    files: [`src/${name}/**`],
    output: [`out/${name}`],
    ...(dependencies.length === 0 ? {} : { dependencies }),
  };
}
