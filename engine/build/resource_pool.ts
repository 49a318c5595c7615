/**
 * Processors and memory that running steps share.
 *
 * @module
 */

/** What a step takes from the pool. */
export interface Demand {
  readonly cpus: number;
  readonly memoryBytes: number;
}

interface Waiter {
  readonly demand: Demand;
  readonly start: () => void;
}

/**
 * A pool of processors and memory. First come, first served, so that a step with a large demand is not passed over for
 * ever; a demand beyond the pool is cut to it, so that every step can run alone.
 *
 * Memory is never promised twice. Processors are, to a degree: a step starts as soon as one is free. Two steps that share a
 * processor for a while waste nothing, one that waits beside an idle processor does.
 */
export class ResourcePool {
  readonly #size: Demand;
  #free: Demand;
  readonly #waiting: Waiter[] = [];

  constructor(size: Demand) {
    this.#size = size;
    this.#free = size;
  }

  /** Waits for the demand, cut to the pool's size, and takes it; disposing gives it back. */
  async take(demand: Demand, signal: AbortSignal): Promise<Demand & Disposable> {
    const cut: Demand = {
      cpus: Math.min(demand.cpus, this.#size.cpus),
      memoryBytes: Math.min(demand.memoryBytes, this.#size.memoryBytes),
    };
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        demand: cut,
        start: () => {
          signal.removeEventListener("abort", onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        reject(signal.reason);
        this.#startNext();
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiting.push(waiter);
      this.#startNext();
    });
    return {
      ...cut,
      [Symbol.dispose]: () => {
        this.#free = {
          cpus: this.#free.cpus + cut.cpus,
          memoryBytes: this.#free.memoryBytes + cut.memoryBytes,
        };
        this.#startNext();
      },
    };
  }

  #startNext(): void {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      const { demand } = first;
      if (this.#free.cpus < 1 || demand.memoryBytes > this.#free.memoryBytes) return;
      this.#free = {
        cpus: this.#free.cpus - demand.cpus,
        memoryBytes: this.#free.memoryBytes - demand.memoryBytes,
      };
      this.#waiting.shift();
      first.start();
    }
  }
}
