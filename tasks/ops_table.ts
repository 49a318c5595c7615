/**
 * `deno task ops-table`: run every operator's cases on a driver, and write the truth table and docs/ops.md.
 *
 * @module
 */
import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { EngineError, EXIT, type Host } from "../engine/mod.ts";
import {
  badRows,
  type ColumnRun,
  countColumns,
  EMPTY_TABLE,
  evidenceOf,
  formatTable,
  mergeRuns,
  OpsRun,
  parseOperator,
  parsePatch,
  renderBackend,
  renderOps,
  replaceGenerated,
  TruthTable,
} from "../measure/ops_table/mod.ts";
import {
  DRIVERS,
  lavapipeDriver,
  type SoftwareDriver,
  swiftshaderDriver,
} from "../recipes/drivers/driver.ts";
import { hostRuntime, type PluginRuntime } from "../recipes/host_runtime/host_runtime.ts";
import { FAMILIES, type Family, opsTableStep } from "../recipes/ops_table/ops_table.ts";
import { runHostPython } from "./_host_python.ts";
import { graphCommand } from "./_options.ts";
import { inSession, REPOSITORY, type Session } from "./_session.ts";

const TABLE_FILE = "models/ops/truth_table.json";
const PAGE_FILE = "docs/ops.md";
const BACKEND_FILE = "docs/backend.md";
const RUNTIMES = ["stock", "vkforge"] as const satisfies readonly PluginRuntime[];

/** The command. */
export function command(host: Host) {
  return graphCommand("ops-table", "Compare every operator with FP64 on the CPU; write the truth table")
    .addOption(
      new Option("--driver <name>", "where they run").choices(DRIVERS).default("swiftshader" as const),
    )
    .addOption(
      new Option("--runtime <name>", "the patched backend, the one as upstream left it, or both")
        .choices([...RUNTIMES, "both"] as const).default("both" as const),
    )
    .addOption(new Option("--family <name...>", "only these families of cases").choices(FAMILIES))
    .option("--import <column=file...>", "take a column from a run made elsewhere: gpu/vkforge=table.json")
    .option("--check", "write nothing; fail if the table or the page would change")
    .addHelpText("after", EXAMPLES)
    .action(async (values) => {
      const families = values.family ?? FAMILIES;
      const runtimes = values.runtime === "both" ? RUNTIMES : [values.runtime];
      const columns = values.import === undefined
        ? await inSession(
          host,
          values,
          (session) => runColumns(session, { driver: values.driver, families, runtimes }),
        )
        : await Promise.all(values.import.map(importColumn));
      const before = await readTable();
      const table = mergeRuns(before, columns, { families: familiesIn(columns) });
      const changed = await changedFiles([[TABLE_FILE, formatTable(table)], [PAGE_FILE, renderOps(table)], [
        BACKEND_FILE,
        await backendPage(table),
      ]]);
      if (values.check !== true) {
        for (const [path, text] of changed) await Deno.writeTextFile(join(REPOSITORY, path), text);
      }
      const paths = changed.map(([path]) => path);
      const ran = new Set(columns.map(({ column }) => column));
      const bad = badRows(table).filter(({ column }) => ran.has(column));
      const ok = bad.length === 0 && (values.check !== true || changed.length === 0);
      if (values.json) {
        const counts = countColumns(table.rows);
        console.log(JSON.stringify({ schema: 1, command: "ops-table", ok, counts, bad, changed: paths }));
      } else {
        for (const { column, key, text } of bad) console.log(`${column} ${key}: ${text}`);
        for (const [column, counts] of Object.entries(countColumns(table.rows))) {
          if (!ran.has(column)) continue;
          const parts = Object.entries(counts).filter(([, count]) => count > 0);
          console.log(`${column}: ${parts.map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
        }
        for (const path of paths) console.log(`${values.check === true ? "stale" : "written"}: ${path}`);
      }
      if (!ok) Deno.exitCode = EXIT.failed;
    });
}

const EXAMPLES = `
Examples:
  deno task ops-table                                   both runtimes on SwiftShader
  deno task ops-table --driver lavapipe --runtime vkforge
  deno task ops-table --driver gpu                      this machine's GPU, outside the sandbox
  deno task ops-table --import gpu/vkforge=table.json   what models/ops/run.py wrote on another machine

Fails (exit 1) if the patched backend gives a wrong result, dies, or refuses what its case does not say.
`;

interface ColumnsRequest {
  readonly driver: typeof DRIVERS[number];
  readonly families: readonly Family[];
  readonly runtimes: readonly PluginRuntime[];
}

async function runColumns(session: Session, request: ColumnsRequest): Promise<ColumnRun[]> {
  if (request.driver === "gpu") return await runOnGpu(session, request);
  const { project, host } = session;
  const driver = request.driver === "swiftshader"
    ? swiftshaderDriver(project.materials)
    : await lavapipeDriver(host, project.repository);
  return await runSteps(session, request, driver);
}

async function runSteps(
  session: Session,
  { families, runtimes }: ColumnsRequest,
  driver: SoftwareDriver,
): Promise<ColumnRun[]> {
  const { project, engine, signal } = session;
  const columns = runtimes.map((runtimeName) => {
    const runtime = hostRuntime(project.materials, runtimeName);
    return {
      runtimeName,
      runtime,
      steps: families.map((family) => opsTableStep({ family, driver, runtimeName, runtime })),
    };
  });
  const targets = columns.flatMap(({ steps, runtime }) => [...steps, runtime.plugin]);
  const built = await engine.build(targets, signal, "ops-table");
  return await Promise.all(columns.map(async ({ runtimeName, runtime, steps }) => ({
    column: `${driver.name}/${runtimeName}`,
    plugin: built.get(runtime.plugin.name)?.treeDigest,
    runs: await Promise.all(steps.map(({ name }) => {
      const manifest = built.get(name);
      if (manifest === undefined) throw new EngineError("io", `The output of "${name}" is not there`);
      return readRun(join(engine.folderOf(manifest), "table.json"));
    })),
  })));
}

async function runOnGpu(session: Session, { families, runtimes }: ColumnsRequest): Promise<ColumnRun[]> {
  const { project, engine, signal } = session;
  using work = engine.store.workFolder();
  const columns: ColumnRun[] = [];
  for (const runtimeName of runtimes) {
    const { plugin } = hostRuntime(project.materials, runtimeName);
    const manifest = (await engine.build([plugin], signal)).get(plugin.name)!;
    const output = join(work.path, `${runtimeName}.json`);
    await runHostPython(session, {
      args: [
        "-m",
        "ops.run",
        ...["--plugin", join(engine.folderOf(manifest), "lib", "libvkforge_vulkan.so")],
        ...families.flatMap((family) => ["--only", family]),
        ...["--report-only", "--quiet", "--workers", "2", "--output", output],
      ],
      work: work.path,
      pythonPath: join(REPOSITORY, "models"),
    });
    columns.push({
      column: `gpu/${runtimeName}`,
      plugin: manifest.treeDigest,
      runs: [await readRun(output)],
    });
  }
  return columns;
}

async function importColumn(text: string): Promise<ColumnRun> {
  const [, column, file] = /^((?:swiftshader|lavapipe|gpu)\/(?:stock|vkforge))=(.+)$/.exec(text) ?? [];
  if (column === undefined || file === undefined) {
    throw new EngineError("usage", `Cannot read "${text}"`, {
      hint: "A column and a file: gpu/vkforge=table.json",
    });
  }
  return { column, runs: [await readRun(file)] };
}

async function readRun(path: string): Promise<OpsRun> {
  return OpsRun.parse(JSON.parse(await Deno.readTextFile(path)));
}

async function readTable(): Promise<TruthTable> {
  try {
    return TruthTable.parse(JSON.parse(await Deno.readTextFile(join(REPOSITORY, TABLE_FILE))));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return EMPTY_TABLE;
    throw error;
  }
}

/** docs/backend.md with its generated part made anew. */
async function backendPage(table: TruthTable): Promise<string> {
  const patches = await readFiles("recipes/patches/vulkan", ".patch");
  const operators = await readFiles("recipes/vulkan_ops/ops", ".cpp");
  const generated = renderBackend(
    patches.map(({ name, text }) => parsePatch(name, text)),
    operators.map(({ name, text }) => parseOperator(name, text)),
    evidenceOf(table),
  );
  const page = await Deno.readTextFile(join(REPOSITORY, BACKEND_FILE)).catch(() => "# The Vulkan backend\n");
  return replaceGenerated(page, generated);
}

async function readFiles(folder: string, extension: string) {
  const names: string[] = [];
  for await (const { name } of Deno.readDir(join(REPOSITORY, folder))) {
    if (name.endsWith(extension)) names.push(name);
  }
  return await Promise.all(
    names.sort().map(async (name) => ({
      name: name.slice(0, -extension.length),
      text: await Deno.readTextFile(join(REPOSITORY, folder, name)),
    })),
  );
}

/** The families whose rows the runs have. */
function familiesIn(columns: readonly ColumnRun[]): string[] {
  return [
    ...new Set(columns.flatMap(({ runs }) => runs.flatMap(({ rows }) => rows.map(({ family }) => family)))),
  ];
}

async function changedFiles(files: ReadonlyArray<[path: string, text: string]>) {
  const changed = await Promise.all(files.map(async ([path, text]) => {
    const before = await Deno.readTextFile(join(REPOSITORY, path)).catch(() => undefined);
    return before === text ? [] : [[path, text] as const];
  }));
  return changed.flat();
}
