/**
 * The graph as packages of an npm workspace, run by Turborepo.
 *
 * @module
 */
import { join } from "node:path";
import { dependenciesOf, type GraphSize, stepName, writeSources } from "./graph.ts";
import { environment, run, type System, which } from "./system.ts";

const VERSION = "2.11.11";

/** Writes the graph to a folder and installs Turborepo there: the command that npm installs, and the program behind it. */
export async function turborepoSystems(folder: string, size: GraphSize): Promise<System[]> {
  const packageFolder = (index: number) => join(folder, "packages", stepName(index));
  await writeSources(size, (index) => join(packageFolder(index), "src"));
  const write = (path: string, value: unknown) =>
    Deno.writeTextFile(join(folder, path), JSON.stringify(value, null, 2));
  for (let index = 0; index < size.steps; index++) {
    const dependencies = dependenciesOf(index).map(stepName);
    const inputs = ["src/*", ...dependencies.map((other) => `../${other}/out/out`)];
    await write(join("packages", stepName(index), "package.json"), {
      name: stepName(index),
      version: "1.0.0",
      scripts: { build: `mkdir -p out && cat ${inputs.join(" ")} | sha256sum > out/out` },
      dependencies: Object.fromEntries(dependencies.map((name) => [name, "1.0.0"])),
    });
  }
  await write("turbo.json", {
    tasks: { build: { dependsOn: ["^build"], inputs: ["src/**"], outputs: ["out/**"] } },
  });
  await write("package.json", {
    name: "benchmark",
    private: true,
    packageManager: "npm@10.8.2",
    workspaces: ["packages/*"],
    devDependencies: { turbo: VERSION },
  });
  await Deno.writeTextFile(join(folder, ".gitignore"), "node_modules\nout\n.turbo\n");
  const env = environment({ TURBO_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1" });
  const npm = which("npm") ?? "npm";
  await run({ program: npm, args: ["install", "--no-audit", "--no-fund"], cwd: folder, env });
  // It takes digests of unchanged files from git's index: its fastest way.
  const git = which("git") ?? "git";
  const identity = ["-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost"];
  await run({ program: git, args: ["init", "--quiet"], cwd: folder, env });
  await run({ program: git, args: ["add", "--all"], cwd: folder, env });
  await run({ program: git, args: [...identity, "commit", "--quiet", "-m", "benchmark"], cwd: folder, env });
  const programs = [
    ["turborepo", join(folder, "node_modules", ".bin", "turbo")],
    ["turborepo, native program alone", await binary(folder)],
  ] as const;
  return programs.map(([name, program]) => ({
    name,
    version: VERSION,
    command: { program, args: ["run", "build", "--output-logs=none"], cwd: folder, env },
  }));
}

/** The native program; the command that npm installs starts Node first. */
async function binary(folder: string): Promise<string> {
  const architecture = Deno.build.arch === "aarch64" ? "arm64" : "64";
  for (const name of [`@turbo/linux-${architecture}`, `turbo-linux-${architecture}`]) {
    const path = join(folder, "node_modules", name, "bin", "turbo");
    try {
      if ((await Deno.stat(path)).isFile) return path;
    } catch {
      // The name of the package has changed between versions.
    }
  }
  throw new Error(`Cannot find turbo's program below "${folder}"`);
}
