/**
 * Writes tar archives whose bytes depend on nothing but paths, contents and the executable bit.
 *
 * @module
 */
import { type Header, pack } from "tar-stream";

/** One entry. Folders' paths end with "/". */
export type TarEntry =
  | { readonly kind: "folder"; readonly path: string }
  | { readonly kind: "link"; readonly path: string; readonly target: string }
  | {
    readonly kind: "file";
    readonly path: string;
    readonly executable: boolean;
    readonly read: () => Uint8Array;
  };

/** The archive of some entries, in the order given. A file is read when its turn has come. */
export async function* packTree(entries: Iterable<TarEntry>): AsyncGenerator<Uint8Array> {
  const archive = pack();
  const writing = write(entries, archive).catch((error) => archive.destroy(error));
  try {
    for await (const chunk of archive as AsyncIterable<Uint8Array>) yield chunk;
  } finally {
    archive.destroy();
    await writing;
  }
}

async function write(entries: Iterable<TarEntry>, archive: ReturnType<typeof pack>): Promise<void> {
  for (const entry of entries) {
    const data = entry.kind === "file" ? entry.read() : undefined;
    await new Promise<void>((resolve, reject) => {
      const sink = archive.entry(headerOf(entry, data), (error) => error ? reject(error) : resolve());
      sink?.end(data);
    });
  }
  archive.finalize();
}

function headerOf(entry: TarEntry, data: Uint8Array | undefined): Partial<Header> & Pick<Header, "name"> {
  const common = { name: entry.path, mtime: new Date(0), uid: 0, gid: 0, uname: "", gname: "" };
  switch (entry.kind) {
    case "folder":
      return { ...common, type: "directory", mode: 0o755 };
    case "link":
      return { ...common, type: "symlink", linkname: entry.target, mode: 0o777 };
    case "file":
      return { ...common, type: "file", mode: entry.executable ? 0o755 : 0o644, size: data?.length ?? 0 };
  }
}
