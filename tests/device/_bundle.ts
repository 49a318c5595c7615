/**
 * A bundle whose runner is a shell script: it takes what the real one takes and writes what the real one writes, in
 * milliseconds.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Bundle, BundleFile } from "../../measure/targets/bundle.ts";
import { scriptPath } from "../../measure/targets/scripts/mod.ts";

/**
 * The runner's script. The model's text is what it does, line by line in sh; `$out` is where results go, `$content` what
 * the output is to hold.
 */
const RUNNER = `#!/bin/sh
case "$1" in --describe) [ -e describe-fails ] && exit 1; echo '{"deviceName":"Test"}'; exit 0 ;; esac
while [ $# -gt 0 ]; do
  case $1 in
    --out) out=$2 ;;
    --model) model=$2 ;;
    --threads) content=$2 ;;
  esac
  shift 2
done
. "./$model"
`;

/** Writes the result of a run that succeeded, with the number that the request gave as threads. */
export const SUCCEED = `
printf '{"schema":1,"name":"y","dtype":"float32","shape":[1],"data":"output0.bin","sha256":"%064d"}' 0 > "$out/output0.json"
printf '%s' "$content" > "$out/output0.bin"
sum=$(sha256sum "$out/output0.bin")
cat > "$out/result.json" <<END
{"schema":1,"ok":true,"failure":null,"backend":"cpu","threads":$content,"torch":{"version":"1.13.1"},"plugin":null,
"model":{"sha256":"\${sum%% *}","sizeBytes":1},"device":null,"loadMs":1,
"firstRun":{"uploadMs":0,"computeMs":1,"downloadMs":0,"totalMs":1},"warmup":0,"samples":[{"totalMs":1}],
"outputsIdentical":true,"outputs":[],"peakRssBytes":1}
END
`;

/**
 * Makes a bundle in a folder.
 *
 * @param models texts of the models by file name
 * @param extra texts of further files by path
 */
export function scriptBundle(
  folder: string,
  models: Readonly<Record<string, string>>,
  extra: Readonly<Record<string, string>> = {},
): Bundle {
  const files: BundleFile[] = [];
  const add = (path: string, text: string, executable = false) => {
    const source = join(folder, path);
    Deno.mkdirSync(join(source, ".."), { recursive: true });
    Deno.writeTextFileSync(source, text);
    Deno.chmodSync(source, executable ? 0o755 : 0o644);
    files.push({ path, source, ...digestOf(source), executable });
  };
  add("bin/vkforge-runner", RUNNER, true);
  add("run", Deno.readTextFileSync(scriptPath("run")), true);
  add("describe.sh", Deno.readTextFileSync(scriptPath("describe")));
  for (const [name, text] of Object.entries(models)) add(`models/m/${name}`, text);
  add("models/m/golden/x.json", "{}");
  for (const [path, text] of Object.entries(extra)) add(path, text, true);
  return {
    platform: { abi: "x86_64", libc: "glibc" },
    driver: "device",
    files,
    folders: new Map([[join(folder, "models/m"), "models/m"], [
      join(folder, "models/m/golden"),
      "models/m/golden",
    ]]),
  };
}

function digestOf(path: string): { readonly sha256: string; readonly sizeBytes: number } {
  const data = Deno.readFileSync(path);
  return { sha256: createHash("sha256").update(data).digest("hex"), sizeBytes: data.length };
}
