/**
 * A step that tries to get out. It has bash, coreutils and perl, which can make any system call; nothing of what it
 * tries may work.
 *
 * @module
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { join } from "node:path";
import { loadProject } from "../../recipes/project.ts";
import {
  miniEngine,
  miniImage,
  miniStep,
  packageMirror,
  REPOSITORY,
} from "../../tests/fixtures/mini_engine.ts";
import { denoHost } from "../deno_host.ts";
import { DEFAULT_RESOURCES, type Engine, type Image } from "../mod.ts";

const never = new AbortController().signal;
let folder: string;
let engine: Engine;
let image: Image;

const rewrite = (path: string) => `x=$(cat ${path}) && echo "$x" > ${path}`;

/** Each line: a name, and a shell command that succeeds only for one who got out. */
const SHELL_ATTEMPTS: Readonly<Record<string, string>> = {
  "control: this one works": "true",
  "read the host's secret by its path": 'cat "$SECRET"',
  "read the host's secret through pid 1's root": 'cat "/proc/1/root$SECRET"',
  "read the host's secret through any process":
    'for p in /proc/[0-9]*; do cat "$p/root$SECRET" && exit 0; done; false',
  "read the host's passwords":
    "grep_root() { while read -r line; do case $line in root:*) return 0;; esac; done < /proc/1/root/etc/shadow; return 1; }; grep_root",
  "climb out of the root": 'cd / && cat "../../../..$SECRET"',
  "write to the root": "echo x > /usr/bin/new",
  "change the image's files": "chmod 777 /usr/bin/env",
  "remove the image's files": "rm /usr/bin/env",
  "write to an input": "echo x >> /in/src/a.txt",
  "add an input": "echo x > /in/new",
  "replace the script": "echo x > /in/.step.sh",
  // What is written is what was there: the test must not change the machine where it fails.
  "write a kernel setting": rewrite("/proc/sys/kernel/core_pattern"),
  "write a setting of the memory": rewrite("/proc/sys/vm/swappiness"),
  "write a setting of the network": rewrite("/proc/sys/net/ipv4/ip_forward"),
  "write the number of namespaces": rewrite("/proc/sys/user/max_user_namespaces"),
  "press a magic key": "echo h > /proc/sysrq-trigger",
  "move an interrupt":
    "for f in /proc/irq/*/smp_affinity; do x=$(cat $f) && echo $x > $f && exit 0; done; false",
  "map other users": "echo 0 0 1 > /proc/self/uid_map",
  "lower pid 1's kill score": "echo -1000 > /proc/self/oom_score_adj",
  "write pid 1's memory": "echo x > /proc/1/mem",
  "make a device": "mknod /build/mem c 1 1",
  "make a block device": "mknod /build/disk b 259 0",
  "open memory": "head -c 1 /dev/mem",
  "open the kernel's log": "head -c 1 /dev/kmsg",
  "find disks": "ls /dev/sd* /dev/vd* /dev/nvme* /dev/loop*",
  "see control groups and kernel objects": "ls /sys/*",
  "change the root": "chroot / true",
  "change owner": "touch /build/o && chown 0 /build/o",
  "set the user bit for root":
    'cp /usr/bin/id /build/id && chmod 4755 /build/id && test "$(/build/id -u)" = 0',
  "end the host's process": 'kill -0 "$HOST_PID"',
  "end all processes": 'kill -0 1 && test "$(cat /proc/1/comm)" != ld-linux-x86-64',
  "see the host's processes":
    'for p in /proc/[0-9]*; do case "$(cat $p/comm)" in deno*) exit 0;; esac; done; false',
  "reach a server of the host": 'echo > "/dev/tcp/127.0.0.1/$HOST_PORT"',
  "reach the network": "echo > /dev/tcp/192.0.2.1/80",
  "see network devices":
    "while read -r line; do case $line in lo:*|Inter*|face*) ;; *) exit 0;; esac; done < /proc/net/dev; false",
  "raise the priority": "nice -n -5 true 2>&1 | { ! read -r _; }",
  "raise a limit": "ulimit -Hc unlimited && ulimit -c unlimited",
  "read the host's variables": 'test -n "$HOST_VARIABLE"',
  "read the terminal": "exec 3<> /dev/tty",
  "inherit an open file":
    "for fd in /proc/self/fd/*; do case $(readlink $fd) in /dev/null|pipe:*|/proc/*|/in/.step.sh) ;; ?*) exit 0;; esac; done; false",
};

/** Each line: a name, and perl that is true only for one who got out. `sys` gives whether a system call worked. */
const SYSTEM_CALLS: Readonly<Record<string, string>> = {
  "control: a call that works": "sys(39)",
  "mount": 'sys(165, "tmpfs", "/tmp", "tmpfs", 0, 0)',
  "mount proc": 'sys(165, "proc", "/tmp", "proc", 0, 0)',
  "make the root writable": 'sys(165, "none", "/", 0, 32 | 4096, 0)',
  "unmount": 'sys(166, "/in", 2)',
  "change the root": 'sys(161, "/tmp")',
  "pivot the root": 'sys(155, "/tmp", "/tmp")',
  "make a user namespace": "sys(272, 0x10000000)",
  "make a mount namespace": "sys(272, 0x00020000)",
  "make a network namespace": "sys(272, 0x40000000)",
  "make a user namespace by clone": "forked(sys_value(56, 0x10000000 | 17, 0, 0, 0, 0))",
  "join pid 1's mount namespace": 'open(my $f, "<", "/proc/1/ns/mnt") && sys(308, fileno($f), 0)',
  "join pid 1's user namespace": 'open(my $f, "<", "/proc/1/ns/user") && sys(308, fileno($f), 0)',
  "trace a process of the host": "sys(101, 16, $ENV{HOST_PID} + 0, 0, 0)",
  "become root": "sys(105, 0)",
  "become root's group": "sys(106, 0)",
  "take root's groups": 'sys(116, 1, pack("L", 0))',
  "take capabilities": 'sys(126, pack("LL", 0x20080522, 0), pack("L6", 1 << 21, 1 << 21, 0, 0, 0, 0))',
  "open a raw socket": "socket(my $s, 2, 3, 1)",
  "open a packet socket": "socket(my $s, 17, 3, 768)",
  "name the host": 'sys(170, "x", 1)',
  "set the clock": 'sys(227, 0, pack("qq", 1, 0))',
  "load a module": 'sys(175, "x", 1, "")',
  "load a kernel": "sys(246, 0, 0, 0, 0)",
  "restart the machine": "sys(169, 0xfee1dead, 672274793, 0x89abcdef, 0)",
  "turn on swap": 'sys(167, "/build/x", 0)',
  "take ports": "sys(172, 3)",
  "make a device": 'sys(133, "/build/null", 0020666, 0x103)',
  "open a file by its handle": 'sys(304, -100, pack("LLQ", 8, 1, 2), 0)',
  "leave no-new-privileges": "sys(157, 38, 0, 0, 0, 0)",
  // Bubblewrap's own first process can be traced; it is as much inside as the step.
  "find more rights in pid 1":
    'open(my $f, "<", "/proc/1/status"); join("", <$f>) !~ /CapPrm:\\t0+\\nCapEff:\\t0+\\nCapBnd:\\t0+\\n(.*\\n)*?NoNewPrivs:\\t1/',
};

describe("a step in the sandbox", () => {
  beforeAll(async () => {
    folder = await Deno.makeTempDir({ prefix: "vkforge-escape-" });
    await Deno.mkdir(join(folder, "src"));
    await Deno.writeTextFile(join(folder, "src", "a.txt"), "one");
    await Deno.writeTextFile(join(folder, "secret"), "secret");
    const project = await loadProject(denoHost(), REPOSITORY);
    const mini = miniImage(project);
    const perl = project.materials.vulkanSdk.packages.filter(({ name }) =>
      ["perl-base", "libcrypt1"].includes(name)
    );
    image = { ...mini, packages: [...mini.packages, ...perl] };
    await packageMirror(project, image);
    ({ engine } = await miniEngine({ storeRoot: join(folder, "store"), repository: folder }));
  });

  afterAll(() => Deno.removeSync(folder, { recursive: true }));

  it("cannot get out by anything that a shell offers", async () => {
    using server = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    Deno.env.set("HOST_VARIABLE", "set");
    const script = Object.entries(SHELL_ATTEMPTS).map(([name, command]) =>
      `if (trap '' PIPE; ${command}) > /dev/null 2>&1 < /dev/null; then echo "OUT ${name}"; else echo "held ${name}"; fi >> /out/out\n`
    ).join("");
    const lines = await outputOf("shell", script, {
      SECRET: join(folder, "secret"),
      HOST_PID: String(Deno.pid),
      HOST_PORT: String(server.addr.port),
    });
    expect(lines.filter((line) => line.startsWith("OUT"))).toEqual(["OUT control: this one works"]);
    expect(lines.length).toBe(Object.keys(SHELL_ATTEMPTS).length);
  });

  it("cannot get out by system calls", async () => {
    const attempts = Object.entries(SYSTEM_CALLS).map(([name, code]) =>
      `attempt(q{${name}}, sub { ${code} });`
    );
    const perl = `
      sub sys_value { my ($number, @args) = @_; no warnings; return syscall($number, @args); }
      sub sys { return sys_value(@_) != -1; }
      # A child of clone ends at once.
      sub forked { my ($pid) = @_; kill(9, $$) if $pid == 0; return $pid > 0; }
      sub attempt {
        my ($name, $try) = @_;
        my $pid = fork();
        if ($pid == 0) { my $out = eval { $try->() }; exec("/bin/bash", "-c", $out ? "exit 0" : "exit 1"); }
        waitpid($pid, 0);
        open(my $file, ">>", "/out/out");
        print $file ($? == 0 ? "OUT" : "held") . " $name\\n";
        close($file);
      }
      ${attempts.join("\n")}
    `;
    const lines = await outputOf(
      "calls",
      `cat > /build/calls.pl <<'END_OF_PERL'\n${perl}\nEND_OF_PERL\nperl /build/calls.pl`,
      {
        HOST_PID: String(Deno.pid),
      },
    );
    expect(lines.filter((line) => line.startsWith("OUT"))).toEqual(["OUT control: a call that works"]);
    expect(lines.length).toBe(Object.keys(SYSTEM_CALLS).length);
  });
});

async function outputOf(
  name: string,
  script: string,
  environment: Record<string, string>,
): Promise<string[]> {
  const step = miniStep(image, {
    name,
    script,
    environment,
    inputs: { src: { kind: "files", folder: "src" } },
    resources: { ...DEFAULT_RESOURCES, timeoutMs: 20_000 },
  });
  const made = await engine.build([step], never);
  return Deno.readTextFileSync(join(engine.folderOf(made.get(name)!), "out")).trimEnd().split("\n");
}
