/** setup.mjs runs before TypeScript is there; these are the types of what others call. */
export const ROOT: string;
export const NODE: string;
export function packagesAreInstalled(root?: string): boolean;
export function setUp(entryPoint: string): void;
