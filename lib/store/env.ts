/** Names of the environment variables by which a deployed function finds the table. Both sides import them from here. */

/** Name of the table: set by the stack's grants, read by the functions and the reader. */
export const TABLE_NAME_VARIABLE = 'PROVIDER_HEALTH_TABLE_NAME';
