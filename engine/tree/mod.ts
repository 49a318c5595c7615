export {
  type FileEntry,
  type FolderEntry,
  type LinkEntry,
  subtree,
  toTree,
  type Tree,
  treeDigest,
  type TreeEntry,
  treeSizeBytes,
} from "./tree.ts";
