/**
 * A Dockerfile for people who want an image of the project in plain Docker. vkforge itself assembles images without
 * Docker; this unpacks the same packages in the same order, checked by the same digests.
 *
 * @module
 */
import type { LockedSource, LockFile, PackagesLock } from "../engine/mod.ts";
import { debianImage, type ImageSpec } from "./debian.ts";

/** The Dockerfile of an image; needs BuildKit and the network. */
export function dockerfileOf(
  spec: ImageSpec,
  lock: PackagesLock,
  { archives, sources }: Pick<LockFile, "archives" | "sources">,
): string {
  return `# syntax=docker/dockerfile:1
# Made by \`deno task lock\` from image.ts and packages.lock.json; do not edit.
#
#   docker build -t vkforge/${spec.name} ${spec.folder}

FROM debian:bookworm-slim AS unpack
COPY <<"EOF" /packages
${packageLines(lock, archives).join("\n")}
EOF
COPY <<"EOF" /unpack.sh
${unpackScript(spec, lock)}EOF
RUN bash /unpack.sh /packages /root-file-system
${zipStage(spec, sources)}
FROM scratch
COPY --from=unpack /root-file-system /
${
    Object.entries(spec.environment).map(([name, value]) => `ENV ${name}=${JSON.stringify(value)}\n`).join("")
  }USER 1000:1000
WORKDIR /build
CMD ["/bin/bash"]
`;
}

/** What puts zip archives into the image: checksum, URL, top folder, place. The image's own unzip unpacks them. */
function zipStage({ archives = [] }: ImageSpec, sources: LockFile["sources"]): string {
  if (archives.length === 0) return "";
  const lines = archives.map(({ source, top, folder }) => {
    const locked = sources[source];
    if (locked?.kind !== "https") throw new Error(`"${source}" is no https source of the lock`);
    return `${checksumOf(locked)} ${locked.url.replace(/^https:/, "http:")} ${top} ${folder}`;
  });
  return `COPY <<"EOF" /archives
${lines.join("\n")}
EOF
COPY <<"EOF" /archives.sh
set -euo pipefail
root=$1
while read -r tool digest url top folder; do
  /usr/lib/apt/apt-helper download-file "$url" "$root/tmp/archive.zip"
  echo "$digest  $root/tmp/archive.zip" | "$tool" --check --quiet
  chroot "$root" unzip -q /tmp/archive.zip -d /tmp/unpacked
  mkdir -p "$(dirname "$root/$folder")"
  mv "$root/tmp/unpacked/$top" "$root/$folder"
  rm -r "$root/tmp/archive.zip" "$root/tmp/unpacked"
done < /archives
EOF
RUN bash /archives.sh /root-file-system
`;
}

/** The program that checks it, and the digest. */
function checksumOf({ sha256, sha1 }: LockedSource): string {
  return sha256 !== undefined ? `sha256sum ${sha256}` : `sha1sum ${sha1}`;
}

/** One line a package: SHA-256 and URL. http serves, since the digest is checked and the base image has no certificates. */
export function packageLines(lock: PackagesLock, archives: LockFile["archives"]): string[] {
  return lock.packages.map(({ archive, path, sha256 }) => {
    const base = archives[archive]?.url.replace(/^https:/, "http:");
    return `${sha256} ${base}/${path.split("/").map(encodeURIComponent).join("/")}`;
  });
}

/** Lays packages over each other as the engine does, with what every Debian has: \`unpack.sh PACKAGES ROOT\`. */
export function unpackScript(spec: ImageSpec, lock: PackagesLock): string {
  const { links, files, exclude } = debianImage(spec, lock);
  const merged = Object.entries(links).filter(([path]) => !path.includes("/"));
  const others = Object.entries(links).filter(([path]) => path.includes("/"));
  return `set -euo pipefail
packages=$1
root=$2
umask 022
mkdir -p "$root"
cd "$root"
mkdir -p usr build dev in out proc sys tmp
${merged.map(([path, target]) => `mkdir -p ${target}\nln -s ${target} ${path}`).join("\n")}
while read -r sha256 url; do
  /usr/lib/apt/apt-helper download-file "$url" /tmp/package.deb "SHA256:$sha256"
  dpkg-deb --fsys-tarfile /tmp/package.deb | tar --extract --no-same-owner --keep-directory-symlink
  rm /tmp/package.deb
done < "$packages"
rmdir --ignore-fail-on-non-empty ${merged.map(([, target]) => target).join(" ")}
rm -rf ${exclude.map((prefix) => prefix.replace(/\/$/, "")).join(" ")}
${others.map(([path, target]) => `ln -sf ${target} ${path}`).join("\n")}
mkdir -p etc
${Object.entries(files).map(([path, text]) => `printf %s ${quoted(text)} > ${path}`).join("\n")}
${spec.ldconfig ? 'ldconfig -X -i -r "$root"\n' : ""}`;
}

/** Bash's own quoting, with line ends as \\n. */
function quoted(text: string): string {
  return `$'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("\n", "\\n")}'`;
}
