/**
 * A value that must not be seen: it prints as `[secret]` wherever text is made of it, and leaves only through
 * `reveal()`. `tests/house` keeps the list of callers of that one door.
 */
export class Secret<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }

  [Symbol.for("nodejs.util.inspect.custom")](): string {
    return "[secret]";
  }
}
