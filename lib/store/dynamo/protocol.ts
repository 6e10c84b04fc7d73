/** DynamoDB's protocol: an operation is a POST of JSON to `/`, and named in a header. */

/** What `X-Amz-Target` begins with, before a dot and the operation. */
export const API_VERSION = 'DynamoDB_20120810';

/** @param operation Such as `PutItem`. */
export function headersFor(operation: string): Record<string, string> {
  return { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `${API_VERSION}.${operation}` };
}

/** The name of an error, such as `ResourceNotFoundException`, from its `__type`; undefined when there is none. */
export function errorName(type: unknown): string | undefined {
  // `com.amazonaws.dynamodb.v20120810#ResourceNotFoundException`.
  return typeof type === 'string' ? type.replace(/^.*#/, '') : undefined;
}
