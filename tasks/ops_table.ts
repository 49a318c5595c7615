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
  deviceProblem,
  EMPTY_TABLE,
  evidenceOf,
  formatTable,
  importRuns,
  mergeRuns,
  OpsRun,
  parseOperator,
  parsePatch,
  parseTable,
  renderBackend,
  renderOps,
  renderTotals,
  replaceGenerated,
  type TruthTable,
} from "../measure/ops_table/mod.ts";
import { type DriverName, DRIVERS, openDriver, type SoftwareDriver } from "../recipes/drivers/mod.ts";
import { hostRuntime, type PluginRuntime } from "../recipes/host_runtime/host_runtime.ts";
import { FAMILIES, type Family, opsTableStep } from "../recipes/ops_table/ops_table.ts";
import { runHostPython } from "./_host_python.ts";
import { graphCommand, type GraphValues } from "./_options.ts";
import { inSession, REPOSITORY, type Session } from "./_session.ts";

const TABLE_FILE = "models/ops/truth_table.json";
const PAGE_FILE = "docs/ops.md";
const BACKEND_FILE = "docs/backend.md";
const RESULTS_FILE = "docs/results.md";
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
      const before = await readTable();
      const { table, columns, notes } = values.import === undefined
        ? await runTable(host, values, before)
        : await importTable(before, values.import);
      const changed = await changedFiles([
        [TABLE_FILE, formatTable(table)],
        [PAGE_FILE, renderOps(table)],
        ...await generatedParts(table),
      ]);
      if (values.check !== true) {
        for (const [path, text] of changed) await Deno.writeTextFile(join(REPOSITORY, path), text);
      }
      const paths = changed.map(([path]) => path);
      const bad = badRows(table).filter(({ column }) => columns.includes(column));
      const ok = bad.length === 0 && (values.check !== true || changed.length === 0);
      const counts = Object.fromEntries(
        Object.entries(countColumns(table.rows)).filter(([column]) => columns.includes(column)),
      );
      if (values.json) {
        console.log(
          JSON.stringify({ schema: 1, command: "ops-table", ok, counts, bad, notes, changed: paths }),
        );
      } else {
        for (const { column, key, text } of bad) console.log(`${column} ${key}: ${text}`);
        for (const [column, kinds] of Object.entries(counts)) {
          const parts = Object.entries(kinds).filter(([, count]) => count > 0);
          console.log(`${column}: ${parts.map(([kind, count]) => `${count} ${kind}`).join(", ")}`);
        }
        for (const note of notes) console.log(note);
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

Exit codes: 0 the patched backend's answers are as the cases say; 1 it gives a wrong result, dies, or refuses what
its case does not say (or, with --check, a file would change); 2 usage; 3 an input is not to be had, as the driver of
a GPU where there is none. What stock does wrong is what the table is for, and fails nothing.
`;

interface TableValues extends GraphValues {
  readonly driver: DriverName;
  readonly runtime: PluginRuntime | "both";
  readonly family?: Family[] | undefined;
}

interface NewTable {
  readonly table: TruthTable;
  /** Names of the columns that are new. */
  readonly columns: readonly string[];
  readonly notes: readonly string[];
}

async function runTable(host: Host, values: TableValues, before: TruthTable): Promise<NewTable> {
  const families = values.family ?? FAMILIES;
  const runtimes = values.runtime === "both" ? RUNTIMES : [values.runtime];
  const request = { driver: values.driver, families, runtimes };
  const runs = await inSession(host, values, (session) => runColumns(session, request));
  for (const run of runs) assertDevice(run);
  return {
    table: mergeRuns(before, runs, { families }),
    columns: runs.map(({ column }) => column),
    notes: [],
  };
}

async function importTable(before: TruthTable, texts: readonly string[]): Promise<NewTable> {
  const runs = await Promise.all(texts.map(importColumn));
  for (const run of runs) assertDevice(run);
  const { table, imported } = importRuns(before, runs);
  return {
    table,
    columns: runs.map(({ column }) => column),
    notes: Object.entries(imported).map(([column, { rows, unknown }]) =>
      `${column}: imported ${rows} of the table's ${table.rows.length} rows` +
      (unknown === 0 ? "" : `; ${unknown} rows of the file are of cases that the table does not have so`)
    ),
  };
}

/** @throws {EngineError} "usage" where a column would hold what another driver gave */
function assertDevice({ column, runs }: ColumnRun): void {
  const problem = deviceProblem(column, runs);
  if (problem === undefined) return;
  throw new EngineError("usage", `Cannot fill the column "${column}": ${problem}`, {
    hint: "Set VK_DRIVER_FILES to the manifest of the driver that is meant",
  });
}

interface ColumnsRequest {
  readonly driver: DriverName;
  readonly families: readonly Family[];
  readonly runtimes: readonly PluginRuntime[];
}

async function runColumns(session: Session, request: ColumnsRequest): Promise<ColumnRun[]> {
  const driver = await openDriver(session.host, request.driver, session.project);
  return driver.kind === "machine"
    ? await runOnGpu(session, request)
    : await runSteps(session, request, driver);
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

/** @throws {EngineError} "usage" if the file is not what `models/ops/run.py` writes */
async function readRun(path: string): Promise<OpsRun> {
  try {
    return OpsRun.parse(JSON.parse(await Deno.readTextFile(path)));
  } catch (error) {
    const reason = error instanceof Deno.errors.NotFound
      ? "it is not there"
      : "it is not a table of models/ops/run.py";
    throw new EngineError("usage", `Cannot read "${path}": ${reason}`, { cause: error });
  }
}

async function readTable(): Promise<TruthTable> {
  try {
    return parseTable(await Deno.readTextFile(join(REPOSITORY, TABLE_FILE)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return EMPTY_TABLE;
    throw error;
  }
}

/** The pages that have a part made from the table, with it made anew. */
async function generatedParts(table: TruthTable): Promise<Array<[path: string, text: string]>> {
  const patches = await readFiles("recipes/patches/vulkan", ".patch");
  const operators = await readFiles("recipes/vulkan_ops/ops", ".cpp");
  const parts = {
    [RESULTS_FILE]: renderTotals(table),
    [BACKEND_FILE]: renderBackend(
      patches.map(({ name, text }) => parsePatch(name, text)),
      operators.map(({ name, text }) => parseOperator(name, text)),
      evidenceOf(table),
    ),
  };
  const pages = await Promise.all(
    Object.entries(parts).map(async ([path, part]): Promise<[string, string][]> => {
      const page = await Deno.readTextFile(join(REPOSITORY, path)).catch(() => undefined);
      return page === undefined ? [] : [[path, replaceGenerated(page, part)]];
    }),
  );
  return pages.flat();
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

async function changedFiles(files: ReadonlyArray<[path: string, text: string]>) {
  const changed = await Promise.all(files.map(async ([path, text]) => {
    const before = await Deno.readTextFile(join(REPOSITORY, path)).catch(() => undefined);
    return before === text ? [] : [[path, text] as const];
  }));
  return changed.flat();
}
