/** Names of the environment variables that the stack sets and a deployed function reads. Both sides import them from here. */

/** Name of the table: set by the stack's grants, read by the functions and the reader. */
export const TABLE_NAME_VARIABLE = 'PROVIDER_HEALTH_TABLE_NAME';

/** API Gateway's own address, where the monitor has no other: set for the function that sends alerts, whose links lead there. */
export const PUBLIC_URL_VARIABLE = 'PROVIDER_HEALTH_PUBLIC_URL';
