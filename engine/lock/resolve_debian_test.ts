import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { denoHost } from "../deno_host.ts";
import { EngineError } from "../error.ts";
import { answers } from "../source/_testing.ts";
import { resolveDebian, type ResolveDebianOptions, type ResolveDebianRequest, type RunApt } from "./mod.ts";

const DEBIAN = "https://deb.debian.org/debian";
const canAskDebian = exists("/usr/bin/apt-get") && exists("/usr/share/keyrings/debian-archive-keyring.gpg") &&
  await answers(`${DEBIAN}/dists/bookworm/InRelease`);

const ARCHIVES = Object.fromEntries(["bookworm", "trixie"].map((suite) => [
  suite,
  { url: DEBIAN, suite, components: ["main"], architecture: "amd64" },
]));

/** What apt 2.6 printed, shortened. */
const SIMULATED = `Reading package lists...
Inst gcc-12-base (12.2.0-14+deb12u1 Debian:12.15/oldstable [amd64])
Inst libcap2 (1:2.66-4+deb12u3+b1 Debian:12.15/oldstable [amd64]) []
Inst bubblewrap (0.8.0-2+deb12u1 Debian:12.15/oldstable, Debian-Security:12/oldstable-security [amd64])
Conf gcc-12-base (12.2.0-14+deb12u1 Debian:12.15/oldstable [amd64])
`;

const URIS = `Reading package lists...
'${DEBIAN}/pool/main/g/gcc-12/gcc-12-base_12.2.0-14%2bdeb12u1_amd64.deb' gcc-12-base_12.2.0-14+deb12u1_amd64.deb 37596 MD5Sum:1
'${DEBIAN}/pool/main/libc/libcap2/libcap2_2.66-4%2bdeb12u3%2bb1_amd64.deb' libcap2_1%3a2.66_amd64.deb 27708 MD5Sum:2
'https://security.test/pool/updates/main/b/bubblewrap/bubblewrap_0.8.0-2%2bdeb12u1_amd64.deb' bubblewrap.deb 47320 MD5Sum:3
`;

const SHOWN = [
  [
    "bubblewrap",
    "0.8.0-2+deb12u1",
    "pool/updates/main/b/bubblewrap/bubblewrap_0.8.0-2+deb12u1_amd64.deb",
    47320,
  ],
  ["gcc-12-base", "12.2.0-14+deb12u1", "pool/main/g/gcc-12/gcc-12-base_12.2.0-14+deb12u1_amd64.deb", 37596],
  ["libcap2", "1:2.66-4+deb12u3+b1", "pool/main/libc/libcap2/libcap2_2.66-4+deb12u3+b1_amd64.deb", 27708],
  ["vma", "3.2.1", "pool/main/v/vma/vma_3.2.1_all.deb", 120140],
].map(([name, version, path, size]) =>
  `Package: ${name}\nVersion: ${version}\nFilename: ${path}\nSize: ${size}\nSHA256: ${
    "a".repeat(64)
  }\nDescription: x\n more\n`
).join("\n");

let folder: string;

describe("resolveDebian()", () => {
  beforeEach(() => {
    folder = Deno.makeTempDirSync({ prefix: "vkforge-apt-" });
  });
  afterEach(() => Deno.removeSync(folder, { recursive: true }));

  it("keeps apt's order, finds each package's archive, and puts those taken alone last", async () => {
    const commands: string[] = [];
    const runApt: RunApt = ([program = "", ...args], { env, cwd }) => {
      commands.push([program, ...args].join(" "));
      expect(env["APT_CONFIG"]).toBe(join(cwd, "apt.conf"));
      const stdout = program === "apt-cache" ? SHOWN : args.includes("--simulate") ? SIMULATED : URIS;
      return Promise.resolve({ code: 0, stdout, stderr: "" });
    };
    const packages = await resolve({
      requested: { bookworm: ["bubblewrap"], trixie: ["vma"] },
      archives: {
        ...ARCHIVES,
        security: { url: "https://security.test/", suite: "s", components: ["main"], architecture: "amd64" },
      },
      solveWith: ["security"],
    }, { runApt });
    expect(packages.map(({ name, archive, version }) => [name, archive, version])).toEqual([
      ["gcc-12-base", "bookworm", "12.2.0-14+deb12u1"],
      ["libcap2", "bookworm", "1:2.66-4+deb12u3+b1"],
      ["bubblewrap", "security", "0.8.0-2+deb12u1"],
      ["vma", "trixie", "3.2.1"],
    ]);
    expect(packages[1]).toEqual({
      name: "libcap2",
      version: "1:2.66-4+deb12u3+b1",
      archive: "bookworm",
      path: "pool/main/libc/libcap2/libcap2_2.66-4+deb12u3+b1_amd64.deb",
      sha256: "a".repeat(64),
      sizeBytes: 27708,
    });
    expect(commands.filter((command) => command.startsWith("apt-get update"))).toHaveLength(2);
    expect(Deno.readTextFileSync(join(folder, "trixie", "etc", "sources.list"))).toMatch(/ trixie main\n$/);
  });

  it("says why an archive cannot be read", async () => {
    const error = await failure(resolve({ requested: { bookworm: ["a"] }, archives: ARCHIVES }, {
      runApt: () =>
        Promise.resolve({ code: 100, stdout: "", stderr: "W: x\nE: The repository is not signed.\n" }),
    }));
    expect(error.code).toBe("source-unavailable");
    expect(error.message).toBe('Cannot read the archives "bookworm": The repository is not signed.');
  });

  it("says which package there is not", async () => {
    const error = await failure(resolve({ requested: { bookworm: ["nope"] }, archives: ARCHIVES }, {
      runApt: ([, command]) =>
        Promise.resolve({
          code: command === "update" ? 0 : 100,
          stdout: "",
          stderr: "E: Unable to locate package nope\n",
        }),
    }));
    expect(error.code).toBe("source-gone");
    expect(error.message).toContain("Unable to locate package nope");
  });

  it("says that the machine has no apt", async () => {
    const host = denoHost();
    const spawn: typeof host.spawn = (_program, options) => host.spawn("/no/such/apt-get", options);
    const request = { requested: { bookworm: ["a"] }, archives: ARCHIVES };
    const error = await failure(resolve(request, { host: { ...host, spawn } }));
    expect(error.message).toContain("apt-get does not run");
  });

  it("refuses an archive that the lock does not have", async () => {
    const error = await failure(resolve({ requested: { sid: ["a"] }, archives: ARCHIVES }));
    expect(error.code).toBe("lock-malformed");
  });

  it.skipIf(!canAskDebian)("gives bubblewrap's closure from Debian's archive, twice the same", async () => {
    const request = {
      requested: { bookworm: ["bubblewrap"], trixie: ["libvulkan-memory-allocator-dev"] },
      archives: ARCHIVES,
    };
    const packages = await resolve(request);
    const names = packages.map(({ name }) => name);
    expect(names).toContain("libc6");
    expect(names).toContain("libcap2");
    // A recommendation, and a dependency of what is taken alone.
    expect(names).not.toContain("procps");
    expect(names).not.toContain("libvulkan-dev");
    expect(names.indexOf("libc6")).toBeLessThan(names.indexOf("bubblewrap"));
    expect(names.at(-1)).toBe("libvulkan-memory-allocator-dev");
    expect(packages.at(-1)?.archive).toBe("trixie");
    for (const one of packages) {
      expect(one.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(one.sizeBytes).toBeGreaterThan(1000);
    }
    expect(await resolve(request)).toEqual(packages);
  });
});

function resolve(request: ResolveDebianRequest, options: Partial<ResolveDebianOptions> = {}) {
  return resolveDebian(request, { host: denoHost(), folder, ...options });
}

async function failure(action: Promise<unknown>): Promise<EngineError> {
  const error = await action.then(() => undefined, (error) => error);
  expect(error).toBeInstanceOf(EngineError);
  return error;
}

function exists(path: string): boolean {
  return denoHost().fs.lstat(path) !== undefined;
}
