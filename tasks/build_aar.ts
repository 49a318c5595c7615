/**
 * `deno task build-aar`: AARs, verified, as a folder that Maven and Gradle take as a repository.
 *
 * @module
 */
import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { type CheckResult, isGood, judgeAar, readAar, type Verdict, verdictLines } from "../aar/mod.ts";
import { EXIT, type Host } from "../engine/mod.ts";
import { fileNames, type LaneAar } from "../recipes/aar/lane.ts";
import { chooseLane, fetchSources, programsOf } from "./_aar_lane.ts";
import { checkNames } from "./_aar_checks.ts";
import { aarOptions } from "./_aar_options.ts";
import { graphCommand } from "./_options.ts";
import { assertOutputFolder } from "./_output_folder.ts";
import { inSession, REPOSITORY } from "./_session.ts";

/** The command. */
export function command(host: Host) {
  return aarOptions(graphCommand("build-aar", "Build or take AARs, verify them, lay out a Maven repository"))
    .option("--strict", "fail on warnings, and on what is known to be wrong with the official ones")
    .option("--allow <check...>", "checks that may fail; see `deno task verify-aar --help`")
    .addOption(
      new Option("--out <folder>", "where the repository goes").default(
        join(REPOSITORY, "results", "aar"),
        "results/aar/",
      ),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (values) => {
      const allow = checkNames(values.allow ?? []);
      assertOutputFolder(host, values.out, "--out");
      const folder = join(values.out, "maven");
      const built = await inSession(host, values, async ({ project, engine, signal, drift }) => {
        const chosen = await chooseLane(host, project, values);
        await fetchSources(host, { engine, chosen, signal });
        const { lane, abis } = chosen;
        const manifests = await engine.build([lane.repository, ...abis.values()], signal, "build-aar");
        engine.export(manifests.get(lane.repository.name)?.tree ?? [], values.out);
        const programs = new Map<string, string>();
        for (const [abi, step] of abis) {
          const target = join(values.out, "bin", abi);
          engine.export(programsOf(manifests.get(step.name)?.tree ?? []), target);
          programs.set(abi, target);
        }
        return { aars: lane.aars, programs, drift };
      });
      const judged = await Promise.all(
        built.aars.map((aar) =>
          judge(host, aar, { folder, group: values.group, allow, strict: values.strict === true })
        ),
      );
      const ok = judged.every(({ results }) => isGood(results));
      const { programs, drift } = built;
      const told = { folder, programs, verbose: values.verbose === true };
      if (values.json) console.log(JSON.stringify(document(judged, { ok, folder, programs, drift })));
      else for (const line of lines(judged, told)) console.log(line);
      if (!ok) Deno.exitCode = EXIT.failed;
    });
}

const EXAMPLES = `
Examples:
  deno task build-aar
  deno task build-aar --abi arm64-v8a x86_64 --fp16
  deno task build-aar --lite --group com.example.pytorch --out build/aar
  deno task build-aar --from maven --version 1.12.2
  deno task build-aar --from maven --strict --json

From source: compiles PyTorch 1.13.1 with the NDK, hours and tens of GB; needs Google's NDK and SDK, and without
them ends with exit code 3 before anything is compiled. docs/android.md tells more.
From Maven: takes the official AARs by checksum and packs them anew, so that equal content has equal bytes. What no
packing can mend (they are linked for pages of 4 KB) is told as allowed; --strict makes it a failure.

Exit code 1: a step or a check failed. 2: an option that is unknown, or does not go with others. 3: that version is
not pinned, or a file cannot be had.
`;

/** One AAR with what the checks say. */
interface Judged extends Verdict {
  readonly published: LaneAar;
  readonly coordinates: string;
}

interface JudgeOptions {
  readonly folder: string;
  readonly group: string;
  readonly allow: readonly string[];
  readonly strict: boolean;
}

async function judge(host: Host, published: LaneAar, options: JudgeOptions): Promise<Judged> {
  const { group, allow, strict, folder } = options;
  const { artifact, version, knownFaults } = published;
  const file = join(folder, ...group.split("."), artifact, version, fileNames(published).aar);
  const aar = await readAar(host.fs.readFile(file));
  // What is named on the command line is accepted even then, as verify-aar does.
  const results = judgeAar(aar, { allow: strict ? allow : [...allow, ...knownFaults], strict });
  return { published, coordinates: `${group}:${artifact}:${version}`, file, aar, results };
}

interface Told {
  readonly folder: string;
  /** Folder of the programs of each ABI. */
  readonly programs: ReadonlyMap<string, string>;
}

function lines(
  judged: readonly Judged[],
  { folder, programs, verbose }: Told & { readonly verbose: boolean },
): string[] {
  return [
    ...judged.flatMap((one) => [...verdictLines(one, { verbose }), ""]),
    ...[...programs].map(([abi, path]) => `Programs for ${abi}: ${path}`),
    "In build.gradle:",
    `  repositories { maven { url "${folder}" } }`,
    ...judged.map(({ coordinates }) => `  dependencies { implementation "${coordinates}" }`),
  ];
}

/** What `build-aar --json` prints. */
function document(
  judged: readonly Judged[],
  { ok, folder, programs, drift }: Told & { readonly ok: boolean; readonly drift: readonly unknown[] },
) {
  return {
    schema: 1,
    command: "build-aar",
    ok,
    repository: folder,
    programs: Object.fromEntries(programs),
    drift,
    aars: judged.map(({ published, coordinates, file, aar, results }) => ({
      coordinates,
      variant: published.variant,
      file,
      sha256: aar.sha256,
      checks: results satisfies readonly CheckResult[],
    })),
  };
}
