/**
 * Aho and Corasick's automaton: finds many byte patterns in one pass over a text, whatever their number.
 *
 * Nodes are numbers and their members stand in flat arrays: a private key in all its encodings has a hundred thousand
 * of them. Most have one child, so a dense table of 256 would be mostly empty; only the root has one.
 *
 * @module
 */

/** See the module's text. A state is a node; 0 is the root. */
export class Automaton {
  /** Length of the longest pattern. */
  readonly longest: number;
  readonly #onlyByte: Int16Array;
  readonly #onlyChild: Int32Array;
  /** Further children of the nodes that have several, by node × 256 + byte. */
  readonly #branches = new Map<number, number>();
  readonly #root = new Int32Array(256);
  readonly #fallback: Int32Array;
  readonly #depth: Int32Array;
  readonly #match: Int32Array;

  constructor(patterns: readonly Uint8Array[]) {
    const room = patterns.reduce((sum, pattern) => sum + pattern.length, 1);
    this.longest = patterns.reduce((longest, pattern) => Math.max(longest, pattern.length), 0);
    this.#onlyByte = new Int16Array(room).fill(-1);
    this.#onlyChild = new Int32Array(room);
    this.#fallback = new Int32Array(room);
    this.#depth = new Int32Array(room);
    this.#match = new Int32Array(room);
    const parent = new Int32Array(room);
    const byteOf = new Uint8Array(room);
    let nodes = 1;
    for (const pattern of patterns) {
      let node = 0;
      for (const byte of pattern) {
        let child = this.#child(node, byte);
        if (child === 0) {
          child = nodes++;
          this.#addChild(node, byte, child);
          this.#depth[child] = this.depth(node) + 1;
          parent[child] = node;
          byteOf[child] = byte;
        }
        node = child;
      }
      this.#match[node] = pattern.length;
    }
    for (const node of byDepth(this.#depth.subarray(0, nodes))) {
      const above = parent[node] ?? 0;
      const fallback = above === 0 ? 0 : this.next(this.#fallback[above] ?? 0, byteOf[node] ?? 0);
      this.#fallback[node] = fallback;
      if (this.matchAt(node) === 0) this.#match[node] = this.matchAt(fallback);
    }
  }

  /** The state after one more byte. Over a whole text, a constant number of moves for each byte. */
  next(state: number, byte: number): number {
    for (let node = state; node !== 0; node = this.#fallback[node] ?? 0) {
      const child = this.#child(node, byte);
      if (child !== 0) return child;
    }
    return this.#root[byte] ?? 0;
  }

  /** How many of the last bytes are the beginning of a pattern. */
  depth(state: number): number {
    return this.#depth[state] ?? 0;
  }

  /** Length of the longest pattern that ends here; 0 if none does. */
  matchAt(state: number): number {
    return this.#match[state] ?? 0;
  }

  /** The node below, or 0. */
  #child(node: number, byte: number): number {
    if (node === 0) return this.#root[byte] ?? 0;
    const only = this.#onlyByte[node];
    if (only === byte) return this.#onlyChild[node] ?? 0;
    return only === -1 ? 0 : this.#branches.get(node * 256 + byte) ?? 0;
  }

  #addChild(node: number, byte: number, child: number): void {
    if (node === 0) this.#root[byte] = child;
    else if (this.#onlyByte[node] === -1) {
      this.#onlyByte[node] = byte;
      this.#onlyChild[node] = child;
    } else this.#branches.set(node * 256 + byte, child);
  }
}

/** All nodes but the root, those nearest to it first. */
function byDepth(depths: Int32Array): Int32Array {
  const nodes = new Int32Array(Math.max(0, depths.length - 1)).map((_, index) => index + 1);
  return nodes.sort((a, b) => (depths[a] ?? 0) - (depths[b] ?? 0));
}
