/**
 * SPIR-V modules inside a library. A module says neither its name nor its length; its instructions do: the last one ends
 * the last function. Numbers as in the SPIR-V specification, sections 2.3 (layout) and 3 (instructions).
 *
 * @module
 */

/** A module. */
export interface SpirvModule {
  /** Where it begins. */
  readonly offset: number;
  readonly sizeBytes: number;
  /** Such as "1.0". */
  readonly version: string;
  /** Names of entry points with their execution model, such as "main (GLCompute)". */
  readonly entryPoints: readonly string[];
  /** Work group size of a compute shader, where it is fixed. */
  readonly localSize: readonly number[] | undefined;
  /** What is wrong with it; `undefined` for a module that is well formed. */
  readonly fault: string | undefined;
}

const MAGIC = 0x07230203;
const HEADER_WORDS = 5;
/** Far beyond any shader; ids of real ones are dense. */
const MAX_BOUND = 0x3fffff;

const OP = {
  entryPoint: 15,
  executionMode: 16,
  capability: 17,
  memoryModel: 14,
  function: 54,
  functionEnd: 56,
};
const OP_LINE = 8;
const OP_NO_LINE = 317;
const MODE_LOCAL_SIZE = 17;
const MODELS = [
  "Vertex",
  "TessellationControl",
  "TessellationEvaluation",
  "Geometry",
  "Fragment",
  "GLCompute",
];

/** The modules in a range of bytes, at offsets that are multiples of four, as compilers put arrays of words. */
export function findSpirv(bytes: Uint8Array): SpirvModule[] {
  const found: SpirvModule[] = [];
  const start = (4 - (bytes.byteOffset & 3)) & 3;
  const words = new Uint32Array(
    bytes.buffer,
    bytes.byteOffset + start,
    Math.max(0, bytes.length - start) >> 2,
  );
  for (let at = words.indexOf(MAGIC); at >= 0; at = words.indexOf(MAGIC, at)) {
    const module = readModule(words, at);
    if (module === undefined) at++;
    else {
      found.push({ ...module, offset: start + at * 4 });
      at += Math.max(1, module.sizeBytes >> 2);
    }
  }
  return found;
}

/** The module at a word; `undefined` where the magic number is there by chance, as in a table of magic numbers. */
function readModule(words: Uint32Array, at: number): Omit<SpirvModule, "offset"> | undefined {
  const [, version = 0, , bound = 0, schema = 0] = words.subarray(at, at + HEADER_WORDS);
  const [major, minor] = [version >>> 16, (version >>> 8) & 0xff];
  const isHeader = at + HEADER_WORDS < words.length && (version & 0xff0000ff) === 0 && major === 1 &&
    minor <= 6 && schema === 0 && bound > 0 && bound <= MAX_BOUND;
  if (!isHeader) return undefined;
  const walk = walkInstructions(words, at + HEADER_WORDS, bound);
  return {
    sizeBytes: (walk.end - at) * 4,
    version: `${major}.${minor}`,
    entryPoints: walk.entryPoints,
    localSize: walk.localSize,
    fault: walk.fault,
  };
}

interface Walk {
  end: number;
  readonly entryPoints: string[];
  localSize: number[] | undefined;
  fault: string | undefined;
}

function walkInstructions(words: Uint32Array, start: number, bound: number): Walk {
  const walk: Walk = { end: start, entryPoints: [], localSize: undefined, fault: undefined };
  let isInFunction = false;
  let functions = 0;
  let capabilities = 0;
  let memoryModels = 0;
  const fail = (fault: string): Walk => ({ ...walk, fault });
  for (;;) {
    const word = words[walk.end];
    if (word === undefined) {
      return isInFunction || functions === 0
        ? fail("it breaks off at the end of the library's constants")
        : walk;
    }
    const [opcode, count] = [word & 0xffff, word >>> 16];
    // Between functions only a function or a line number can stand: all else is no longer this module.
    const isOver = functions > 0 && !isInFunction && opcode !== OP.function && opcode !== OP_LINE &&
      opcode !== OP_NO_LINE;
    if (isOver) break;
    if (count === 0) return fail("an instruction has 0 words");
    if (walk.end + count > words.length) return fail("it breaks off at the end of the library's constants");
    const operands = words.subarray(walk.end + 1, walk.end + count);
    if (opcode === OP.capability) capabilities++;
    else if (capabilities === 0) return fail("it does not begin with a capability");
    else if (opcode === OP.memoryModel) memoryModels++;
    else if (opcode === OP.entryPoint) walk.entryPoints.push(entryPointName(operands));
    else if (opcode === OP.executionMode && operands[1] === MODE_LOCAL_SIZE) {
      walk.localSize = [...operands.subarray(2, 5)];
    } else if (opcode === OP.function) {
      if (isInFunction) return fail("a function begins inside another");
      if ((operands[0] ?? bound) >= bound || (operands[1] ?? bound) >= bound) {
        return fail("an id is not below the module's bound");
      }
      isInFunction = true;
      functions++;
    } else if (opcode === OP.functionEnd) {
      if (!isInFunction) return fail("a function ends that did not begin");
      isInFunction = false;
    }
    walk.end += count;
  }
  if (memoryModels !== 1) return fail(`it has ${memoryModels} memory models`);
  if (walk.entryPoints.length === 0) return fail("it has no entry point");
  return walk;
}

/** Operands: execution model, id, name in UTF-8 ended by NUL, ids of the interface. */
function entryPointName(operands: Uint32Array): string {
  const text = operands.slice(2);
  const bytes = new Uint8Array(text.buffer);
  const end = bytes.indexOf(0);
  const name = new TextDecoder().decode(bytes.subarray(0, Math.max(0, end)));
  return `${name} (${MODELS[operands[0] ?? -1] ?? `model ${operands[0]}`})`;
}
