/**
 * Version of what a local broker keeps. Raise it with every step that is added to the schema of a vault: the Worker brings
 * old state forward by itself, and nothing brings new state back. A test holds it to the number of steps.
 */
export const STATE_VERSION = 6;
