/** `role-not-assigned` → `roleNotAssigned`: names of texts have no hyphens. */
export type Camel<S extends string> = S extends `${infer Head}-${infer Tail}`
  ? `${Head}${Capitalize<Camel<Tail>>}`
  : S;

export const camel = <S extends string>(code: S): Camel<S> =>
  code.replace(/-(.)/g, (_all, letter: string) => letter.toUpperCase()) as Camel<S>;
