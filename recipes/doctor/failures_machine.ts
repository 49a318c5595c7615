import type { Failure } from "./failure.ts";

/** Failures of the machine that vkforge runs on. */
export const MACHINE_FAILURES: readonly Failure[] = [
  {
    id: "user-namespaces",
    area: "machine",
    symptom:
      /bwrap: (?:setting up uid map: (?:Permission denied|Operation not permitted)|No permissions to creat(?:e|ing) new namespace|Creating new namespace failed)/,
    example: "bwrap: setting up uid map: Permission denied",
    title: "The kernel forbids user namespaces",
    cause:
      "The embedded sandbox needs user namespaces. Ubuntu forbids them to ordinary programs through AppArmor, some Debian kernels through a sysctl, Docker through its seccomp profile.",
    fix:
      "Run `sudo sysctl kernel.apparmor_restrict_unprivileged_userns=0` (Ubuntu) or `sudo sysctl kernel.unprivileged_userns_clone=1` (Debian); inside Docker start the container with `--security-opt seccomp=unconfined --security-opt apparmor=unconfined`; or run vkforge as root",
    since: "Ubuntu 23.10 and later; Debian 10 and earlier; any container with a default seccomp profile",
    reference: "https://github.com/containers/bubblewrap/issues/632",
  },
  {
    id: "compiler-killed",
    area: "machine",
    symptom: /Killed signal terminated program|internal compiler error: Killed|ld terminated with signal 9/,
    example: "c++: fatal error: Killed signal terminated program cc1plus",
    title: "The compiler was killed: not enough memory",
    cause: "The kernel or the sandbox ends the largest process when memory runs out.",
    fix: "Lower `--jobs`, close other programs, or use a machine or container with more memory",
    since: "any version",
    reference: "https://github.com/hoytech/strfry/issues/41",
  },
  {
    id: "disk-full",
    area: "machine",
    symptom: /No space left on device|Disk quota exceeded/,
    example: "/usr/bin/ld: final link failed: No space left on device",
    title: "The disk is full",
    cause: "The store, the build folder of a step or /tmp has no room left.",
    fix:
      "Run `deno task cache gc`, free some space, or point VKFORGE_HOME to a larger disk; nothing that was finished is lost",
    since: "any version",
    reference: "https://man7.org/linux/man-pages/man3/errno.3.html",
  },
  {
    id: "docker-permission",
    area: "machine",
    symptom: /permission denied while trying to connect to the (?:Docker daemon socket|docker API)/i,
    example:
      "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix /var/run/docker.sock: connect: permission denied",
    title: "You may not use the Docker socket",
    cause: "The socket belongs to root and to the group docker.",
    fix:
      "Use the embedded sandbox with `--engine bwrap`, which needs no Docker; or add yourself to the group (`sudo usermod -aG docker $USER`) and log in again",
    since: "any version",
    reference: "https://docs.docker.com/engine/install/linux-postinstall/",
  },
  {
    id: "docker-not-running",
    area: "machine",
    symptom: /Cannot connect to the Docker daemon at/,
    example:
      "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?",
    title: "No Docker daemon answers",
    cause: "Docker is not started, or DOCKER_HOST points elsewhere.",
    fix: "Use the embedded sandbox with `--engine bwrap`; or start Docker, or unset DOCKER_HOST",
    since: "any version",
    reference: "https://docs.docker.com/engine/daemon/troubleshoot/",
  },
  {
    id: "tls-unknown-issuer",
    area: "machine",
    symptom:
      /invalid peer certificate(?: contents)?: (?:invalid peer certificate: )?UnknownIssuer|self[- ]signed certificate in certificate chain|unable to get local issuer certificate/,
    example:
      "error sending request for url (https://deb.debian.org/debian/): client error (Connect): invalid peer certificate: UnknownIssuer",
    title: "The certificate of the server is not trusted",
    cause: "A proxy of your network opens TLS connections with a certificate of its own.",
    fix:
      "Set DENO_TLS_CA_STORE=mozilla,system if the machine trusts the proxy, or DENO_CERT to the file with its certificate; never switch verification off",
    since: "any version",
    reference: "https://github.com/denoland/deno/pull/34756",
  },
  {
    id: "debian-version-gone",
    area: "machine",
    symptom: /404 +Not Found \[IP: /,
    example:
      "E: Failed to fetch http://deb.debian.org/debian/pool/main/c/curl/curl_7.88.1-10%2bdeb12u5_amd64.deb  404  Not Found [IP: 151.101.2.132 80]",
    title: "A Debian package left the mirror",
    cause: "Mirrors keep only the newest version of a package in a release.",
    fix:
      "vkforge itself looks on the snapshot archive; for a plain `docker build`, refresh the pins with `deno task lock` first",
    since: "any point release of Debian",
    reference: "https://snapshot.debian.org/",
  },
];
