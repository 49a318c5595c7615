export { type ArchiveEntry, type ArchiveLimits, safePath, tarEntries } from "./tar.ts";
export { debEntries } from "./deb.ts";
