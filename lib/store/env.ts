/** Names of the environment variables that the stack sets and a deployed function reads. */

/** Name of the table. The stack's grants set the variable; the functions and the reader read it. */
export const TABLE_NAME_VARIABLE = 'PROVIDER_HEALTH_TABLE_NAME';

/** API Gateway's address, for links in alerts. Set for the function that sends alerts when the monitor has no other address. */
export const PUBLIC_URL_VARIABLE = 'PROVIDER_HEALTH_PUBLIC_URL';
