/** The world's time: the machine's, moved by an offset that a test may change. */
export class Clock {
  offsetMs = 0;
  readonly #machineNow: () => number;

  constructor(machineNow: () => number = Date.now) {
    this.#machineNow = machineNow;
  }

  nowMs(): number {
    return this.#machineNow() + this.offsetMs;
  }
}
