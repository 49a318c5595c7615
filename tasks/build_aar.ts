/**
 * `deno task build-aar`: AARs, verified, as a folder that Maven and Gradle take as a repository.
 *
 * @module
 */
import { join } from "node:path";
import { Option } from "@commander-js/extra-typings";
import { type CheckResult, isGood, judgeAar, readAar, type Verdict, verdictLines } from "../aar/mod.ts";
import { EXIT, type Host } from "../engine/mod.ts";
import { fileNames, legacyLane } from "../recipes/aar/legacy_aar.ts";
import type { OfficialAar } from "../recipes/aar/official.ts";
import { graphCommand } from "./_options.ts";
import { assertOutputFolder } from "./_output_folder.ts";
import { inSession, REPOSITORY } from "./_session.ts";

/** The command. */
export function command(host: Host) {
  return graphCommand("build-aar", "Normalise and verify the official AARs; lay out a Maven repository")
    .addOption(
      new Option("--from <place>", "where the AARs come from").choices(["maven"] as const).default(
        "maven" as const,
        "maven: the official ones",
      ),
    )
    .option("--version <version>", "of PyTorch", "1.13.1")
    .option("--group <name>", "group of the modules in the repository", "vkforge")
    .option("--strict", "fail on warnings, and on what is known to be wrong with the official ones")
    .addOption(
      new Option("--out <folder>", "where the repository goes").default(
        join(REPOSITORY, "results", "aar"),
        "results/aar/",
      ),
    )
    .addHelpText("after", EXAMPLES)
    .action(async (values) => {
      assertOutputFolder(host, values.out, "--out");
      const folder = join(values.out, "maven");
      const built = await inSession(host, values, async ({ project, engine, signal, drift }) => {
        const lane = legacyLane(project.materials, { version: values.version, group: values.group });
        const manifests = await engine.build([lane.repository], signal, "build-aar");
        engine.export(manifests.get(lane.repository.name)?.tree ?? [], values.out);
        return { aars: lane.aars, drift };
      });
      const judged = await Promise.all(
        built.aars.map((aar) =>
          judge(host, aar, { folder, group: values.group, strict: values.strict === true })
        ),
      );
      const ok = judged.every(({ results }) => isGood(results));
      if (values.json) console.log(JSON.stringify(document(judged, { ok, folder, drift: built.drift })));
      else for (const line of lines(judged, { folder, verbose: values.verbose === true })) console.log(line);
      if (!ok) Deno.exitCode = EXIT.failed;
    });
}

const EXAMPLES = `
Examples:
  deno task build-aar
  deno task build-aar --version 1.12.2 --group com.example.pytorch --out build/aar
  deno task build-aar --strict --json

Takes the official AARs by checksum, packs them anew so that equal content has equal bytes, and verifies them.
What no packing can mend (they are linked for pages of 4 KB) is told as allowed; --strict makes it a failure.

Exit code 1: a check failed. 3: that version is not pinned, or a file cannot be had.
`;

/** One AAR with what the checks say. */
interface Judged extends Verdict {
  readonly official: OfficialAar;
  readonly coordinates: string;
}

interface JudgeOptions {
  readonly folder: string;
  readonly group: string;
  readonly strict: boolean;
}

async function judge(host: Host, official: OfficialAar, options: JudgeOptions): Promise<Judged> {
  const { group, strict, folder } = options;
  const { artifact, version, knownFaults } = official;
  const file = join(folder, ...group.split("."), artifact, version, fileNames(official).aar);
  const aar = await readAar(host.fs.readFile(file));
  const results = judgeAar(aar, { allow: strict ? [] : knownFaults, strict });
  return { official, coordinates: `${group}:${artifact}:${version}`, file, aar, results };
}

function lines(
  judged: readonly Judged[],
  { folder, verbose }: { readonly folder: string; readonly verbose: boolean },
): string[] {
  return [
    ...judged.flatMap((one) => [...verdictLines(one, { verbose }), ""]),
    "In build.gradle:",
    `  repositories { maven { url "${folder}" } }`,
    ...judged.map(({ coordinates }) => `  dependencies { implementation "${coordinates}" }`),
  ];
}

/** What `build-aar --json` prints. */
function document(
  judged: readonly Judged[],
  { ok, folder, drift }: {
    readonly ok: boolean;
    readonly folder: string;
    readonly drift: readonly unknown[];
  },
) {
  return {
    schema: 1,
    command: "build-aar",
    ok,
    repository: folder,
    drift,
    aars: judged.map(({ official, coordinates, file, aar, results }) => ({
      coordinates,
      variant: official.variant,
      file,
      sha256: aar.sha256,
      checks: results satisfies readonly CheckResult[],
    })),
  };
}
