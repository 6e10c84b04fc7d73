/** The package's version, as package.json has it: a file that a bundled function does not have. */
export const VERSION = '0.1.0';
