/**
 * What an engine sends while a container runs: output in frames, usage as a line of JSON a second.
 *
 * @module
 */
import type { Body } from "./docker_api.ts";

const HEADER_BYTES = 8;

/**
 * Takes output apart: the engine puts eight bytes before each piece, the stream's number and the piece's length.
 *
 * @returns a function that takes the chunks as they come
 */
export function unframe(onOutput: (chunk: Uint8Array) => void): (chunk: Uint8Array) => void {
  const header = new Uint8Array(HEADER_BYTES);
  let headerUsed = 0;
  let missing = 0;
  return (chunk) => {
    for (let offset = 0; offset < chunk.length;) {
      if (missing > 0) {
        const piece = chunk.subarray(offset, offset + missing);
        missing -= piece.length;
        offset += piece.length;
        onOutput(piece);
        continue;
      }
      const part = chunk.subarray(offset, offset + HEADER_BYTES - headerUsed);
      header.set(part, headerUsed);
      headerUsed += part.length;
      offset += part.length;
      if (headerUsed < HEADER_BYTES) continue;
      missing = new DataView(header.buffer).getUint32(4);
      headerUsed = 0;
    }
  };
}

/** Usage of memory from the engine's samples, without the file pages that the kernel may drop. */
export async function peakMemory(samples: Body, onPeak: (bytes: number) => void): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  let peak = 0;
  for await (const chunk of samples) {
    text += decoder.decode(chunk, { stream: true });
    const lines = text.split("\n");
    text = lines.pop() ?? "";
    for (const line of lines) {
      const bytes = usedMemory(line);
      if (bytes > peak) onPeak(peak = bytes);
    }
  }
}

interface Sample {
  readonly memory_stats?: {
    readonly usage?: number;
    /** Of cgroup v2 and of v1. */
    readonly stats?: { readonly inactive_file?: number; readonly total_inactive_file?: number };
  };
}

function usedMemory(line: string): number {
  if (line.trim() === "") return 0;
  const { usage = 0, stats = {} } = (JSON.parse(line) as Sample).memory_stats ?? {};
  return Math.max(0, usage - (stats.total_inactive_file ?? stats.inactive_file ?? 0));
}
