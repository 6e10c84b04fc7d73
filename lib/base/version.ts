/** The package's version. It repeats package.json, because a bundled function does not contain that file. */
export const VERSION = '0.1.0';
