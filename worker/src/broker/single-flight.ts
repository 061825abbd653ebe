/**
 * [CR2] Work under a name is done once for all who ask while it is under way. [CR3] Its outcome lives in the promise alone
 * and is forgotten when the work ends: nothing is kept for the next one who asks.
 */
export class SingleFlight<T> {
  readonly #underWay = new Map<string, Promise<T>>();

  do(name: string, work: () => Promise<T>): Promise<T> {
    const known = this.#underWay.get(name);
    if (known !== undefined) return known;
    const flight = work().finally(() => this.#underWay.delete(name));
    this.#underWay.set(name, flight);
    return flight;
  }
}
